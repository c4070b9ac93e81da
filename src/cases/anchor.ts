import { createHash } from 'node:crypto'
import { canonical, NO_HASH } from './case-event.ts'

/** The last event of a case on one day. */
export interface DayHead {
  caseId: string
  seq: number
  hash: string
}

/**
 * What all cases were at the end of one local day: the heads of those that changed on it, under a hash that covers the day
 * before, too. It shows what no case can show of itself: that the whole of it, or its end, is gone.
 */
export interface Anchor {
  /** Local date. */
  day: string
  previousHash: string
  hash: string
  /** In order of case id. */
  heads: DayHead[]
}

/** Puts a day behind the day before, or begins the chain. */
export function makeAnchor(day: string, previousHash: string | null, heads: readonly DayHead[]): Anchor {
  const sorted = heads.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1))
  const anchor = { day, previousHash: previousHash ?? NO_HASH, heads: sorted }
  return { ...anchor, hash: hashOfAnchor(anchor) }
}

/** SHA-256 over the hash of the day before and the canonical JSON of the day and its heads. */
export function hashOfAnchor({ day, previousHash, heads }: Omit<Anchor, 'hash'>): string {
  const content = canonical({ day, heads: heads.map(({ caseId, seq, hash }) => [caseId, seq, hash]) })
  return createHash('sha256').update(previousHash).update(content).digest('hex')
}

/** What does not agree between an anchor and the events of its day as they are now. */
export interface Disagreement {
  caseId: string
  seq: number
  because: 'missing' | 'inserted' | 'not the one that was anchored'
}

/** Compares an anchor with the heads that the events of its day have now. */
export function compareWithAnchor(anchor: Anchor, now: readonly DayHead[]): Disagreement[] {
  const current = new Map(now.map(head => [head.caseId, head]))
  const anchored = new Set(anchor.heads.map(head => head.caseId))
  const strangers = now.filter(({ caseId }) => !anchored.has(caseId))
  return [
    ...anchor.heads.flatMap(head => disagreementOf(head, current.get(head.caseId))),
    ...strangers.map(({ caseId, seq }) => ({ caseId, seq, because: 'inserted' as const })),
  ]
}

function disagreementOf({ caseId, seq, hash }: DayHead, now: DayHead | undefined): Disagreement[] {
  if (!now || now.seq < seq) return [{ caseId, seq, because: 'missing' }]
  if (now.seq > seq) return [{ caseId, seq: now.seq, because: 'inserted' }]
  return now.hash === hash ? [] : [{ caseId, seq, because: 'not the one that was anchored' }]
}
