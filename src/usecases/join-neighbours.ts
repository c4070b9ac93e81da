import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { JOINABLE_STATES } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import { actOnCase } from './act-on-case.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

/** The case itself while others may still join it, else null. */
export async function joinableCase(tx: Transaction, caseId: string): Promise<Case | null> {
  const found = await tx.caseById(caseId)
  return found && JOINABLE_STATES.includes(found.case.state) ? found.case : null
}

/** The case that is handled for a joined one; null when it is handled by itself. */
export async function handledFor(tx: Transaction, current: Case): Promise<Case | null> {
  if (current.state !== 'joined') return null
  return (await tx.caseById(current.joined!.to))?.case ?? null
}

/**
 * Whom an agent may make it join: another case that is not answered yet, in the same confidence.
 * @throws AppError `case-not-found`, `action-invalid`
 */
export async function checkJoining(tx: Transaction, current: Case, input: unknown): Promise<void> {
  const { to } = (input ?? {}) as { to?: unknown }
  const found = await tx.caseById(String(to ?? ''))
  if (!found) throw new AppError('case-not-found')
  const { id, state, isConfidential, jurisdiction } = found.case
  const isFitting =
    id !== current.id &&
    JOINABLE_STATES.includes(state) &&
    isConfidential === current.isConfidential &&
    jurisdiction === current.jurisdiction
  if (!isFitting)
    throw new AppError('action-invalid', {
      action: 'join-neighbours',
      issues: ['to: it must be another case that is not answered yet'],
    })
}

/**
 * Not solved for one who had joined: their own case goes back to the department. Whoever says so after them, of the same
 * answer, joins this one, so that the department works on it once.
 */
export async function joinEarlierRework(
  line: Line,
  tx: Transaction,
  reworked: Case,
  actor: Actor,
): Promise<{ case: Case; joined: Case | null }> {
  // Under an order of its own it is worked on by itself.
  if (reworked.supervision) return { case: reworked, joined: null }
  const heirId = reworked.joined && (await tx.heirOf(reworked.joined.to))
  const heir = heirId && heirId !== reworked.id ? await joinableCase(tx, heirId) : null
  if (!heir) return { case: reworked, joined: null }
  const input = { to: heir.id }
  const { case: after } = actOnCase(line, tx, reworked, { action: 'join-neighbours', actor, input })
  return { case: after, joined: heir }
}
