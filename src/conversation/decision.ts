import type { Answer } from './acceptors.ts'
import type { Elements } from './elements.ts'
import type { AskStep, Flow } from './flow.ts'
import type { ChoiceRef } from './reply.ts'
import type { Slots } from './state.ts'

/** What the turn is. */
export type Decision =
  | { do: 'answer'; answer: Answer & { is: 'filled' | 'declined' } }
  | { do: 'invalid'; params: Record<string, string> }
  | { do: 'emergency' }
  | { do: 'add-matter' }
  | { do: 'tell-more' }
  | { do: 'note'; slots: Slots }
  | { do: 'note-place' }
  | { do: 'begin'; flow: string; text: string | null }
  | { do: 'change'; step: string }
  | { do: 'repair'; repair: string }
  | { do: 'clarify'; intents: string[] }
  | { do: 'not-understood' }

export interface ArbitrationContext {
  elements: Elements
  flows: ReadonlyMap<string, Pick<Flow, 'steps'>>
  /** Intent → flow that it begins. */
  flowOfIntent: ReadonlyMap<string, string>
  /** Intent → repair that it calls for. */
  repairOfIntent: ReadonlyMap<string, string>
  /** The open question and the choices under it, when there is one. */
  question: { step: AskStep; choices: ChoiceRef[] } | null
  /** Steps of the running flow whose answers may be changed; `named` is the key of the words that people call each by. */
  changeable: { step: string; label: string; named: string }[]
  titleOf(choice: ChoiceRef): string
}
