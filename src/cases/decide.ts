import { AppError } from '../kernel/errors.ts'
import { currentStep } from './application.ts'
import type { Case } from './case.ts'
import { isOtherwise } from './case.ts'
import type { Actor, CaseFact } from './case-event.ts'
import type { FiledInput } from './case-inputs.ts'
import { checkCommand, isTimely } from './check-command.ts'
import { type CasePolicy, changeClocks, untimed } from './clock-changes.ts'
import type { Transition } from './transition.ts'
import { type Action, transitionOf, workflow } from './workflow.ts'

export type { CasePolicy } from './clock-changes.ts'

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
  const data = workflow.file.needs.parse(filed)
  const clocks = changeClocks(workflow.file.clocks, untimed(filed), { at, actor, data, policy })
  return { type: 'filed', at, actor, reason: null, data, clocks }
}

/**
 * Checks a command against the workflow and says what happens.
 * @throws AppError `action-not-now`, `action-forbidden`, `reason-needed`, `action-invalid`, and what `checkCommand` refuses
 */
export function decide(current: Case, command: CaseCommand, policy: CasePolicy): CaseFact {
  const { action, actor, at } = command
  const row = transitionOf(action)
  if (row.from === 'new' || !row.from.includes(current.state))
    throw refuse('action-not-now', current, command)
  if (!mayAct(current, row, actor)) throw refuse('action-forbidden', current, command)
  const reason = command.reason?.trim() || null
  if (row.isReasonNeeded && !reason) throw new AppError('reason-needed', { action })
  const parsed = row.needs.safeParse(command.input ?? {})
  if (!parsed.success) {
    throw new AppError('action-invalid', {
      action,
      issues: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`),
    })
  }
  const data = parsed.data as Record<string, unknown>
  checkCommand(current, { action, role: actor.role, at, reason, data }, policy)
  const effects = isOtherwise(current, row) ? row.otherwise!.clocks : row.clocks
  const clocks = changeClocks(effects, current, { at, actor, data, policy })
  return { type: row.event as CaseFact['type'], at, actor, reason, data, clocks }
}

/** Actions that this actor could take on the case now. */
export function offeredActions(current: Case, actor: Actor): Action[] {
  return (Object.keys(workflow) as Action[]).filter(action => {
    const row = transitionOf(action)
    if (!row.isOffered || row.from === 'new' || !row.from.includes(current.state)) return false
    return isTimely(current, action) && mayAct(current, row, actor)
  })
}

function mayAct(current: Case, row: Transition, actor: Actor): boolean {
  if (!row.by.includes(actor.role)) return false
  if (row.isBySecondPerson && actor.role !== 'line' && actor.id === current.dutyClaim?.by) return false
  if (actor.role !== 'handler') return true
  const isLead = actor.department !== undefined && actor.department === current.dispatch?.lead
  if (row.department === 'step') return actor.department === currentStep(current)?.department
  if (row.department === 'co-handler')
    return current.coHandlers.some(part => part.department === actor.department && !part.finishedAt)
  return isLead
}

function refuse(code: 'action-not-now' | 'action-forbidden', current: Case, command: CaseCommand): AppError {
  return new AppError(code, { action: command.action, state: current.state })
}
