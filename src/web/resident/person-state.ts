import type { LineMessage, Message } from './message-view.ts'

/** Is a person waited for, or talking? `seat` as they call themselves; null before their first word. */
export type PersonState = { is: 'none' } | { is: 'waiting' } | { is: 'held'; seat: string | null }

/** What the line says when it begins, and goes on, to wait for a person. */
const WAITING = ['talk-to-person.wait', 'take-over.noted', 'take-over.given-back', 'take-over.late']
const HELD = ['take-over.taken', 'take-over.said', 'take-over.filed']
const OVER = [
  'take-over.handed-back',
  'take-over.finished',
  'take-over.idle',
  'take-over.closed',
  'talk-to-person.leave.left',
  'talk-to-person.request.requested',
  'talk-to-person.request.call-us',
]
/** Who came and went: no bubble of anybody. */
const ANNOUNCED = [
  'take-over.taken',
  'take-over.handed-back',
  'take-over.finished',
  'take-over.given-back',
  'take-over.idle',
]

/** By the last word that tells of it: whatever else was said since changes nothing. */
export function personState(messages: readonly Message[]): PersonState {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at]!
    if (message.kind !== 'line') continue
    const { key, by } = message
    if (WAITING.includes(key)) return { is: 'waiting' }
    if (HELD.includes(key)) return { is: 'held', seat: by }
    if (OVER.includes(key)) return { is: 'none' }
  }
  return { is: 'none' }
}

export function isAnnouncement({ key }: LineMessage): boolean {
  return ANNOUNCED.includes(key)
}
