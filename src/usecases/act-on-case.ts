import { applyEvent, type Case } from '../cases/case.ts'
import { type CaseEvent, type CaseFact, chain } from '../cases/case-event.ts'
import { type CaseCommand, decide } from '../cases/decide.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Job, Transaction } from './ports.ts'

/** Events of which the resident is told without asking. */
const TOLD = [
  'replied',
  'answered',
  'dispatched',
  'ruled',
  'signed',
  'resident-asked',
  'more-asked',
  'extension-approved',
  'not-accepted',
]

/**
 * One action on a case inside a transaction: decided, chained, saved, and whoever must be told is told after the commit.
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
  return recordFact(tx, current, decide(current, { ...command, at: line.clock.now() }, line.policy))
}

/** Chains and saves a decided fact. */
export function recordFact(tx: Transaction, current: Case, fact: CaseFact): { case: Case; event: CaseEvent } {
  const event = chain(current.id, { seq: current.version, hash: current.hash }, fact)
  const after = applyEvent(current, event)
  tx.saveCase(after, [event], current.version)
  const jobs = jobsOf(event)
  if (jobs.length > 0) tx.enqueue(jobs)
  return { case: after, event }
}

function jobsOf(event: CaseEvent): Job[] {
  // The one who acted knows already.
  if (!TOLD.includes(event.type) || event.actor.role === 'resident') return []
  const data = { caseId: event.caseId, seq: event.seq, event: event.type }
  return [{ name: 'notify-resident', key: `${event.caseId}:${event.seq}`, data }]
}
