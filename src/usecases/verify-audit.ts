import { type Anchor, compareWithAnchor, hashOfAnchor } from '../cases/anchor.ts'
import { type AuditedRows, auditCase } from '../cases/audit-case.ts'
import { NO_HASH } from '../cases/case-event.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { DAY } from '../kernel/clock.ts'
import type { StoredAnchor } from './anchor-ports.ts'
import type { AuditProblem } from './audit-problem.ts'
import type { Store } from './ports.ts'

/** What was read, and how much of it is not as it was written. */
export interface AuditReport {
  cases: number
  events: number
  anchors: number
  /** Looks at persons and at confidential cases. */
  looks: number
  broken: number
  /** To be kept outside: a later chain of anchors must still contain it. */
  lastAnchor: Pick<Anchor, 'day' | 'hash'> | null
}

export interface AuditOptions {
  /** Hash of an anchor that was kept outside; it must be in the chain. */
  knownAnchor?: string | undefined
  /** Called when so many cases have been looked at; what it throws ends the audit. */
  afterCase?: (cases: number) => Promise<void> | void
}

type Note = (problem: AuditProblem) => void

/**
 * Walks every case and every daily anchor, and tells of each thing that is broken. The cases show changed, removed, inserted and
 * swapped events, and rows that are not what the events come to; the anchors show what a case cannot: that its end, or all of
 * it, is gone, or that it was made up later. A day with events that should have an anchor and has none is broken, too.
 */
export async function verifyAudit(
  store: Pick<Store, 'eachAuditedCase' | 'anchors'>,
  tell: (problem: AuditProblem) => void,
  { knownAnchor, afterCase }: AuditOptions = {},
): Promise<AuditReport> {
  const report: AuditReport = { cases: 0, events: 0, anchors: 0, looks: 0, broken: 0, lastAnchor: null }
  const note: Note = problem => {
    report.broken++
    tell(problem)
  }
  const days = new Set<string>()
  for await (const audited of store.eachAuditedCase()) {
    auditOne(audited, report, note)
    for (const { at } of audited.events) days.add(localDateOf(at))
    await afterCase?.(report.cases)
  }
  for (const { caseId, seq } of await store.anchors.eventsWithoutCase())
    note({ kind: 'case-gone', caseId, seq })
  let isKnown = knownAnchor === undefined
  for await (const anchor of store.anchors.each()) {
    await auditDay(store, anchor, report, note)
    isKnown ||= anchor.hash === knownAnchor
  }
  for (const day of unanchoredDays(days, report.lastAnchor?.day ?? ''))
    note({ kind: 'anchor', day, because: 'missing' })
  if (!isKnown) note({ kind: 'anchor-unknown', hash: knownAnchor! })
  report.looks = await store.anchors.countLooks()
  return report
}

/**
 * Days with events after the last anchor that should have one. The day before the newest event has time until that is over: a
 * line that was off anchors what it missed when it runs again, and no sooner. Days between anchors are held by their chain.
 */
function unanchoredDays(days: ReadonlySet<string>, lastAnchored: string): string[] {
  const sorted = [...days].toSorted()
  const newest = sorted.at(-1)
  if (newest === undefined) return []
  const yesterday = new Date(Date.parse(newest) - DAY).toISOString().slice(0, 10)
  return sorted.filter(day => day > lastAnchored && day < yesterday)
}

function auditOne(audited: AuditedRows, report: AuditReport, note: Note): void {
  const { caseId, events } = audited
  report.cases++
  report.events += events.length
  const broken = auditCase(audited)
  for (const { seq, because } of broken) note({ kind: 'event', caseId, seq, because })
  if (broken.length > 0) return
  const unlike = audited.unlike()
  if (unlike === null) note({ kind: 'no-case', caseId })
  else if (unlike.length > 0) note({ kind: 'unlike', caseId, columns: unlike })
}

async function auditDay(
  store: Pick<Store, 'anchors'>,
  anchor: StoredAnchor,
  report: AuditReport,
  note: Note,
): Promise<void> {
  report.anchors++
  const { day, previousHash, hash } = anchor
  if (previousHash !== (report.lastAnchor?.hash ?? NO_HASH))
    note({ kind: 'anchor', day, because: 'unchained' })
  report.lastAnchor = { day, hash }
  if (anchor.heads === null) return note({ kind: 'anchor', day, because: 'malformed' })
  if (hash !== hashOfAnchor(anchor)) note({ kind: 'anchor', day, because: 'changed' })
  for (const { caseId, seq, because } of compareWithAnchor(anchor, await store.anchors.headsOf(day)))
    note({ kind: 'event', caseId, seq, because, anchoredOn: day })
}
