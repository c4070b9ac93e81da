import { scrub } from '../kernel/logger.ts'
import { normalise } from '../language/normalise.ts'
import { findPersonName, findPhones } from '../language/slots/contacts.ts'
import type { Person } from './ports.ts'

/** What stands where something that tells who the reporter is was taken out. */
const REMOVED = '＊＊'
/** Ids and hashes: digits in a row there are no phone. */
const OPAQUE = /^(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{12})$/
/** A surname alone stands in too many other words. */
const LETTERS_IN_NAME = 2

type Reporter = Pick<Person, 'name' | 'organisation'>

/** A text without the reporter's name, that of their enterprise, phones and identity numbers; what happened and where stays. */
export function withoutReporter(text: string, { name, organisation }: Reporter): string {
  if (OPAQUE.test(text)) return text
  const normalised = normalise(text)
  const told = [
    name,
    organisation,
    findPersonName(normalised),
    ...findPhones(normalised).map(phone => phone.text),
  ]
  return scrub(told.filter(each => each !== null && each !== undefined).reduce(remove, text))
}

/** Everything in a value that is shown, texts within texts, without what tells who the reporter is. */
export function redactReporter<T>(shown: T, reporter: Reporter | null): T {
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return withoutReporter(value, reporter ?? { name: null })
    if (Array.isArray(value)) return value.map(redact)
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redact(each)]))
  }
  return redact(shown) as T
}

function remove(text: string, told: string): string {
  return [...told].length < LETTERS_IN_NAME ? text : text.replaceAll(told, REMOVED)
}
