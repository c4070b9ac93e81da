import { profileById, type ServiceLevels, type ServiceProfile } from '../clocks/service-levels.ts'
import {
  extendClock,
  isOverdue,
  pauseClock,
  resumeClock,
  type StageClock,
  startClock,
  stopClock,
} from '../clocks/stage-clock.ts'
import type { WorkingCalendar } from '../clocks/working-calendar.ts'
import { AppError } from '../kernel/errors.ts'
import type { Case } from './case.ts'
import type { Actor, CaseFact } from './case-event.ts'
import type { FiledInput } from './case-inputs.ts'
import type { ClockEffect, Transition } from './transition.ts'
import { type Action, transitionOf, workflow } from './workflow.ts'

/** The city's limits and days, by which clocks are set. */
export interface CasePolicy {
  levels: ServiceLevels
  calendar: WorkingCalendar
}

/** What somebody wants to do to a case. */
export interface CaseCommand {
  action: Action
  actor: Actor
  at: Date
  reason?: string | null
  input?: unknown
}

/** Decides the filing of a new case. */
export function decideFiling(filed: FiledInput, actor: Actor, at: Date, policy: CasePolicy): CaseFact {
  const profile = profileById(policy.levels, filed.profile)
  const clocks = clockChanges(workflow.file.clocks, {}, profile, at, policy, null)
  return { type: 'filed', at, actor, reason: null, data: workflow.file.needs.parse(filed), clocks }
}

/**
 * Checks a command against the workflow and says what happens.
 * @throws AppError `action-not-now`, `action-forbidden`, `reason-needed`, `action-invalid`, `extension-exhausted`
 */
export function decide(current: Case, command: CaseCommand, policy: CasePolicy): CaseFact {
  const row = transitionOf(command.action)
  if (row.from === 'new' || !row.from.includes(current.state))
    throw refuse('action-not-now', current, command)
  if (!mayAct(current, row, command.actor)) throw refuse('action-forbidden', current, command)
  const reason = command.reason?.trim() || null
  if (row.isReasonNeeded && !reason) throw new AppError('reason-needed', { action: command.action })
  const parsed = row.needs.safeParse(command.input ?? {})
  if (!parsed.success) {
    throw new AppError('action-invalid', {
      action: command.action,
      issues: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`),
    })
  }
  const data = parsed.data as Record<string, unknown>
  checkTimeliness(current, command, policy)
  const profile = profileById(policy.levels, current.profile)
  const clocks = clockChanges(
    (current.dispatch ? row : (row.undispatched ?? row)).clocks,
    current.clocks,
    profile,
    command.at,
    policy,
    current.extensionRequest,
  )
  return { type: row.event as CaseFact['type'], at: command.at, actor: command.actor, reason, data, clocks }
}

/** Actions that this actor could take on the case now. */
export function offeredActions(current: Case, actor: Actor): Action[] {
  return (Object.keys(workflow) as Action[]).filter(action => {
    const row = transitionOf(action)
    if (!row.isOffered || row.from === 'new') return false
    const isExtensionDecision = action === 'approve-extension' || action === 'refuse-extension'
    if (isExtensionDecision && !current.extensionRequest) return false
    if (action.endsWith('-supervision') && !current.supervision) return false
    if (action === 'return' && !mayStillReturn(current)) return false
    return row.from.includes(current.state) && mayAct(current, row, actor)
  })
}

function mayAct(current: Case, row: Transition, actor: Actor): boolean {
  if (!row.by.includes(actor.role)) return false
  if (actor.role !== 'handler') return true
  const isLead = actor.department !== undefined && actor.department === current.dispatch?.lead
  if (row.department === 'co-handler')
    return current.coHandlers.some(part => part.department === actor.department && !part.finishedAt)
  return isLead
}

/** Each dispatch may be returned once: a refused return and a ruling are final, so that a case does not go to and fro. */
function mayStillReturn(current: Case): boolean {
  return current.clocks.return?.stoppedAt === null
}

function checkTimeliness(current: Case, command: CaseCommand, policy: CasePolicy): void {
  const { action, at } = command
  const { handle, return: returning } = current.clocks
  if (action === 'return' && (!mayStillReturn(current) || isOverdue(returning!, at)))
    throw refuse('action-not-now', current, command)
  if (action === 'request-extension') {
    const allowed = profileById(policy.levels, current.profile).extensions.times
    if (current.extensionsUsed >= allowed) throw new AppError('extension-exhausted', { allowed })
    // An extension is asked for before the due time, never to whiten an overdue case.
    if (handle && isOverdue(handle, at)) throw refuse('action-not-now', current, command)
  }
  const isUnasked =
    (action === 'approve-extension' || action === 'refuse-extension') && !current.extensionRequest
  const isUnsupervised =
    (action === 'answer-supervision' || action === 'close-supervision') && !current.supervision
  if (isUnasked || isUnsupervised) throw refuse('action-not-now', current, command)
}

function clockChanges(
  effects: readonly ClockEffect[],
  clocks: Case['clocks'],
  profile: ServiceProfile,
  at: Date,
  policy: CasePolicy,
  extension: { amount: number; unit: 'min' | 'h' | 'd' | 'wd' } | null,
): StageClock[] {
  return effects.flatMap(({ do: what, clock: kind }) => {
    if (what === 'start') return [startClock(kind, profile.clocks[kind], at, policy.calendar, profile.warnAt)]
    const clock = clocks[kind]
    if (!clock || clock.stoppedAt !== null) return []
    if (what === 'stop') return [stopClock(clock, at)]
    if (what === 'pause') return [pauseClock(clock, at)]
    if (what === 'resume') return [resumeClock(clock, at, policy.calendar)]
    return extension ? [extendClock(clock, extension, policy.calendar)] : []
  })
}

function refuse(code: 'action-not-now' | 'action-forbidden', current: Case, command: CaseCommand): AppError {
  return new AppError(code, { action: command.action, state: current.state })
}
