import { fitSharpness, probabilities } from './calibration.ts'
import type { Features, View } from './features.ts'
import {
  type LinearWeights,
  scoreLinear,
  type TrainingOptions,
  type TrainingSet,
  trainLinear,
} from './linear-classifier.ts'
import { type LeastCounts, learnVocabulary, type SparseVector, type Vocabulary } from './vocabulary.ts'

/**
 * A trained classifier. Weights are rounded to a byte with one scale a label and kept sparsely, those that
 * round to almost nothing left out: a tenth of the size, and what is measured after training is what is loaded.
 */
export interface TextClassifier {
  view: View
  labels: string[]
  vocabulary: Vocabulary
  weights: SparseWeights
  scales: Float32Array
  offsets: Float32Array
  /** Of the softmax that makes probabilities. */
  sharpness: number
}

/** For each feature its weights for some labels, feature after feature. */
export interface SparseWeights {
  /** How many weights each feature has. */
  lengths: Uint8Array
  /** Where each feature's weights begin; one more entry than features. */
  starts: Uint32Array
  labels: Uint8Array
  bytes: Int8Array
}

/** One document to learn from. */
export interface Example {
  features: Features
  label: string
  /** How much it counts; 1 when left out. */
  importance?: number
}

export interface TextClassifierOptions {
  view: View
  /** Features in fewer documents are left out. */
  least?: LeastCounts
  cost?: number
  /** How many quarters of the examples are held out in turn to calibrate; 0 leaves the sharpness at 4. */
  folds?: number
  rounds?: number
  /** Examples of one author are alike and make a classifier look surer than it is with strangers' messages. */
  mostSharpness?: number
  seed?: number
}

/** Trains a classifier and calibrates it on its own examples by cross-validation. */
export function trainTextClassifier(
  examples: readonly Example[],
  options: TextClassifierOptions,
): TextClassifier {
  const {
    view,
    least = { words: 2, others: 2 },
    cost = 1,
    folds = 1,
    rounds = 12,
    mostSharpness,
    seed = 1,
  } = options
  const labels = [...new Set(examples.map(example => example.label))].sort()
  const targets = Int32Array.from(examples, example => labels.indexOf(example.label))
  const vocabulary = learnVocabulary(
    examples.map(example => example.features),
    least,
  )
  const vectors = examples.map(example => vocabulary.vectorise(example.features))
  const importance = Float32Array.from(examples, example => example.importance ?? 1)
  const set = { vectors, targets, importance, labels: labels.length, features: vocabulary.size }
  const trained = trainLinear(set, { cost, rounds, seed })
  const sharpness =
    folds > 0 ? fitSharpness(heldOutScores(set, { cost, rounds, seed, folds }), mostSharpness) : UNCALIBRATED
  return { view, labels, vocabulary, sharpness, ...quantise(trained) }
}

const UNCALIBRATED = 4
/** Into how many parts the examples are dealt for calibration. */
const PARTS = 4

/**
 * Scores of full examples by a classifier that has not seen them, for the first `folds` quarters of them. Single words and names (low importance)
 * help to learn but are no messages, so they are not scored.
 */
export function heldOutScores(
  set: TrainingSet,
  { folds, ...options }: TrainingOptions & { folds: number },
): { scores: Float32Array[]; targets: number[] } {
  const scores: Float32Array[] = []
  const targets: number[] = []
  for (let fold = 0; fold < folds; fold++) {
    const kept = Array.from(set.vectors.keys()).filter(i => i % PARTS !== fold)
    const part = trainLinear(
      {
        ...set,
        vectors: kept.map(i => set.vectors[i]!),
        targets: Int32Array.from(kept, i => set.targets[i]!),
        ...(set.importance ? { importance: Float32Array.from(kept, i => set.importance![i]!) } : {}),
      },
      options,
    )
    for (let i = fold; i < set.vectors.length; i += PARTS) {
      if (set.importance && set.importance[i]! < 1) continue
      scores.push(scoreLinear(part, set.vectors[i]!))
      targets.push(set.targets[i]!)
    }
  }
  return { scores, targets }
}

/** Weights that round below this of 127 are left out. */
const LEAST_BYTE = 2

function quantise({ weights, offsets, labels }: LinearWeights): Quantised {
  const scales = new Float32Array(labels)
  for (let base = 0; base < weights.length; base += labels) {
    for (let label = 0; label < labels; label++) {
      scales[label] = Math.max(scales[label]!, Math.abs(weights[base + label]!))
    }
  }
  for (let label = 0; label < labels; label++) scales[label] = scales[label]! / 127 || 1
  const bytes = new Int8Array(weights.length)
  const columns = new Uint8Array(weights.length)
  const lengths = new Uint8Array(weights.length / labels)
  let size = 0
  for (let feature = 0; feature < lengths.length; feature++) {
    for (let label = 0; label < labels; label++) {
      const byte = Math.round(weights[feature * labels + label]! / scales[label]!)
      if (Math.abs(byte) < LEAST_BYTE) continue
      bytes[size] = byte
      columns[size++] = label
      lengths[feature]!++
    }
  }
  return { weights: sparseWeights(lengths, columns.slice(0, size), bytes.slice(0, size)), scales, offsets }
}

/** Puts stored weights together again. */
export function sparseWeights(lengths: Uint8Array, labels: Uint8Array, bytes: Int8Array): SparseWeights {
  const starts = new Uint32Array(lengths.length + 1)
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i]! + lengths[i]!
  return { lengths, starts, labels, bytes }
}

type Quantised = Pick<TextClassifier, 'weights' | 'scales' | 'offsets'>

/** The raw score of every label. */
export function scoresOf(classifier: TextClassifier, vector: SparseVector): Float32Array {
  const { weights, scales, offsets } = classifier
  const { starts, labels, bytes } = weights
  const scores = new Float32Array(offsets.length)
  const { ids, values } = vector
  for (let j = 0; j < ids.length; j++) {
    const value = values[j]!
    const end = starts[ids[j]! + 1]!
    for (let at = starts[ids[j]!]!; at < end; at++) scores[labels[at]!]! += bytes[at]! * value
  }
  for (let label = 0; label < scores.length; label++)
    scores[label] = scores[label]! * scales[label]! + offsets[label]!
  return scores
}

/** One weight, 0 where it was left out. */
export function weightOf({ weights, scales }: TextClassifier, feature: number, label: number): number {
  for (let at = weights.starts[feature]!; at < weights.starts[feature + 1]!; at++) {
    if (weights.labels[at] === label) return weights.bytes[at]! * scales[label]!
  }
  return 0
}

/** The probability of every label, in the order of `labels`. */
export function classify(classifier: TextClassifier, features: Features): Float32Array {
  return probabilities(scoresOf(classifier, classifier.vocabulary.vectorise(features)), classifier.sharpness)
}
