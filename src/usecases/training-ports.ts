import type { PastMessage } from '../language/train-shipped.ts'
import type { TaskWatch } from './desk-tasks.ts'

/** How well a model does on messages that it has not seen. */
export interface ModelScore {
  accuracy: number
  macroF1: number
  /** How far confidence and share of right answers lie apart. */
  ece: number
}

/** What is kept of how a version was made. */
export interface ModelStory {
  /** Login of whoever had it trained; empty: the command. */
  by: string
  messages: number
  heldOut: number
  before: ModelScore
  after: ModelScore
}

/** A model of subjects that was learned from the city's history. */
export interface ModelVersion {
  /** When it was made and what it holds. */
  version: string
  madeAt: Date
  /** Null for one that was made before stories were kept. */
  story: ModelStory | null
}

/** The versions in the data folder. Each is whole or not there. */
export interface ModelShelf {
  /** Newest first. */
  versions(): Promise<ModelVersion[]>
  /** The one that the next start serves; null: as shipped. */
  chosen(): Promise<string | null>
  choose(version: string | null): Promise<void>
  discard(version: string): Promise<void>
}

/** What is to be learned. */
export interface TrainingWish {
  /** A table of labelled messages, as it was handed in; never written down. */
  table: { name: string; bytes: Uint8Array; isUnknownSkipped: boolean } | null
  corrections: readonly PastMessage[]
  by: string
}

/** How one subject fared. */
export interface SubjectChange {
  subject: string
  /** Held-out messages about it. */
  n: number
  before: number
  after: number
}

/** What came of it: a version that nobody serves yet. */
export interface TrainingResult extends Omit<ModelStory, 'by'> {
  version: string
  isWorse: boolean
  /** F1 by subject, the most messages first. */
  subjects: SubjectChange[]
  /** "Before" was trained anew without what judges it, or could not be. */
  isBeforeAnew: boolean
}

/** Why nothing was learned. `input`: what the table's reader says, with the line. */
export type TrainingRefusal =
  | { because: 'too-few' | 'one-label'; messages: number }
  | { because: 'input' | 'content'; text: string }

/** Trains beside the line, so that no turn waits for it. */
export interface ModelTrainer {
  /** @throws the signal's reason when it is to stop; then nothing is left */
  train(
    wish: TrainingWish,
    watch: Pick<TaskWatch, 'signal' | 'tell'>,
  ): Promise<TrainingResult | TrainingRefusal>
}
