import { fitSharpness, probabilities } from './calibration.ts'
import type { Features, View } from './features.ts'
import { trainLinear } from './linear-classifier.ts'
import { learnVocabulary, type SparseVector, type Vocabulary } from './vocabulary.ts'

/**
 * A trained classifier. Weights are rounded to a byte with one scale a label: a quarter of the size, and what
 * is measured after training is what is loaded later.
 */
export interface TextClassifier {
  view: View
  labels: string[]
  vocabulary: Vocabulary
  /** Feature by feature, one byte a label. */
  weights: Int8Array
  scales: Float32Array
  offsets: Float32Array
  /** Of the softmax that makes probabilities. */
  sharpness: number
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
  atLeast?: number
  cost?: number
  /** Parts of the cross-validation that fits the sharpness; below 2 it is left at 4. */
  folds?: number
  seed?: number
}

/** Trains a classifier and calibrates it on its own examples by cross-validation. */
export function trainTextClassifier(
  examples: readonly Example[],
  options: TextClassifierOptions,
): TextClassifier {
  const { view, atLeast = 2, cost = 1, folds = 4, seed = 1 } = options
  const labels = [...new Set(examples.map(example => example.label))].sort()
  const targets = Int32Array.from(examples, example => labels.indexOf(example.label))
  const vocabulary = learnVocabulary(
    examples.map(example => example.features),
    atLeast,
  )
  const vectors = examples.map(example => vocabulary.vectorise(example.features))
  const importance = Float32Array.from(examples, example => example.importance ?? 1)
  const fit = (indices: readonly number[]) => {
    const trained = trainLinear(
      {
        vectors: indices.map(i => vectors[i]!),
        targets: Int32Array.from(indices, i => targets[i]!),
        importance: Float32Array.from(indices, i => importance[i]!),
        labels: labels.length,
        features: vocabulary.size,
      },
      { cost, seed },
    )
    return quantise(trained.weights, trained.offsets)
  }
  const all = examples.map((_, i) => i)
  const classifier = { view, labels, vocabulary, sharpness: 4, ...fit(all) }
  if (folds >= 2) classifier.sharpness = crossValidate(classifier, fit, { vectors, targets, importance, folds })
  return classifier
}

interface Validation {
  vectors: SparseVector[]
  targets: Int32Array
  importance: Float32Array
  folds: number
}

type Fit = (indices: readonly number[]) => Pick<TextClassifier, 'weights' | 'scales' | 'offsets'>

/** Single words and names (low importance) help to learn but are no messages, so they do not calibrate. */
function crossValidate(classifier: TextClassifier, fit: Fit, validation: Validation): number {
  const { vectors, targets, importance, folds } = validation
  const scores: Float32Array[] = []
  const truths: number[] = []
  for (let fold = 0; fold < folds; fold++) {
    const kept = vectors.map((_, i) => i).filter(i => i % folds !== fold)
    const part = { ...classifier, ...fit(kept) }
    for (let i = fold; i < vectors.length; i += folds) {
      if (importance[i]! < 1) continue
      scores.push(scoresOf(part, vectors[i]!))
      truths.push(targets[i]!)
    }
  }
  return scores.length > 0 ? fitSharpness({ scores, targets: truths }) : 4
}

function quantise(
  weights: Float32Array,
  offsets: Float32Array,
): Pick<TextClassifier, 'weights' | 'scales' | 'offsets'> {
  const labels = offsets.length
  const scales = new Float32Array(labels)
  for (let i = 0; i < weights.length; i++) {
    const size = Math.abs(weights[i]!)
    if (size > scales[i % labels]!) scales[i % labels] = size
  }
  for (let label = 0; label < labels; label++) scales[label] = scales[label]! / 127 || 1
  return { weights: Int8Array.from(weights, (weight, i) => Math.round(weight / scales[i % labels]!)), scales, offsets }
}

/** The raw score of every label. */
export function scoresOf(classifier: TextClassifier, vector: SparseVector): Float32Array {
  const { weights, scales, offsets } = classifier
  const labels = offsets.length
  const scores = new Float32Array(labels)
  const { ids, values } = vector
  for (let j = 0; j < ids.length; j++) {
    const base = ids[j]! * labels
    const value = values[j]!
    for (let label = 0; label < labels; label++) scores[label]! += weights[base + label]! * value
  }
  for (let label = 0; label < labels; label++) scores[label] = scores[label]! * scales[label]! + offsets[label]!
  return scores
}

/** The probability of every label, in the order of `labels`. */
export function classify(classifier: TextClassifier, features: Features): Float32Array {
  return probabilities(
    scoresOf(classifier, classifier.vocabulary.vectorise(features)),
    classifier.sharpness,
  )
}
