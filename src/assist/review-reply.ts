import { normalise } from '../language/normalise.ts'
import { findPhones } from '../language/slots/contacts.ts'

export const REPLY_CONCERNS = ['reporter', 'phone', 'identity-number', 'internal-word'] as const

/** Something in a reply that its reader should perhaps not read. */
export interface ReplyConcern {
  kind: (typeof REPLY_CONCERNS)[number]
  /** The words that stand there. */
  text: string
}

/** What is known of the case, and of what may be said. */
export interface ReplyKnowledge {
  /** Whoever told of it; with the name of their enterprise. */
  reporter: { name: string | null; organisation?: string | undefined; phone: string | null } | null
  internalWords: readonly string[]
  /** Numbers of the line and of the departments, which may be told to anybody. */
  publicPhones: readonly string[]
}

/** A surname alone stands in too many other words. */
const LETTERS_IN_NAME = 2
const IDENTITY_NUMBER = /(?<!\d)\d{17}[\dXx](?!\d)/gu

/**
 * What in a reply is personal or the offices' own: to be looked at before it is sent, never a reason to refuse it. The reporter's
 * name and phone are named as such, other phones as phones.
 */
export function reviewReply(
  text: string,
  { reporter, internalWords, publicPhones }: ReplyKnowledge,
): ReplyConcern[] {
  const names = [reporter?.name, reporter?.organisation].filter(
    (name): name is string => typeof name === 'string' && [...name].length >= LETTERS_IN_NAME,
  )
  const said = (words: readonly string[], kind: ReplyConcern['kind']) =>
    words.filter(word => text.includes(word)).map(word => ({ kind, text: word }))
  const allowed = new Set(publicPhones.map(digitsOf))
  const phones = findPhones(normalise(text))
    .filter(({ number }) => !allowed.has(digitsOf(number)))
    .map(phone => ({ kind: kindOfPhone(phone.number, reporter?.phone ?? null), text: phone.text }))
  const numbers = [...text.normalize('NFKC').matchAll(IDENTITY_NUMBER)]
  return [
    ...said(names, 'reporter'),
    ...phones,
    ...numbers.map(([number]) => ({ kind: 'identity-number' as const, text: number })),
    ...said(internalWords, 'internal-word'),
  ]
}

function kindOfPhone(number: string, own: string | null): ReplyConcern['kind'] {
  return own !== null && digitsOf(own) === digitsOf(number) ? 'reporter' : 'phone'
}

function digitsOf(number: string): string {
  return number.replace(/\D/gu, '')
}
