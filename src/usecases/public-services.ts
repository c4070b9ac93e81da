import { ruleFor } from '../conversation/elements.ts'
import type { Subject } from '../language/subject-tree.ts'
import { toTraditional } from '../language/to-traditional.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'

/** A kind of matter that a program may file: a leaf of the subjects, what nobody can class, or a report of wrongdoing. */
export interface PublicService {
  code: string
  name: string
  description: string
  keywords: string[]
  group: string
  /** Reports: filed and never told of again. */
  isBlackbox: boolean
  hasAttributes: boolean
}

/** A question to whoever files a matter of a service. */
export interface ServiceAttribute {
  code: string
  type: 'string' | 'singlevaluelist'
  isRequired: boolean
  description: string
  values: { key: string; name: string }[]
}

/** Filed without a subject: the line reads it. */
export const OTHER = 'other'
/** Filed in confidence. */
export const REPORT = 'report'

/** No id holds it, and it needs no escape in addresses; a dot would be taken for the beginning of a format. */
const SEPARATOR = '_'

/** The code of a subject, stable as the subject's path is: `environment_noise_construction-night`. */
export function serviceCodeOf(subject: string | null): string {
  return subject === null ? OTHER : subject.replaceAll('/', SEPARATOR)
}

/** What a code stands for: the subject to file under, null for those that the line reads; undefined when there is no such service. */
export function subjectOfService(line: Line, code: string): string | null | undefined {
  if (code === OTHER || code === REPORT) return null
  const id = code.replaceAll(SEPARATOR, '/')
  return line.content.subjects.byId(id)?.id
}

/** Everything that may be filed. */
export function publicServices(line: Line, locale: Locale): PublicService[] {
  const { subjects } = line.content
  return [
    ...subjects.leaves.map(leaf => serviceOf(line, leaf, locale)),
    specialService(line, OTHER, locale),
    specialService(line, REPORT, locale),
  ]
}

function serviceOf(line: Line, leaf: Subject, locale: Locale): PublicService {
  const { names, content } = line
  return {
    code: serviceCodeOf(leaf.id),
    name: names.subject(leaf.id, locale),
    description: content.texts.of(locale, 'open311.service', {
      path: names.subjectPath(leaf.id, locale),
      example: exampleOf(leaf, locale),
    }),
    keywords: locale === 'zh-Hant' ? leaf.words.map(toTraditional) : leaf.words,
    group: names.subject(content.subjects.ancestors(leaf.id).at(-1)!.id, locale),
    isBlackbox: false,
    hasAttributes: true,
  }
}

function exampleOf({ examples, english }: Subject, locale: Locale): string {
  if (locale === 'en') return english[0] ?? examples[0]!
  return locale === 'zh-Hant' ? toTraditional(examples[0]!) : examples[0]!
}

function specialService({ content: { texts } }: Line, code: string, locale: Locale): PublicService {
  return {
    code,
    name: texts.of(locale, `open311.${code}`),
    description: texts.of(locale, `open311.${code}.description`),
    keywords: [],
    group: texts.of(locale, 'open311.group'),
    isBlackbox: code === REPORT,
    hasAttributes: code === OTHER,
  }
}

/** What a matter is, when its teller says so themselves; a report has a service of its own. */
export const TOLD_TYPES = ['help', 'complaint', 'suggestion', 'consultation', 'praise'] as const

/** Asked of every matter as of complaints: what is needed for them is needed most. */
const USUAL_TYPE = 'complaint'

/** Codes of the attributes. */
export const ATTRIBUTES = { type: 'TYPE', time: 'TIME', named: 'NAME' } as const

/** What is asked of whoever files a matter of this service, by the same rules as in conversation; undefined for an unknown service. */
export function serviceAttributes(line: Line, code: string, locale: Locale): ServiceAttribute[] | undefined {
  const subject = subjectOfService(line, code)
  if (subject === undefined) return undefined
  if (code === REPORT) return []
  const { texts, elements } = line.content
  const rule = ruleFor(elements, subject, USUAL_TYPE)
  const ask = (key: string) => texts.of(locale, key, { about: '' })
  const type: ServiceAttribute = {
    code: ATTRIBUTES.type,
    type: 'singlevaluelist',
    isRequired: false,
    description: texts.of(locale, 'open311.ask-type'),
    values: TOLD_TYPES.map(key => ({ key, name: texts.of(locale, `type.${key}`) })),
  }
  const said = (name: 'time' | 'named', key: string, isRequired: boolean): ServiceAttribute => ({
    code: ATTRIBUTES[name],
    type: 'string',
    isRequired,
    description: ask(key),
    values: [],
  })
  return [
    type,
    ...(rule.needs.includes('time') ? [said('time', 'file-matter.ask-time', true)] : []),
    ...(rule.placeKind === 'place' ? [] : [said('named', `file-matter.ask-place.${rule.placeKind}`, false)]),
  ]
}
