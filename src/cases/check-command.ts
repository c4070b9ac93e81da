import { formatLimit, type Limit } from '../clocks/limit.ts'
import { clockLimitOf, profileById } from '../clocks/service-levels.ts'
import { extendClock, isOverdue, startClock } from '../clocks/stage-clock.ts'
import { MINUTE } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { currentStep, isToBeConcluded } from './application.ts'
import type { Case, FollowUp, Reply } from './case.ts'
import { type CorrectionInput, SUPERVISION_LEVELS, type SupervisionLevel } from './case-inputs.ts'
import type { Role } from './case-state.ts'
import { type CasePolicy, recomputationOf } from './clock-changes.ts'
import { closingProblem, reworkProblem } from './follow-up-answers.ts'
import type { Action } from './workflow.ts'

/** A command that the table allows and whose input is whole. */
export interface AllowedCommand {
  action: Action
  role: Role
  at: Date
  reason: string | null
  data: Readonly<Record<string, unknown>>
}

/** Desks tell times by the minute and by clocks that may be a little ahead of ours. */
const CLOCK_SKEW_MS = 5 * MINUTE

type Check = (current: Case, command: AllowedCommand, policy: CasePolicy) => void

/**
 * What the table cannot say: whether it is in time, and whether it fits what has happened before.
 * @throws AppError `action-not-now`, `action-invalid`, `extension-exhausted`, `extension-too-long`, `parts-open`,
 * `reopen-too-late`, `reason-needed`
 */
export function checkCommand(current: Case, command: AllowedCommand, policy: CasePolicy): void {
  if (!isTimely(current, command.action)) throw notNow(current, command)
  CHECKS[command.action]?.(current, command, policy)
}

/** Whether an action makes sense now, as far as the case alone tells; the time and the input are not looked at. */
export function isTimely(current: Case, action: Action): boolean {
  switch (action) {
    case 'pass-step':
      return currentStep(current) !== null && currentStep(current)?.act !== 'decide'
    case 'decide-application':
      return currentStep(current)?.act === 'decide'
    case 'conclude':
      return isToBeConcluded(current)
    // An application ends by its decision, and is nobody else's.
    case 'reply':
    case 'answer':
    case 'correct':
    case 'split':
    case 'merge':
      return current.application === null
    case 'return':
      // Each dispatch may be returned once: a refused return and a ruling are final, so that a case does not go to and fro.
      return current.clocks.return?.stoppedAt === null
    case 'request-extension':
      return current.extensionRequest === null
    case 'remind-part':
      return current.coHandlers.some(part => !part.finishedAt)
    case 'approve-extension':
    case 'refuse-extension':
      return current.extensionRequest !== null
    case 'approve-out-of-duty':
    case 'refuse-out-of-duty':
      return current.dutyClaim?.decision === null
    case 'join-neighbours':
      // An order must be answered, not lost in another case.
      return current.supervision === null && current.application === null
    case 'supervise':
      return current.supervision?.level !== SUPERVISION_LEVELS.at(-1)
    case 'answer-supervision':
    case 'close-supervision':
      return current.supervision !== null
    default:
      return true
  }
}

/** Until when a closed case may be taken up again; null while it is not closed. */
export function reopenableUntil(
  current: Pick<Case, 'closedAt'>,
  { levels, calendar }: CasePolicy,
): Date | null {
  return current.closedAt && dueWithin(levels.reopenWithin, current.closedAt, { levels, calendar })
}

/** The level above, or null at the top. */
export function levelAbove(level: SupervisionLevel): SupervisionLevel | null {
  return SUPERVISION_LEVELS[SUPERVISION_LEVELS.indexOf(level) + 1] ?? null
}

const CHECKS: Partial<Record<Action, Check>> = {
  return: (current, command) => {
    if (isOverdue(current.clocks.return!, command.at)) throw notNow(current, command)
  },
  dispatch: (current, command) => {
    // Else two departments would send it to and fro for ever: this one has said no, and only a ruling can force it.
    if (current.returns.some(each => each.department === command.data.lead))
      throw invalid(command, 'lead: this department has returned the case; it takes a ruling')
  },
  'add-co-handler': (current, command) => {
    const { department } = command.data
    const owes = current.coHandlers.some(part => part.department === department && !part.finishedAt)
    if (owes || department === current.dispatch?.lead)
      throw invalid(command, 'department: it is at work on this case already')
  },
  'remind-part': (current, command) => {
    const { department } = command.data
    if (!current.coHandlers.some(part => part.department === department && !part.finishedAt))
      throw invalid(command, 'department: it owes no part of this case')
  },
  'request-extension': checkExtension,
  suspend: (_current, command, policy) => {
    const reviewAt = new Date(String(command.data.reviewAt))
    if (reviewAt <= command.at) throw invalid(command, 'reviewAt: must be in the future')
    const { reviewWithin } = policy.levels
    if (reviewAt > dueWithin(reviewWithin, command.at, policy))
      throw invalid(command, `reviewAt: must be within ${formatLimit(reviewWithin)}`)
  },
  'pass-step': (current, command) => {
    // Two desks that pass the same step pass it once.
    if (command.data.step !== currentStep(current)?.index) throw notNow(current, command)
  },
  reply: checkReply,
  'follow-up': (_current, command) => {
    const problem = closingProblem(command.data as FollowUp, command.role === 'clock')
    if (problem) throw invalid(command, problem)
  },
  rework: (current, command, policy) => {
    const problem = reworkProblem(command.data as FollowUp)
    if (problem) throw invalid(command, problem)
    const until = reopenableUntil(current, policy)
    if (until && command.at > until)
      throw new AppError('reopen-too-late', { allowed: formatLimit(policy.levels.reopenWithin) })
  },
  supervise: (current, command, policy) => {
    const [open, asked] = [current.supervision?.level, command.data.level as SupervisionLevel]
    if (open && SUPERVISION_LEVELS.indexOf(asked) <= SUPERVISION_LEVELS.indexOf(open))
      throw invalid(command, `level: an order is open at ${open}`)
    const { superviseWithin } = policy.levels
    const answerWithin = command.data.answerWithin as Limit | undefined
    const due = (limit: Limit) => dueWithin(limit, command.at, policy)
    // What rules order is content, and the line must never be refused its own order.
    if (command.role === 'supervisor' && answerWithin && due(answerWithin) > due(superviseWithin))
      throw invalid(command, `answerWithin: at most ${formatLimit(superviseWithin)}`)
  },
  'close-supervision': (current, command) => {
    if (current.supervision!.answer === null && !command.reason)
      throw new AppError('reason-needed', { action: command.action })
  },
  correct: checkCorrection,
  merge: (current, command) => {
    if (command.data.into === current.id) throw invalid(command, 'into: a case cannot join itself')
  },
  recompute: (current, command, { calendar }) => {
    const isCurrent = command.data.calendarVersion === calendar.version
    if (!isCurrent || !recomputationOf(current, calendar)) throw notNow(current, command)
  },
}

function checkReply(current: Case, command: AllowedCommand): void {
  const { contact, isWithinDuty, outOfDuty } = command.data as Reply
  const { filedAt } = current
  const contactAt = new Date(contact.at).getTime()
  const isBetween =
    contactAt >= filedAt.getTime() - CLOCK_SKEW_MS && contactAt <= command.at.getTime() + CLOCK_SKEW_MS
  if (!isBetween) throw invalid(command, 'contact.at: must lie between the filing and now')
  if (!isWithinDuty && !outOfDuty) throw invalid(command, 'outOfDuty: say why it is out of duty')
  if (isWithinDuty && outOfDuty) throw invalid(command, 'outOfDuty: it is said to be within duty')
  const open = current.coHandlers.filter(part => !part.finishedAt).map(part => part.department)
  if (open.length > 0 && !command.reason) throw new AppError('parts-open', { departments: open })
}

function dueWithin(limit: Limit, from: Date, { calendar }: CasePolicy): Date {
  return startClock('review', clockLimitOf(limit), from, calendar, []).dueAt
}

function checkExtension(current: Case, command: AllowedCommand, { levels, calendar }: CasePolicy): void {
  const { times, each } = profileById(levels, current.profile).extensions
  if (current.extensionsUsed >= times) throw new AppError('extension-exhausted', { allowed: times })
  const { handle } = current.clocks
  if (!handle) return
  // An extension is asked for before the due time, never to whiten an overdue case.
  if (isOverdue(handle, command.at)) throw notNow(current, command)
  const dueAfter = (by: Limit) => extendClock(handle, by, calendar).dueAt
  if (each && dueAfter(command.data.by as Limit) > dueAfter(each))
    throw new AppError('extension-too-long', { allowed: formatLimit(each) })
}

function checkCorrection(current: Case, command: AllowedCommand): void {
  const { subject, previous, type, grade, place } = command.data as CorrectionInput
  if (subject === undefined || previous !== current.subject)
    throw invalid(command, 'previous: must be the subject that the case has')
  const isChanged =
    subject !== current.subject ||
    (type !== undefined && type !== current.type) ||
    (grade !== undefined && grade !== current.grade) ||
    (place !== undefined && place !== current.elements.place)
  if (!isChanged) throw invalid(command, 'nothing is corrected: subject, type, grade or place must differ')
}

function invalid({ action }: AllowedCommand, issue: string): AppError {
  return new AppError('action-invalid', { action, issues: [issue] })
}

function notNow(current: Case, { action }: AllowedCommand): AppError {
  return new AppError('action-not-now', { action, state: current.state })
}
