import type { z } from 'zod'
import type { Limit } from '../clocks/limit.ts'
import type { ClockKind } from '../clocks/service-levels.ts'
import { isRunning, type StageClock } from '../clocks/stage-clock.ts'
import type { CaseEvent } from './case-event.ts'
import { dispatchSchema, type FiledInput, filedSchema, inputs } from './case-inputs.ts'
import type { CaseState, Stage } from './case-state.ts'
import type { Transition } from './transition.ts'
import { transitionOfEvent } from './workflow.ts'

export type Dispatch = z.infer<typeof dispatchSchema>
export type Reply = z.infer<typeof inputs.reply>
export type FollowUp = z.infer<typeof inputs.followUp>

/** One matter in the loop: the fold of its events. */
export interface Case extends FiledInput {
  id: string
  state: CaseState
  /** Number of events; every change names the version it was decided on. */
  version: number
  hash: string
  filedAt: Date
  changedAt: Date
  dispatch: Dispatch | null
  /** Departments that sent it back, with the clause each cited. */
  returns: { department: string; clause: string; at: Date }[]
  coHandlers: { department: string; task: string | null; finishedAt: Date | null }[]
  extensionsUsed: number
  extensionRequest: Limit | null
  reply: (Reply & { at: Date; department: string }) | null
  answer: string | null
  followUp: FollowUp | null
  reworkCount: number
  urgeCount: number
  supervision: { level: string; cause: string; openedAt: Date; answer: string | null } | null
  mergedInto: string | null
  /** Why it was not accepted. */
  refusal: string | null
  clocks: Partial<Record<ClockKind, StageClock>>
  /** Alarms that have gone off, each for one clock and one due time: a moved due time rings anew. */
  alarms: { clock: string; dueAt: string; percent: number }[]
}

/** Folds a case's events, in order, into the case. At least the filing must be there. */
export function foldCase(events: readonly CaseEvent[]): Case {
  const [first, ...rest] = events
  if (first?.type !== 'filed') throw new Error('a case begins with its filing')
  return rest.reduce(applyEvent, beginCase(first))
}

function beginCase(event: CaseEvent): Case {
  return {
    ...filedSchema.parse(event.data),
    id: event.caseId,
    state: 'received',
    version: event.seq,
    hash: event.hash,
    filedAt: event.at,
    changedAt: event.at,
    dispatch: null,
    returns: [],
    coHandlers: [],
    extensionsUsed: 0,
    extensionRequest: null,
    reply: null,
    answer: null,
    followUp: null,
    reworkCount: 0,
    urgeCount: 0,
    supervision: null,
    mergedInto: null,
    refusal: null,
    clocks: clocksByKind(event.clocks),
    alarms: [],
  }
}

/** The case after one more event. */
export function applyEvent(before: Case, event: CaseEvent): Case {
  const row = transitionOfEvent.get(event.type)!
  const after: Case = {
    ...before,
    ...(detailOf[event.type]?.(before, event) ?? {}),
    state: stateAfter(before, row),
    version: event.seq,
    hash: event.hash,
    changedAt: event.at,
    clocks: { ...before.clocks, ...clocksByKind(event.clocks) },
  }
  return after
}

function stateAfter(before: Case, row: Transition): CaseState {
  if (row.undispatched && !before.dispatch) return row.undispatched.to
  return row.to === 'same' ? before.state : row.to
}

type Detail = (before: Case, event: CaseEvent) => Partial<Case>

const applyDispatch: Detail = (before, event) => {
  const dispatch = dispatchSchema.parse(event.data)
  const known = new Map(before.coHandlers.map(coHandler => [coHandler.department, coHandler]))
  const coHandlers = dispatch.coHandlers.map(
    department => known.get(department) ?? { department, task: null, finishedAt: null },
  )
  // What the department before asked for is void: the new one has a fresh clock.
  return { dispatch, coHandlers, extensionRequest: null }
}

const applyRework: Detail = (before, event) => ({
  followUp: inputs.followUp.parse(event.data),
  reworkCount: before.reworkCount + 1,
  extensionRequest: null,
})

const applyAlarm: Detail = (before, event) => {
  const { clock, dueAt, percent } = inputs.clock.parse(event.data)
  return { alarms: [...before.alarms, { clock, dueAt, percent: percent ?? 100 }] }
}

/** What an event adds besides state, version and clocks. */
const detailOf: Partial<Record<string, Detail>> = {
  dispatched: applyDispatch,
  ruled: applyDispatch,
  returned: (before, event) => {
    const { clause } = inputs.return.parse(event.data)
    return { returns: [...before.returns, { department: before.dispatch!.lead, clause, at: event.at }] }
  },
  'co-handler-added': (before, event) => {
    const { department, task } = inputs.coHandler.parse(event.data)
    return { coHandlers: [...before.coHandlers, { department, task, finishedAt: null }] }
  },
  'part-finished': (before, event) => ({
    coHandlers: before.coHandlers.map(part =>
      part.department === event.actor.department && !part.finishedAt
        ? { ...part, finishedAt: event.at }
        : part,
    ),
  }),
  'extension-requested': (_before, event) => ({ extensionRequest: inputs.extension.parse(event.data).by }),
  'extension-approved': before => ({ extensionsUsed: before.extensionsUsed + 1, extensionRequest: null }),
  'extension-refused': () => ({ extensionRequest: null }),
  answered: (_before, event) => ({ answer: inputs.said.parse(event.data).text }),
  replied: (before, event) => ({
    reply: { ...inputs.reply.parse(event.data), at: event.at, department: before.dispatch!.lead },
  }),
  'followed-up': (_before, event) => ({ followUp: inputs.followUp.parse(event.data) }),
  reworked: applyRework,
  urged: before => ({ urgeCount: before.urgeCount + 1 }),
  'supervision-ordered': (_before, event) => {
    const { level, cause } = inputs.supervision.parse(event.data)
    return { supervision: { level, cause, openedAt: event.at, answer: null } }
  },
  'supervision-answered': (before, event) => ({
    supervision: before.supervision && { ...before.supervision, answer: inputs.said.parse(event.data).text },
  }),
  'supervision-closed': () => ({ supervision: null }),
  'clock-warned': applyAlarm,
  'clock-breached': applyAlarm,
  'not-accepted': (_before, event) => ({ refusal: event.reason }),
  merged: (_before, event) => ({ mergedInto: inputs.merge.parse(event.data).into }),
}

function clocksByKind(clocks: readonly StageClock[]): Partial<Record<ClockKind, StageClock>> {
  return Object.fromEntries(clocks.map(clock => [clock.kind, clock]))
}

const STAGE_OF_STATE: Record<CaseState, Stage> = {
  received: 'acceptance',
  incomplete: 'acceptance',
  'not-accepted': 'acceptance',
  accepted: 'disposal',
  dispatched: 'transfer',
  returned: 'transfer',
  handling: 'feedback',
  'waiting-resident': 'feedback',
  suspended: 'feedback',
  replied: 'follow-up',
  closed: 'evaluation',
  withdrawn: 'evaluation',
  merged: 'evaluation',
}

/** Which of the nine stages the case is in. While co-handlers still owe their part, handling is coordination. */
export function stageOf(current: Pick<Case, 'state' | 'coHandlers'>): Stage {
  const isCoordinating =
    current.state === 'handling' && current.coHandlers.some(part => part.finishedAt === null)
  return isCoordinating ? 'coordination' : STAGE_OF_STATE[current.state]
}

/** The clock whose due time is the promise to the resident at this stage; null when nothing is owed. */
export function promiseOf(current: Case): StageClock | null {
  const order: ClockKind[] =
    current.state === 'replied' ? ['follow-up'] : ['handle', 'dispatch', 'acceptance']
  for (const kind of order) {
    const clock = current.clocks[kind]
    if (clock && clock.stoppedAt === null) return clock
  }
  return null
}

/** One moment at which a clock should be looked at. `percent` 100 is the due time itself. */
export interface Alarm {
  clock: ClockKind
  at: Date
  percent: number
  dueAt: Date
}

/** The next alarm of each running clock that has not gone off yet. */
export function nextAlarms(current: Case): Alarm[] {
  return Object.values(current.clocks).flatMap(clock => {
    if (!isRunning(clock)) return []
    const all = [...clock.warnings, { percent: 100, at: clock.dueAt }]
    const gone = (percent: number) =>
      current.alarms.some(
        alarm =>
          alarm.clock === clock.kind &&
          alarm.percent === percent &&
          alarm.dueAt === clock.dueAt.toISOString(),
      )
    const next = all.find(alarm => !gone(alarm.percent))
    return next ? [{ clock: clock.kind, at: next.at, percent: next.percent, dueAt: clock.dueAt }] : []
  })
}
