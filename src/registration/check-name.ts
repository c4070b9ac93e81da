import LevenshteinDistance from 'natural/lib/natural/distance/levenshtein_distance.js'
import type { Draft } from './facts.ts'
import { look, type Problem, stop } from './problem.ts'
import type { Registry } from './rules.ts'

const IDEOGRAPHS = /^\p{Script=Han}+$/u
const LONGEST_TRADE_NAME = 8

/** The whole name by its four parts (企业名称登记管理规定, article 6): region, trade name, trade, form. */
export function companyName(
  { tradeName, industry, form }: Draft,
  { region }: Pick<Registry, 'region'>,
): string {
  return `${region}${tradeName}${industry}${form}`
}

/** Is the name one that may be registered: made of what it must be, nothing forbidden in it, and not another's? */
export function checkName(draft: Draft, registry: Registry): Problem[] {
  const { tradeName, industry } = draft
  if (tradeName === '') return [stop('tradeName', 'trade-name-missing')]
  const { forbidden, reserved } = registry.name
  const problems: Problem[] = []
  if (!IDEOGRAPHS.test(tradeName)) problems.push(stop('tradeName', 'trade-name-not-chinese'))
  else if ([...tradeName].length < 2) problems.push(stop('tradeName', 'trade-name-too-short'))
  else if ([...tradeName].length > LONGEST_TRADE_NAME) problems.push(stop('tradeName', 'trade-name-too-long'))
  const word = [...forbidden, ...reserved].find(each => tradeName.includes(each))
  if (word !== undefined)
    problems.push(
      stop('tradeName', forbidden.includes(word) ? 'trade-name-forbidden' : 'trade-name-reserved', { word }),
    )
  return [
    ...problems,
    ...checkIndustry(draft, registry),
    ...(industry === '' ? [] : checkTaken(draft, registry)),
  ]
}

/** The trade in the name is one that the main entry of the scope allows. */
function checkIndustry({ industry, scope }: Draft, registry: Registry): Problem[] {
  if (industry === '') return [stop('industry', 'industry-missing')]
  const main = registry.scope.find(({ id }) => id === scope[0])
  if (!main || main.industries.includes(industry)) return []
  return [
    stop('industry', 'industry-unlike-scope', { entry: main.name, industries: main.industries.join('、') }),
  ]
}

/** The same trade name in the same trade is another's; one that is nearly the same may be confused with it. */
function checkTaken({ tradeName, industry }: Draft, { name: { taken } }: Registry): Problem[] {
  const inTrade = taken.filter(other => isSameTrade(other.industry, industry))
  if (inTrade.some(other => other.tradeName === tradeName)) return [stop('tradeName', 'name-taken')]
  const near = inTrade.find(other => isNear(other.tradeName, tradeName))
  return near ? [look('tradeName', 'name-similar', { other: `${near.tradeName}${near.industry}` })] : []
}

/** `餐饮管理` and `餐饮` are one trade. */
function isSameTrade(a: string, b: string): boolean {
  return a.slice(0, 2) === b.slice(0, 2)
}

/** One holds the other, or a single character tells them apart. */
function isNear(a: string, b: string): boolean {
  if (a.includes(b) || b.includes(a)) return true
  const length = Math.max([...a].length, [...b].length)
  return length > 2 && LevenshteinDistance.LevenshteinDistance(a, b) <= 1
}
