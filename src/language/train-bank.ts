import { fitSharpness } from './calibration.ts'
import type { Classifier, ClassifierBank, SparseWeights } from './classifier-bank.ts'
import type { Features, View } from './features.ts'
import { type LinearWeights, scoreLinear, type TrainingOptions, trainLinear } from './linear-classifier.ts'
import { type LeastCounts, learnVocabulary, type SparseVector } from './vocabulary.ts'

/** What one classifier learns from the documents of its bank. */
export interface Task {
  name: string
  lessons: Lesson[]
  cost?: number
  rounds?: number
  /** How many quarters of the lessons are held out in turn to calibrate; 0 leaves the sharpness at 4. */
  folds?: number
  /** Examples of one author are alike and make a classifier look surer than it is with strangers' messages. */
  mostSharpness?: number
  seed?: number
}

export interface Lesson {
  /** Index into the bank's documents. */
  document: number
  label: string
  /** How much it counts; 1 when left out. Below 1 it is no full message, and calibration leaves it out. */
  importance?: number
}

export interface BankOptions {
  view: View
  /** Features in fewer documents are left out. */
  least?: LeastCounts
}

/** Trains all classifiers of a bank and calibrates each on its own lessons by cross-validation. Deterministic. */
export function trainBank(
  documents: readonly Features[],
  tasks: readonly Task[],
  { view, least = { words: 2, others: 2 } }: BankOptions,
): ClassifierBank {
  const vocabulary = learnVocabulary(documents, least)
  const vectors = documents.map(features => vocabulary.vectorise(features))
  const table = new Table(vocabulary.size)
  const classifiers = tasks.map((task): Classifier => {
    const set = gather(vectors, task)
    const { cost = 1, rounds = 8, seed = 1, folds = 1 } = task
    const first = table.add(trainLinear(set, { cost, rounds, seed }), set.ids)
    const sharpness =
      folds > 0
        ? fitSharpness(heldOutScores(set, { cost, rounds, seed, folds }), task.mostSharpness)
        : UNCALIBRATED
    return { name: task.name, labels: set.names, first, sharpness }
  })
  return { view, vocabulary, classifiers, ...table.finish() }
}

const UNCALIBRATED = 4
/** Into how many parts the lessons are dealt for calibration. */
const PARTS = 4

interface GatheredSet {
  vectors: SparseVector[]
  targets: Int32Array
  importance: Float32Array
  names: string[]
  labels: number
  features: number
  /** The bank's id of each of the set's features. */
  ids: Int32Array
}

/** The task's own documents with their features numbered anew, so that training touches no memory of others. */
function gather(vectors: readonly SparseVector[], { lessons }: Task): GatheredSet {
  const names = [...new Set(lessons.map(lesson => lesson.label))].sort()
  const column = new Map(names.map((name, i) => [name, i]))
  const ids: number[] = []
  const own = new Map<number, number>()
  const renumber = (id: number) => {
    let number = own.get(id)
    if (number === undefined) {
      number = ids.push(id) - 1
      own.set(id, number)
    }
    return number
  }
  return {
    vectors: lessons.map(({ document }) => {
      const vector = vectors[document]!
      return { ...vector, ids: vector.ids.map(renumber) }
    }),
    targets: Int32Array.from(lessons, lesson => column.get(lesson.label)!),
    importance: Float32Array.from(lessons, lesson => lesson.importance ?? 1),
    names,
    labels: names.length,
    features: ids.length,
    ids: Int32Array.from(ids),
  }
}

/** Scores of full messages by a classifier that has not seen them, as sure as their familiar part allows. */
function heldOutScores(
  set: GatheredSet,
  { folds, ...options }: TrainingOptions & { folds: number },
): { scores: Float32Array[]; targets: number[] } {
  const scores: Float32Array[] = []
  const targets: number[] = []
  for (let fold = 0; fold < folds; fold++) {
    const kept = Array.from(set.vectors.keys()).filter(i => i % PARTS !== fold)
    const vectors = kept.map(i => set.vectors[i]!)
    const part = trainLinear(
      {
        ...set,
        vectors,
        targets: Int32Array.from(kept, i => set.targets[i]!),
        importance: Float32Array.from(kept, i => set.importance[i]!),
      },
      options,
    )
    const isSeen = new Uint8Array(set.features)
    for (const { ids } of vectors) for (const id of ids) isSeen[id] = 1
    for (let i = fold; i < set.vectors.length; i += PARTS) {
      if (set.importance[i]! < 1) continue
      scores.push(scoreStranger(part, set.vectors[i]!, isSeen))
      targets.push(set.targets[i]!)
    }
  }
  return { scores, targets }
}

/** As if the features that the part never saw were not in the vocabulary. */
function scoreStranger(part: LinearWeights, vector: SparseVector, isSeen: Uint8Array): Float32Array {
  let square = 0
  vector.ids.forEach((id, j) => {
    if (isSeen[id]) square += vector.values[j]! ** 2
  })
  const seen = Math.sqrt(square)
  const scores = scoreLinear(part, vector)
  return scores.map(
    (score, label) => vector.familiarity * (score - part.offsets[label]! + seen * part.offsets[label]!),
  )
}

/** Weights that round below this of 127 are left out. */
const LEAST_BYTE = 2

/** The weights of all classifiers, feature by feature. */
class Table {
  readonly #entries: { feature: Int32Array; column: Uint16Array; byte: Int8Array }[] = []
  readonly #scales: number[] = []
  readonly #offsets: number[] = []
  readonly #features: number

  constructor(features: number) {
    this.#features = features
  }

  /** Takes over a classifier's weights, rounded; returns its first column. */
  add({ weights, offsets, labels }: LinearWeights, ids: Int32Array): number {
    const first = this.#scales.length
    const scales = new Float32Array(labels)
    for (let base = 0; base < weights.length; base += labels) {
      for (let label = 0; label < labels; label++)
        scales[label] = Math.max(scales[label]!, Math.abs(weights[base + label]!))
    }
    for (let label = 0; label < labels; label++) scales[label] = scales[label]! / 127 || 1
    const feature = new Int32Array(weights.length)
    const column = new Uint16Array(weights.length)
    const byte = new Int8Array(weights.length)
    let size = 0
    for (let i = 0; i < weights.length; i++) {
      const label = i % labels
      const rounded = Math.round(weights[i]! / scales[label]!)
      if (Math.abs(rounded) < LEAST_BYTE) continue
      feature[size] = ids[(i - label) / labels]!
      column[size] = first + label
      byte[size++] = rounded
    }
    this.#entries.push({
      feature: feature.slice(0, size),
      column: column.slice(0, size),
      byte: byte.slice(0, size),
    })
    this.#scales.push(...scales)
    this.#offsets.push(...offsets)
    return first
  }

  finish(): { weights: SparseWeights; scales: Float32Array; offsets: Float32Array } {
    const starts = new Uint32Array(this.#features + 1)
    for (const { feature } of this.#entries) for (const id of feature) starts[id + 1]!++
    for (let id = 0; id < this.#features; id++) starts[id + 1]! += starts[id]!
    const next = starts.slice()
    const columns = new Uint16Array(starts[this.#features]!)
    const bytes = new Int8Array(columns.length)
    // Entries come in the order of their columns, so each feature's columns ascend.
    for (const { feature, column, byte } of this.#entries) {
      feature.forEach((id, i) => {
        columns[next[id]!] = column[i]!
        bytes[next[id]!++] = byte[i]!
      })
    }
    return {
      weights: { starts, columns, bytes },
      scales: Float32Array.from(this.#scales),
      offsets: Float32Array.from(this.#offsets),
    }
  }
}
