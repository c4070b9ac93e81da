import { type Draft, personOf, shareholdersOf } from './facts.ts'
import { wanOfFen } from './money.ts'
import { type Problem, stop } from './problem.ts'
import type { Registry } from './rules.ts'

/**
 * Shares add up to the capital exactly, to the 分, and all is paid within the years that the law gives (公司法 2023, article 47). A
 * company has between one shareholder and fifty (article 42).
 * @param today on which the company is registered at the earliest
 */
export function checkShares(draft: Draft, registry: Registry, today: string): Problem[] {
  const { capitalFen, shares } = draft
  const problems: Problem[] = []
  if (capitalFen === 0) problems.push(stop('capital', 'capital-missing'))
  if (shareholdersOf(draft).length === 0) return [...problems, stop('shares', 'shareholders-missing')]
  const most = registry.mostShareholders
  if (shares.length > most) problems.push(stop('shares', 'shareholders-too-many', { most: String(most) }))
  return [...problems, ...checkSum(draft), ...checkEach(draft, registry, today)]
}

function checkSum({ capitalFen, shares }: Draft): Problem[] {
  const sum = shares.reduce((all, { fen }) => all + fen, 0)
  if (capitalFen === 0 || sum === capitalFen) return []
  const params = {
    sum: wanOfFen(sum),
    capital: wanOfFen(capitalFen),
    difference: wanOfFen(Math.abs(capitalFen - sum)),
  }
  return [stop('shares', sum < capitalFen ? 'shares-too-little' : 'shares-too-much', params)]
}

function checkEach(draft: Draft, { contributionYears }: Registry, today: string): Problem[] {
  const latest = `${Number(today.slice(0, 4)) + contributionYears}${today.slice(4)}`
  return draft.shares.flatMap(({ person, fen, by }, i) => {
    const field = `shares.${person}`
    const name = personOf(draft, person)?.name ?? ''
    const problems: Problem[] = []
    if (!personOf(draft, person)) problems.push(stop('shares', 'shareholder-unknown'))
    if (draft.shares.findIndex(other => other.person === person) < i)
      problems.push(stop(field, 'shareholder-twice', { name }))
    if (fen === 0) problems.push(stop(field, 'share-zero', { name }))
    if (by === '') problems.push(stop(`${field}.by`, 'share-date-missing', { name }))
    else if (by < today) problems.push(stop(`${field}.by`, 'share-date-past', { name }))
    else if (by > latest)
      problems.push(stop(`${field}.by`, 'share-date-late', { name, years: String(contributionYears) }))
    return problems
  })
}
