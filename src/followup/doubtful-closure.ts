import type { CaseEvent } from '../cases/case-event.ts'
import { inputs } from '../cases/case-inputs.ts'
import { DAY } from '../kernel/clock.ts'

/** Within so many days after the reply, the same person coming with the same thing casts doubt on it. */
export const REPEAT_DAYS = 7

/** Why a reply that says "solved" may not be the whole truth. */
export type Doubt =
  /** The department tells of a contact; the resident says that nobody contacted them. */
  | { because: 'not-contacted'; seq: number; told: string }
  /** The department calls it solved; the resident says that it is not. */
  | { because: 'not-solved'; seq: number }
  /** The same person came again about the same subject. */
  | { because: 'repeat'; number: string; at: Date }

/** Another case of the same person about the same subject. */
export interface Repeat {
  number: string
  filedAt: Date
}

/**
 * What speaks against the latest reply that calls the matter solved or tells of a contact; earlier replies were sent
 * back and stand in the history. Empty when nothing does.
 * @param repeats later cases of the same person about the same subject
 */
export function doubtsOf(events: readonly CaseEvent[], repeats: readonly Repeat[]): Doubt[] {
  const replied = events.findLast(event => event.type === 'replied')
  if (!replied) return []
  const reply = inputs.reply.parse(replied.data)
  const isSolved = reply.solved === 'solved'
  const heard = events
    .filter(event => event.seq > replied.seq && (event.type === 'followed-up' || event.type === 'reworked'))
    .map(({ seq, data }) => ({ seq, said: inputs.followUp.parse(data) }))
  const until = replied.at.getTime() + REPEAT_DAYS * DAY
  return [
    ...heard.flatMap(({ seq, said }): Doubt[] => [
      ...(reply.contact.how !== 'not-reached' && said.contacted === false
        ? [{ because: 'not-contacted' as const, seq, told: reply.contact.how }]
        : []),
      ...(isSolved && said.resolved === false ? [{ because: 'not-solved' as const, seq }] : []),
    ]),
    ...repeats
      .filter(({ filedAt }) => isSolved && filedAt > replied.at && filedAt.getTime() <= until)
      .map(({ number, filedAt }): Doubt => ({ because: 'repeat', number, at: filedAt })),
  ]
}
