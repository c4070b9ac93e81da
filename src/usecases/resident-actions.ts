import type { Case } from '../cases/case.ts'
import { type CaseState, isFinal } from '../cases/case-state.ts'
import type { Action } from '../cases/workflow.ts'
import { isReopenable } from './follow-up-case.ts'
import type { Line } from './line.ts'

/** What whoever filed a case may do with it, in the words of every interface. */
export const RESIDENT_ACTIONS = ['add-information', 'urge', 'withdraw', 'follow-up'] as const
export type ResidentAction = (typeof RESIDENT_ACTIONS)[number]

/** What of that the case allows now. */
export function residentActions(line: Line, current: Case): ResidentAction[] {
  const isOpen = !isFinal(current.state)
  const isAnswered = current.state === 'replied'
  const allowed: Record<ResidentAction, boolean> = {
    'add-information': isOpen,
    urge: isOpen && !isAnswered,
    withdraw: isOpen && !isAnswered,
    'follow-up': isAnswered || isReopenable(line, current),
  }
  return RESIDENT_ACTIONS.filter(action => allowed[action])
}

/** What more information is to a case: the answer to what was asked, or just more. */
export function informationAction(state: CaseState): Action {
  if (state === 'waiting-resident') return 'resident-answer'
  return state === 'incomplete' ? 'complete' : 'add-information'
}
