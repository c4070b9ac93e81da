import { logProbabilities, probabilities } from './calibration.ts'
import { type Features, featuresWithin, type View } from './features.ts'
import type { Span } from './understanding.ts'
import type { SparseVector, Vocabulary } from './vocabulary.ts'

/**
 * Classifiers that look at the same features of a text: one vocabulary and one table of weights for all of them, so that a text is
 * looked up once. A label is a column of the table; each classifier owns a run of columns.
 */
export interface ClassifierBank {
  view: View
  vocabulary: Vocabulary
  classifiers: Classifier[]
  weights: SparseWeights
  /** Weights are rounded to a byte with one scale a column: what is measured after training is what is loaded. */
  scales: Float32Array
  offsets: Float32Array
}

export interface Classifier {
  name: string
  labels: string[]
  /** The column of the first label. */
  first: number
  /** Of the softmax that makes probabilities. */
  sharpness: number
  /** Of centres: how much the margin classifiers' opinion counts beside theirs. */
  marginWeight?: number
}

/** For each feature its weights for some columns, feature after feature; those that round to almost nothing are left out. */
export interface SparseWeights {
  /** Where each feature's weights begin; one more entry than features. */
  starts: Uint32Array
  columns: Uint16Array
  bytes: Int8Array
}

/** A text as a bank sees it. */
export interface Look {
  bank: ClassifierBank
  features: Features
  /** Of each feature its id, -1 for unknown ones. */
  ids: Int32Array
  vector: SparseVector
  /** One per column. */
  scores: Float32Array
}

/** Looks at a text with all classifiers at once. */
export function look(bank: ClassifierBank, features: Features): Look {
  const ids = bank.vocabulary.idsOf(features)
  const vector = bank.vocabulary.vectorise(ids)
  return { bank, features, ids, vector, scores: scoresOf(bank, vector) }
}

/** Looks at a part of a text that was looked at: its features are those that lie within, and none is looked up again. */
export function lookWithin({ bank, features, ids }: Look, span: Span): Look {
  const part = featuresWithin(features, ids, span)
  const vector = bank.vocabulary.vectorise(part.ids)
  return { bank, ...part, vector, scores: scoresOf(bank, vector) }
}

function scoresOf({ weights, scales, offsets }: ClassifierBank, { ids, values }: SparseVector): Float32Array {
  const { starts, columns, bytes } = weights
  const scores = new Float32Array(offsets.length)
  for (let j = 0; j < ids.length; j++) {
    const value = values[j]!
    const end = starts[ids[j]! + 1]!
    for (let at = starts[ids[j]!]!; at < end; at++) scores[columns[at]!]! += bytes[at]! * value
  }
  for (let column = 0; column < scores.length; column++)
    scores[column] = scores[column]! * scales[column]! + offsets[column]!
  return scores
}

/** The classifier of that name. */
export function classifierIn(bank: ClassifierBank, name: string): Classifier | undefined {
  return bank.classifiers.find(classifier => classifier.name === name)
}

/** Every label with its probability. A text without a known word is equally likely to be anything. */
export function ranking({ labels, first, sharpness }: Classifier, { scores, vector }: Look): Ranked[] {
  const shares = probabilities(scores.subarray(first, first + labels.length), sharpness * vector.familiarity)
  return labels.map((label, i) => [label, shares[i]!])
}

/** The logarithms of the shares, in the order of the labels. */
export function logShares({ labels, first, sharpness }: Classifier, { scores, vector }: Look): Float32Array {
  return logProbabilities(scores.subarray(first, first + labels.length), sharpness * vector.familiarity)
}

export type Ranked = [label: string, share: number]

/** One weight, 0 where it was left out. */
export function weightOf({ weights, scales }: ClassifierBank, feature: number, column: number): number {
  const { starts, columns, bytes } = weights
  let at = starts[feature]!
  const end = starts[feature + 1]!
  // Columns ascend.
  while (at < end && columns[at]! < column) at++
  return at < end && columns[at] === column ? bytes[at]! * scales[column]! : 0
}
