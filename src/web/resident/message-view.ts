import type { CaseCard } from '../../conversation/message.ts'

/** A case's card as it comes over the wire: dates are ISO strings already. */
export type CaseCardView = CaseCard

/** Something the person said, from the moment of sending. */
export interface OwnMessage {
  kind: 'own'
  /** `clientActivityID`: the same again is the same message. */
  id: string
  /** ISO 8601. */
  at: string
  text: string
  files: { name: string; type: string; preview: string | null }[]
  delivery: 'waiting' | 'sending' | 'sent' | 'failed'
  /** Why it failed, in the person's language. */
  problem: string | null
}

/** Something the line (or an agent) said. */
export interface LineMessage {
  kind: 'line'
  id: string
  at: string
  text: string
  /** Reply key, e.g. `file-matter.ask-place`. */
  key: string
  /** Who says it when it is a person, e.g. `坐席 103`. */
  by: string | null
  expects: string
  choices: { title: string; say: string }[]
  cards: CaseCardView[]
}

export type Message = OwnMessage | LineMessage

/** Danger to life or property: whom to call is shown so that nobody overlooks it. */
export function isEmergency(message: LineMessage): boolean {
  return ['emergency.call-now', 'emergency.sure', 'take-over.maybe-danger'].includes(message.key)
}
