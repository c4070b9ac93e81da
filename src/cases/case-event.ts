import { createHash } from 'node:crypto'
import type { StageClock } from '../clocks/stage-clock.ts'
import type { Role } from './case-state.ts'
import type { EventType } from './workflow.ts'

/** Who did it. `id` is an account, `line`, `clock`, or a resident's channel user id in hashed form: never a name. */
export interface Actor {
  role: Role
  id: string
  department?: string
}

/** What happened, before it is chained. */
export interface CaseFact {
  type: EventType
  at: Date
  actor: Actor
  /** Why, in the words of whoever did it. */
  reason: string | null
  /** As the workflow row's `needs` says. */
  data: Readonly<Record<string, unknown>>
  /** Clocks that it changed, as they are from now on. */
  clocks: StageClock[]
}

/** A fact in its place in the case's chain. Appended, never changed. */
export interface CaseEvent extends CaseFact {
  caseId: string
  /** 1, 2, 3 … within the case; also the case's version after it. */
  seq: number
  /** Hash of the event before, or of nothing for the first. */
  previousHash: string
  hash: string
}

/** The chain's start. */
export const NO_HASH = '0'.repeat(64)

/** Puts a fact behind the last event of its case. */
export function chain(caseId: string, last: { seq: number; hash: string } | null, fact: CaseFact): CaseEvent {
  const seq = (last?.seq ?? 0) + 1
  const previousHash = last?.hash ?? NO_HASH
  return { ...fact, caseId, seq, previousHash, hash: hashOf(caseId, seq, previousHash, fact) }
}

/** SHA-256 over the previous hash and the canonical JSON (sorted keys, instants as ISO 8601) of the event. */
export function hashOf(caseId: string, seq: number, previousHash: string, fact: CaseFact): string {
  const { type, at, actor, reason, data, clocks } = fact
  const content = canonical({ caseId, seq, type, at, actor, reason, data, clocks })
  return createHash('sha256').update(previousHash).update(content).digest('hex')
}

/** First broken link of one case's events, in order; null when the chain is whole. */
export function findBrokenLink(
  events: readonly CaseEvent[],
): { seq: number; because: 'missing' | 'changed' | 'unchained' } | null {
  let previousHash = NO_HASH
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) return { seq: index + 1, because: 'missing' }
    if (event.previousHash !== previousHash) return { seq: event.seq, because: 'unchained' }
    if (event.hash !== hashOf(event.caseId, event.seq, event.previousHash, event))
      return { seq: event.seq, because: 'changed' }
    previousHash = event.hash
  }
  return null
}

/** JSON with sorted keys, so that a round trip through the store's jsonb does not change it. */
export function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(item => canonical(item ?? null)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
