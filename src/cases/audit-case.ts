import { type CaseEvent, hashOf, NO_HASH } from './case-event.ts'

/** A case's head as its own row says it, with all its events in order. */
export interface AuditedCase {
  caseId: string
  version: number
  hash: string
  events: CaseEvent[]
}

/** The same with the case's other rows, which follow from the events. */
export interface AuditedRows extends AuditedCase {
  /** Names of the columns that are not what the events come to; null when these make no case. For a whole chain only. */
  unlike(): string[] | null
}

/** One event that is not as it was written. */
export interface BrokenEvent {
  caseId: string
  seq: number
  because: 'missing' | 'changed' | 'unchained' | 'inserted' | 'not the one that the case names'
}

/**
 * Every broken event of one case, in order; none when its chain is whole and ends where the case says. After a gap the next
 * event's link cannot fit, so only the gap is named.
 */
export function auditCase({ caseId, version, hash, events }: AuditedCase): BrokenEvent[] {
  const broken: BrokenEvent[] = []
  const note = (seq: number, because: BrokenEvent['because']) => broken.push({ caseId, seq, because })
  let previousHash: string | null = NO_HASH
  let next = 1
  const missUpTo = (seq: number) => {
    if (next <= seq) previousHash = null
    for (; next <= seq; next++) note(next, 'missing')
  }
  for (const event of events) {
    missUpTo(Math.min(event.seq - 1, version))
    const isLinked = previousHash === null || event.previousHash === previousHash
    if (event.seq > version) note(event.seq, 'inserted')
    else if (event.hash !== hashOf(caseId, event.seq, event.previousHash, event)) note(event.seq, 'changed')
    else if (!isLinked) note(event.seq, 'unchained')
    previousHash = event.hash
    next = event.seq + 1
  }
  missUpTo(version)
  const head = events.find(event => event.seq === version)
  if (broken.length === 0 && head?.hash !== hash) note(version, 'not the one that the case names')
  return broken
}
