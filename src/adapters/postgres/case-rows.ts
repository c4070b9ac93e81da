import { departmentsOfSteps } from '../../cases/application.ts'
import { awaitedBy, openOrderOf } from '../../cases/awaited.ts'
import { type Case, promiseOf, stageOf } from '../../cases/case.ts'
import { nextAlarms } from '../../cases/case-alarms.ts'
import type { CaseEvent } from '../../cases/case-event.ts'
import { JOINABLE_STATES } from '../../cases/case-state.ts'
import {
  clockName,
  dependsOnCalendar,
  isPaused,
  isRunning,
  type StageClock,
} from '../../clocks/stage-clock.ts'
import type { CaseSummary } from '../../usecases/ports.ts'

/** Stands for "never" in due and warning times, so that lists sort without nulls. */
const NEVER = 'infinity'

/** The columns of `cases` that follow from the case as it is now; everything else in that table never changes. */
export function projectionOf(current: Case) {
  const promise = promiseOf(current)
  const order = openOrderOf(current)
  const runs = promise !== null && !isPaused(promise)
  return {
    id: current.id,
    version: current.version,
    hash: current.hash,
    state: current.state,
    stage: stageOf(current),
    type: current.type,
    subject: current.subject,
    grade: current.grade,
    summary: current.summary,
    place: current.elements.place,
    street: current.elements.street,
    lead: current.dispatch?.lead ?? null,
    co_handlers: besideLead(current),
    is_confidential: current.isConfidential,
    is_emergency: current.isEmergency,
    changed_at: current.changedAt,
    due_at: runs ? promise.dueAt : NEVER,
    warn_at: (runs && promise.warnings[0]?.at) || NEVER,
    sign_due_at: signDueOf(current) ?? NEVER,
    neighbour_key: isOpenToNeighbours(current) ? current.neighbourKey : null,
    joined_to: current.joined?.to ?? null,
    community: current.elements.community,
    promise_from: runs ? promise.startedAt : null,
    awaits: awaitedBy(current),
    review_at: current.state === 'suspended' ? (current.clocks.review?.dueAt ?? NEVER) : NEVER,
    supervision_level: order?.level ?? null,
    supervision_due_at: order ? (current.clocks.supervision?.dueAt ?? null) : null,
    search: searchText(`${current.number} ${current.summary} ${current.elements.place ?? ''}`),
  }
}

/** Who finds it in their lists besides the lead: co-handlers, and departments that have a step of an application. */
function besideLead(current: Case): string[] {
  const helping = current.coHandlers.map(part => part.department)
  const lead = current.dispatch?.lead
  return [...new Set([...helping, ...departmentsOfSteps(current).filter(each => each !== lead)])]
}

/** Null once somebody has signed for it, or nobody has to any more. */
function signDueOf({ clocks: { sign } }: Case): Date | null {
  return sign && isRunning(sign) ? sign.dueAt : null
}

/** Until a department has it there is no promise that others could be told. */
function isOpenToNeighbours({ state, dispatch, isConfidential }: Case): boolean {
  return JOINABLE_STATES.includes(state) && dispatch !== null && !isConfidential
}

/** The columns of `cases` that follow from the filing and never change. */
export function filedColumnsOf({ jurisdiction, number, channel, filedAt }: Case) {
  return { jurisdiction, number, channel, filed_at: filedAt }
}

/** Text as it is searched: full and half width, upper and lower case are one. */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/**
 * Rows of `case_clocks`: each clock of the case with its next alarm, null when it has none, and the calendar by which it was
 * worked out, null when no calendar can move it any more.
 */
export function clockRows(current: Case) {
  const alarms = new Map(nextAlarms(current).map(alarm => [alarm.clock, alarm.at]))
  return Object.values(current.clocks).map(clock => ({
    case_id: current.id,
    kind: clockName(clock),
    jurisdiction: current.jurisdiction,
    alarm_at: alarms.get(clockName(clock)) ?? null,
    calendar_version: clock.stoppedAt === null && dependsOnCalendar(clock) ? clock.calendarVersion : null,
  }))
}

/** A row of `case_events`. */
export function eventRow(event: CaseEvent, jurisdiction: string) {
  const { caseId, seq, type, at, actor, reason, data, clocks, previousHash, hash } = event
  return {
    case_id: caseId,
    seq,
    jurisdiction,
    type,
    at,
    actor,
    reason,
    data,
    clocks,
    previous_hash: previousHash,
    hash,
  }
}

export type EventRow = ReturnType<typeof eventRow>

/** Columns of `EventRow` that reading needs. */
export const EVENT_COLUMNS = 'case_id, seq, type, at, actor, reason, data, clocks, previous_hash, hash'

/** The event of a row; instants inside its clocks, which JSON holds as text, become dates again. */
export function eventOf(row: EventRow): CaseEvent {
  return { ...recordOf(row), clocks: row.clocks.map(reviveClock) }
}

/** The same with its clocks as they are stored, whatever that is: enough to be hashed. */
export function recordOf(row: EventRow): CaseEvent {
  return {
    type: row.type,
    at: row.at,
    actor: row.actor,
    reason: row.reason,
    data: row.data,
    clocks: row.clocks,
    caseId: row.case_id,
    seq: row.seq,
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

function reviveClock(clock: StageClock): StageClock {
  return {
    ...clock,
    startedAt: new Date(clock.startedAt),
    dueAt: new Date(clock.dueAt),
    stoppedAt: clock.stoppedAt && new Date(clock.stoppedAt),
    pauses: clock.pauses.map(({ from, to }) => ({ from: new Date(from), to: to && new Date(to) })),
    warnings: clock.warnings.map(({ percent, at }) => ({ percent, at: new Date(at) })),
    ...(clock.chases && { chases: clock.chases.map(({ after, at }) => ({ after, at: new Date(at) })) }),
  }
}

/** What `SUMMARY_COLUMNS` reads; infinite instants arrive as the number Infinity. */
export interface SummaryRow {
  id: string
  number: string
  state: string
  stage: string
  type: string
  subject: string | null
  grade: string
  summary: string
  place: string | null
  street: string | null
  lead: string | null
  co_handlers: string[]
  channel: string
  is_confidential: boolean
  is_emergency: boolean
  version: number
  filed_at: Date
  changed_at: Date
  due_at: Date | number
  warn_at: Date | number
  sign_due_at: Date | number
}

export const SUMMARY_COLUMNS = [
  'id',
  'number',
  'state',
  'stage',
  'type',
  'subject',
  'grade',
  'summary',
  'place',
  'street',
  'lead',
  'co_handlers',
  'channel',
  'is_confidential',
  'is_emergency',
  'version',
  'filed_at',
  'changed_at',
  'due_at',
  'warn_at',
  'sign_due_at',
] as const satisfies readonly (keyof SummaryRow)[]

export function summaryOf(row: SummaryRow): CaseSummary {
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    stage: row.stage,
    type: row.type,
    subject: row.subject,
    grade: row.grade,
    summary: row.summary,
    place: row.place,
    street: row.street,
    lead: row.lead,
    coHandlers: row.co_handlers,
    channel: row.channel,
    isConfidential: row.is_confidential,
    isEmergency: row.is_emergency,
    version: row.version,
    filedAt: row.filed_at,
    changedAt: row.changed_at,
    dueAt: row.due_at instanceof Date ? row.due_at : null,
    warnAt: row.warn_at instanceof Date ? row.warn_at : null,
    signDueAt: row.sign_due_at instanceof Date ? row.sign_due_at : null,
  }
}
