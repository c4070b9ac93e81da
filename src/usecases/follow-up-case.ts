import type { Case, FollowUp } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { reopenableUntil } from '../cases/check-command.ts'
import { actionOfAnswers } from '../cases/follow-up-answers.ts'
import { AppError } from '../kernel/errors.ts'
import { actOnCase } from './act-on-case.ts'
import { joinEarlierRework } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'

/**
 * What the resident says of how it went: solved closes the case, not solved sends it back with fresh clocks, also when it was
 * closed not long ago, or to the one of others to whom the same answer was no answer either (`joined`). Said in the chat, on the status
 * page or to whoever called; which answers hold together is said in `cases/follow-up-answers.ts`.
 * @throws AppError as `decide` says
 */
export async function followUpCase(
  line: Line,
  tx: Transaction,
  current: Case,
  actor: Actor,
  answers: Partial<FollowUp>,
): Promise<{ case: Case; joined: Case | null }> {
  const action = actionOfAnswers(answers)
  const input = { contacted: null, resolved: null, satisfied: null, ...answers }
  const { case: after } = actOnCase(line, tx, current, { action, actor, input })
  return action === 'rework' ? joinEarlierRework(line, tx, after, actor) : { case: after, joined: null }
}

/** Within the city's limit after closing, a case is taken up again instead of being filed anew. */
export function isReopenable({ clock, policy }: Line, current: Case): boolean {
  const until = reopenableUntil(current, policy)
  return until !== null && clock.now() <= until
}

/**
 * The same while it is answered, or closed not long ago and not solved after all.
 * @throws AppError `action-not-now`
 */
export async function followUpInTime(
  line: Line,
  tx: Transaction,
  current: Case,
  actor: Actor,
  answers: Partial<FollowUp>,
): Promise<Case> {
  const isLate = current.state === 'closed' && !(answers.resolved === false && isReopenable(line, current))
  if (isLate) throw new AppError('action-not-now', { state: current.state })
  return (await followUpCase(line, tx, current, actor, answers)).case
}
