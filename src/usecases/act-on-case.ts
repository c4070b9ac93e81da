import { applyEvent, type Case } from '../cases/case.ts'
import { type Actor, type CaseEvent, type CaseFact, chain } from '../cases/case-event.ts'
import { type CaseCommand, decide } from '../cases/decide.ts'
import { transitionOf } from '../cases/workflow.ts'
import { orderAfter, type SupervisionOrder } from '../followup/supervision-rules.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { tellOf } from './tell-of-event.ts'

const LINE: Actor = { role: 'line', id: 'line' }

/**
 * One action on a case inside a transaction: decided, chained, saved, and whoever must be told is told after the commit.
 * @returns the case as it is then, with what supervision made of it, and the action's own event
 * @throws AppError as `decide` says, or `version-conflict` when the caller decided on an older version
 */
export function actOnCase(
  line: Line,
  tx: Transaction,
  current: Case,
  command: Omit<CaseCommand, 'at'> & { expectedVersion?: number },
): { case: Case; event: CaseEvent } {
  if (command.expectedVersion !== undefined && command.expectedVersion !== current.version) {
    throw new AppError('version-conflict', { version: current.version, state: current.state })
  }
  return recordFact(line, tx, current, decide(current, { ...command, at: line.clock.now() }, line.policy))
}

/** Chains and saves a decided fact, tells whom it concerns, and opens the supervision order that the rules demand because of it. */
export function recordFact(
  line: Line,
  tx: Transaction,
  current: Case,
  fact: CaseFact,
): { case: Case; event: CaseEvent } {
  const event = chain(current.id, { seq: current.version, hash: current.hash }, fact)
  const after = applyEvent(current, event)
  tx.saveCase(after, [event], current.version)
  tellOf(line, tx, after, event)
  return { case: supervise(line, tx, after, orderAfter(line.content.supervision.rules, after, event)), event }
}

/** Opens a supervision order or takes it up a step, where the case can have one. Returns the case as it is then. */
export function supervise(line: Line, tx: Transaction, current: Case, order: SupervisionOrder | null): Case {
  const { from } = transitionOf('supervise')
  if (!order || from === 'new' || !from.includes(current.state)) return current
  const rule = line.content.supervision.rules.find(each => each.id === order.cause)
  const reason = rule?.name ?? order.cause
  const command: CaseCommand = {
    action: 'supervise',
    actor: LINE,
    at: line.clock.now(),
    input: order,
    reason,
  }
  return recordFact(line, tx, current, decide(current, command, line.policy)).case
}
