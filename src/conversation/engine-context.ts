import type { Locale, Understanding } from '../language/understanding.ts'
import type { Elements } from './elements.ts'
import type { Flow, Repair } from './flow.ts'
import type { ChoiceRef, Params, Reply } from './reply.ts'
import type { ConversationState, Slots } from './state.ts'

/** Content and pure functions that the engine works with. */
export interface EngineContext {
  flows: ReadonlyMap<string, Flow>
  repairs: ReadonlyMap<string, Repair>
  elements: Elements
  flowOfIntent: ReadonlyMap<string, string>
  repairOfIntent: ReadonlyMap<string, string>
  /** Title of a choice in the person's language: what a tap says. */
  titleOf(choice: ChoiceRef): string
  understand(text: string): Understanding
}

/** What happens to the conversation: the person says something, or a use case that a flow asked for has come out. */
export type EngineInput =
  | { is: 'said'; said: Understanding }
  | { is: 'outcome'; outcome: Outcome }
  /** The line itself begins a flow. */
  | { is: 'begin'; flow: string; said: Understanding }

/** How a use case came out: the name decides what the flow does next. */
export interface Outcome {
  name: string
  params?: Params
  cases?: Reply['cases']
  /** Merged into the frame. */
  slots?: Slots
  /** Slots to forget, so that they are asked for again. */
  clear?: string[]
  /** Remembered beyond the flow. */
  facts?: Slots
  /** What was interrupted is dealt with too: it is not taken up again. */
  settles?: boolean
  /** Whatever else runs for this case is over. */
  endsCase?: string
}

/** A use case that the flow needs now; its outcome must be given to `step` before anything else. */
export interface Effect {
  name: string
  flow: string
  slots: Slots
}

export interface StepResult {
  state: ConversationState
  replies: Reply[]
  effect: Effect | null
  /** The person asked for another language. */
  locale: Locale | null
}
