import { anytimeTransitions } from './anytime-transitions.ts'
import { approvalTransitions } from './approval-transitions.ts'
import { stageTransitions } from './stage-transitions.ts'
import { supervisionTransitions } from './supervision-transitions.ts'
import type { Transition } from './transition.ts'

/** The lifecycle of a case: one row an action, those of the stages first. Nothing else changes a case. */
export const workflow = {
  ...stageTransitions,
  ...approvalTransitions,
  ...supervisionTransitions,
  ...anytimeTransitions,
}

export type Action = keyof typeof workflow
export type EventType = (typeof workflow)[Action]['event']

/** The row of an action, widened to `Transition`. */
export function transitionOf(action: Action): Transition {
  return workflow[action]
}

/** Row by the event that records it. */
export const transitionOfEvent: ReadonlyMap<string, { action: Action } & Transition> = new Map(
  (Object.keys(workflow) as Action[]).map(action => [
    workflow[action].event,
    { action, ...transitionOf(action) },
  ]),
)
