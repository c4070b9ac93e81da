import type { Case, FollowUp } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import { AppError } from '../kernel/errors.ts'
import { actOnCase } from './act-on-case.ts'
import { followUpInTime } from './follow-up-case.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { informationAction, residentActions } from './resident-actions.ts'

/** What whoever filed a case does with it, a person or an enterprise. */
export type OwnAction =
  | { do: 'add-information'; text: string; attachments?: string[] }
  | { do: 'urge' }
  | { do: 'withdraw'; reason?: string | null }
  | { do: 'follow-up'; answers: FollowUp }

/**
 * Does it, when the case allows it now.
 * @returns the case that it changed
 * @throws AppError `action-not-now`
 */
export async function performResidentAction(
  line: Line,
  tx: Transaction,
  current: Case,
  action: OwnAction,
  actor: Actor,
): Promise<Case> {
  if (!residentActions(line, current).includes(action.do))
    throw new AppError('action-not-now', { action: action.do, state: current.state })
  switch (action.do) {
    case 'add-information': {
      const { text, attachments = [] } = action
      const input = { text, attachments }
      return actOnCase(line, tx, current, { action: informationAction(current.state), actor, input }).case
    }
    case 'urge': {
      // Who joined others urges the one that is worked on for all of them.
      const worked = (await handledFor(tx, current)) ?? current
      return actOnCase(line, tx, worked, { action: 'urge', actor, input: {} }).case
    }
    case 'withdraw': {
      const { reason = null } = action
      return actOnCase(line, tx, current, { action: 'withdraw', actor, input: {}, reason }).case
    }
    case 'follow-up':
      return followUpInTime(line, tx, current, actor, action.answers)
  }
}
