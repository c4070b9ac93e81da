import type { z } from 'zod'
import type { Limit } from '../clocks/limit.ts'
import type { ClockKind } from '../clocks/service-levels.ts'
import { clockName, type StageClock } from '../clocks/stage-clock.ts'
import { type Approval, approvalAnew } from './application.ts'
import type { CaseEvent } from './case-event.ts'
import { dispatchSchema, type FiledInput, filedSchema, inputs, type SupervisionLevel } from './case-inputs.ts'
import type { CaseState, Stage } from './case-state.ts'
import { isBad } from './follow-up-answers.ts'
import type { Transition } from './transition.ts'
import { transitionOfEvent } from './workflow.ts'

export type Dispatch = z.infer<typeof dispatchSchema>
export type Reply = z.infer<typeof inputs.reply>
export type FollowUp = z.infer<typeof inputs.followUp>

/** One matter in the loop: the fold of its events. */
export interface Case extends Omit<FiledInput, 'application'>, Approval {
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
  /** The reply says that it is out of duty: who said so, and what somebody else made of it; null before. */
  dutyClaim: { by: string; decision: 'approved' | 'refused' | null } | null
  answer: string | null
  followUp: FollowUp | null
  reworkCount: number
  /** Follow-ups that said "not solved" or worse than neutral. */
  dissatisfiedCount: number
  urgeCount: number
  closedAt: Date | null
  /** The order that is open now. */
  supervision: { level: SupervisionLevel; cause: string; openedAt: Date; answer: string | null } | null
  /** Causes of all orders that were ever opened: a rule opens one once. */
  supervisionCauses: string[]
  /** Id of the case that it joined. */
  mergedInto: string | null
  /** Ids of the cases that joined it. */
  children: string[]
  /** Ids of the cases that were split off; `splitFrom` is the way back. */
  splitInto: string[]
  /** The case that is or was handled for this one too. */
  joined: { to: string; at: Date } | null
  /** Why it was not accepted. */
  refusal: string | null
  clocks: Partial<Record<ClockKind, StageClock>> & { [part: `part:${string}`]: StageClock }
  /** Alarms that have gone off, each for one clock and one due time: a moved due time rings anew. */
  alarms: RungAlarm[]
}

interface RungAlarm {
  clock: string
  dueAt: string
  percent: number
  /** So long past the due time. */
  after?: Limit
}

/** Folds a case's events, in order, into the case. At least the filing must be there. */
export function foldCase(events: readonly CaseEvent[]): Case {
  const [first, ...rest] = events
  if (first?.type !== 'filed') throw new Error('a case begins with its filing')
  return rest.reduce(applyEvent, beginCase(first))
}

function beginCase(event: CaseEvent): Case {
  const filed = filedSchema.parse(event.data)
  return {
    ...filed,
    application: filed.application ?? null,
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
    dutyClaim: null,
    answer: null,
    followUp: null,
    reworkCount: 0,
    dissatisfiedCount: 0,
    urgeCount: 0,
    closedAt: null,
    supervision: null,
    supervisionCauses: [],
    mergedInto: null,
    children: [],
    splitInto: [],
    joined: null,
    refusal: null,
    stepsPassed: [],
    decision: null,
    conclusion: null,
    clocks: clocksByName(event.clocks),
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
    clocks: { ...before.clocks, ...clocksByName(event.clocks) },
  }
  return after
}

function stateAfter(before: Case, row: Transition): CaseState {
  const to = isOtherwise(before, row) ? row.otherwise!.to : row.to
  return to === 'same' ? before.state : to
}

/** Does the row's other outcome hold for this case? */
export function isOtherwise(current: Case, { otherwise }: Transition): boolean {
  if (otherwise?.when === 'undispatched') return current.dispatch === null
  return otherwise?.when === 'accepted' && current.clocks.acceptance?.stoppedAt != null
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

const applyFollowUp = (before: Case, event: CaseEvent): Pick<Case, 'followUp' | 'dissatisfiedCount'> => {
  const followUp = inputs.followUp.parse(event.data)
  return { followUp, dissatisfiedCount: before.dissatisfiedCount + (isBad(followUp) ? 1 : 0) }
}

const applyRework: Detail = (before, event) => ({
  ...applyFollowUp(before, event),
  reworkCount: before.reworkCount + 1,
  closedAt: null,
  extensionRequest: null,
  // The reply that said so is no answer any more.
  dutyClaim: null,
  ...approvalAnew(before),
})

const claimOf = ({ isWithinDuty }: Reply, { actor }: CaseEvent): Case['dutyClaim'] =>
  isWithinDuty ? null : { by: actor.id, decision: null }

const applyReply: Detail = (before, event) => {
  const reply = inputs.reply.parse(event.data)
  return {
    reply: { ...reply, at: event.at, department: before.dispatch!.lead },
    dutyClaim: claimOf(reply, event),
  }
}

const decideClaim =
  (decision: 'approved' | 'refused'): Detail =>
  before => ({ dutyClaim: before.dutyClaim && { ...before.dutyClaim, decision } })

const applyAlarm: Detail = (before, event) => {
  const { clock, dueAt, percent } = inputs.clock.parse(event.data)
  return { alarms: [...before.alarms, { clock, dueAt, percent: percent ?? 100 }] }
}

const applyChase: Detail = (before, event) => {
  const { clock, dueAt, after } = inputs.chase.parse(event.data)
  return { alarms: [...before.alarms, { clock, dueAt, percent: 100, after }] }
}

const applyCorrection: Detail = (before, event) => {
  const { subject, type, grade, place, profile } = inputs.correction.parse(event.data)
  const isSame = (subject === undefined || subject === before.subject) && place === undefined
  return {
    // What others would find it by was told of something else.
    neighbourKey: isSame ? before.neighbourKey : null,
    subject: subject === undefined ? before.subject : subject,
    type: type ?? before.type,
    grade: grade ?? before.grade,
    profile: profile ?? before.profile,
    elements: place === undefined ? before.elements : { ...before.elements, place },
  }
}

const applySupervision: Detail = (before, event) => {
  const { level, cause } = inputs.supervision.parse(event.data)
  return {
    supervision: { level, cause, openedAt: event.at, answer: null },
    supervisionCauses: [...new Set([...before.supervisionCauses, cause])],
  }
}

const applySharedReply: Detail = (_before, event) => {
  const { text, reply, dispatch } = inputs.sharedReply.parse(event.data)
  if (!reply || !dispatch) return { answer: text }
  return {
    dispatch,
    reply: { ...reply, at: event.at, department: dispatch.lead },
    dutyClaim: claimOf(reply, event),
  }
}

const applyStep: Detail = ({ stepsPassed }, { data, actor, at }) => {
  const { step, post, text } = inputs.step.parse(data)
  return { stepsPassed: [...stepsPassed, { step, post, by: actor.id, text, at }] }
}

const applyDecision: Detail = ({ stepsPassed }, { data, actor, at }) => {
  const { outcome, text, post } = inputs.decision.parse(data)
  const step = { step: stepsPassed.length, post, by: actor.id, text: null, at }
  return { decision: { outcome, text, post, by: actor.id, at }, stepsPassed: [...stepsPassed, step] }
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
  replied: applyReply,
  'out-of-duty-approved': decideClaim('approved'),
  'out-of-duty-refused': decideClaim('refused'),
  'followed-up': (before, event) => ({ ...applyFollowUp(before, event), closedAt: event.at }),
  reworked: applyRework,
  urged: before => ({ urgeCount: before.urgeCount + 1 }),
  'supervision-ordered': applySupervision,
  'supervision-answered': (before, event) => ({
    supervision: before.supervision && { ...before.supervision, answer: inputs.said.parse(event.data).text },
  }),
  'supervision-closed': () => ({ supervision: null }),
  'clock-warned': applyAlarm,
  'clock-breached': applyAlarm,
  'clock-chased': applyChase,
  'subject-corrected': applyCorrection,
  'not-accepted': (_before, event) => ({ refusal: event.reason }),
  'neighbours-joined': (_before, event) => ({
    joined: { to: inputs.joinNeighbours.parse(event.data).to, at: event.at },
    // Nobody works on it by itself any more.
    dispatch: null,
    coHandlers: [],
    extensionRequest: null,
  }),
  'neighbours-left': (before, event) => ({
    joined: inputs.leaveNeighbours.parse(event.data).isHeir ? before.joined : null,
  }),
  'reply-shared': applySharedReply,
  'step-passed': applyStep,
  'application-decided': applyDecision,
  concluded: (_before, { data, at }) => {
    const conclusion = inputs.conclusion.parse(data)
    return { conclusion: { ...conclusion, at }, answer: conclusion.text }
  },
  merged: (_before, event) => ({ mergedInto: inputs.merge.parse(event.data).into }),
  'case-joined': (before, event) => ({
    children: [...before.children, inputs.join.parse(event.data).child],
  }),
  'split-off': (before, event) => ({ splitInto: [...before.splitInto, inputs.split.parse(event.data).into] }),
}

function clocksByName(clocks: readonly StageClock[]): Case['clocks'] {
  return Object.fromEntries(clocks.map(clock => [clockName(clock), clock]))
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
  joined: 'coordination',
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
