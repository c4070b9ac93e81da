import { fitSharpness, type HeldOut } from './calibration.ts'
import { type Classifier, type ClassifierBank, classifierIn, type Look, look } from './classifier-bank.ts'
import { emphasisOf } from './emphasis.ts'
import type { Features, View } from './features.ts'
import { trainLinear } from './linear-classifier.ts'
import { type LeastCounts, learnVocabulary, type SparseVector, Vocabulary } from './vocabulary.ts'
import { WeightTable } from './weight-table.ts'

/** What one classifier learns from the documents of its bank. */
export interface Task {
  name: string
  lessons: Lesson[]
  /**
   * `margin`: what parts the labels from each other (a linear SVM). `centre`: what a label's documents have in common; a text's
   * scores are its cosines with the labels' centres.
   */
  kind?: 'margin' | 'centre'
  cost?: number
  rounds?: number
  seed?: number
  /** Examples of one author are alike and make a classifier look surer than it is with strangers' messages. */
  mostSharpness?: number
}

export interface Lesson {
  /** Index into the bank's documents. */
  document: number
  label: string
  /** How much it counts; 1 when left out. */
  importance?: number
  /** A word or a list, which calibration does not hold out. */
  isFragment?: boolean
}

export interface BankOptions {
  view: View
  /** Features in fewer documents are left out. */
  least?: LeastCounts
  /** Weights below this, of 127, are left out. Of many labels with few examples each, most small weights are noise. */
  leastWeight?: number
  /** Called after each classifier that was trained. */
  onTrained?: (() => void) | undefined
  /** Lets features count more that tell the first task's labels apart. */
  isEmphasised?: boolean
}

const ROUNDS = 8
const UNCALIBRATED = 4
/** Into how many parts the documents are dealt for calibration. */
const PARTS = 4

/** Trains all classifiers of a bank; how sure they may be is not known yet. Deterministic. */
export function trainBank(
  documents: readonly Features[],
  tasks: readonly Task[],
  { view, least = { words: 2, others: 2 }, leastWeight = 1.5, isEmphasised = false, onTrained }: BankOptions,
): ClassifierBank {
  const plain = learnVocabulary(documents, least)
  const vocabulary = isEmphasised ? emphasised(plain, documents, tasks[0]!) : plain
  const vectors = documents.map(features => vocabulary.vectorise(vocabulary.idsOf(features)))
  const table = new WeightTable(vocabulary.size, leastWeight)
  const classifiers = tasks.map((task): Classifier => {
    const labels = [...new Set(task.lessons.map(lesson => lesson.label))].sort()
    const first =
      task.kind === 'centre'
        ? addCentres(table, vectors, task, labels)
        : addMargins(table, vectors, task, labels)
    onTrained?.()
    return { name: task.name, labels, first, sharpness: UNCALIBRATED }
  })
  return withoutIdle({ view, vocabulary, classifiers, ...table.finish() })
}

/**
 * Without the features that no label gives weight to and one document only has: to a text they are as strange as unseen ones, and they
 * are half of all.
 */
function withoutIdle(bank: ClassifierBank): ClassifierBank {
  const { vocabulary, weights } = bank
  const { starts } = weights
  const kept = Array.from(vocabulary.counts.keys()).filter(
    id => vocabulary.counts[id]! > 1 || starts[id + 1]! > starts[id]!,
  )
  const lengths = Uint32Array.from(kept, id => starts[id + 1]! - starts[id]!)
  const from = new Uint32Array(kept.length + 1)
  for (const [i, length] of lengths.entries()) from[i + 1] = from[i]! + length
  // What is left out has no weights, so the others' stay where they are.
  return { ...bank, vocabulary: vocabulary.only(kept), weights: { ...weights, starts: from } }
}

function emphasised(plain: Vocabulary, documents: readonly Features[], { lessons }: Task): Vocabulary {
  const labels = [...new Set(lessons.map(lesson => lesson.label))]
  const vectors = lessons.map(({ document }) => plain.vectorise(plain.idsOf(documents[document]!)))
  const targets = lessons.map(({ label }) => labels.indexOf(label))
  const emphasis = emphasisOf(vectors, targets, { labels: labels.length, features: plain.size })
  return new Vocabulary(plain.hashes, plain.counts, plain.documents, emphasis)
}

/** A full message seen by a bank that was trained without it, and what it should have been taken for. */
export interface HeldOutLook {
  look: Look
  labels: Map<string, string>
}

/**
 * Trains a bank and calibrates it: as many quarters of the documents as `folds` says are held out in turn, and each classifier gets the
 * sharpness under which they surprise it least. They are returned for whoever combines classifiers.
 */
export function trainCalibrated(
  documents: readonly Features[],
  tasks: readonly Task[],
  { folds, ...options }: BankOptions & { folds: number },
): { bank: ClassifierBank; heldOut: HeldOutLook[] } {
  const bank = trainBank(documents, tasks, options)
  const parts = Array.from({ length: folds }, (_, fold) => withheld(documents, tasks, { ...options, fold }))
  const heldOut = parts.flatMap(part => part.looks)
  for (const [i, task] of tasks.entries()) {
    const sharpness = fitSharpness(scoresFor(task.name, heldOut), task.mostSharpness)
    bank.classifiers[i]!.sharpness = sharpness
    for (const part of parts) part.bank.classifiers[i]!.sharpness = sharpness
  }
  return { bank, heldOut }
}

function withheld(
  documents: readonly Features[],
  tasks: readonly Task[],
  { fold, ...options }: BankOptions & { fold: number },
): { bank: ClassifierBank; looks: HeldOutLook[] } {
  const labels = new Map<number, Map<string, string>>()
  // Only full messages are held out; which quarter they are in goes by the order in which they come.
  let next = 0
  for (const { name, lessons } of tasks) {
    for (const { document, label, isFragment } of lessons) {
      if (isFragment) continue
      if (!labels.has(document)) labels.set(document, next++ % PARTS === fold ? new Map() : KEPT)
      if (labels.get(document) !== KEPT) labels.get(document)!.set(name, label)
    }
  }
  const isHeldOut = (document: number) => (labels.get(document) ?? KEPT) !== KEPT
  const kept = documents.map((features, i) => (isHeldOut(i) ? NO_FEATURES : features))
  // Calibration needs the way, not the last step.
  const rest = tasks.map(task => ({
    ...task,
    rounds: Math.ceil((task.rounds ?? ROUNDS) / 2),
    lessons: task.lessons.filter(lesson => !isHeldOut(lesson.document)),
  }))
  const bank = trainBank(kept, rest, options)
  const looks = [...labels].flatMap(([document, own]) =>
    own === KEPT ? [] : [{ look: look(bank, documents[document]!), labels: own }],
  )
  return { bank, looks }
}

const KEPT: Map<string, string> = new Map()
const NO_FEATURES: Features = { hashes: new Uint32Array(0), spans: new Uint32Array(0), length: 0 }

/** As sure as the familiar part of each text allows. */
function scoresFor(name: string, heldOut: readonly HeldOutLook[]): HeldOut {
  const scores: Float32Array[] = []
  const targets: number[] = []
  for (const { look: seen, labels } of heldOut) {
    const classifier = classifierIn(seen.bank, name)!
    const target = classifier.labels.indexOf(labels.get(name) ?? '')
    if (target < 0) continue
    const own = seen.scores.subarray(classifier.first, classifier.first + classifier.labels.length)
    scores.push(own.map(score => score * seen.vector.familiarity))
    targets.push(target)
  }
  return { scores, targets }
}

function addMargins(
  table: WeightTable,
  vectors: readonly SparseVector[],
  task: Task,
  labels: string[],
): number {
  const { lessons, cost = 1, rounds = ROUNDS, seed = 1 } = task
  const column = new Map(labels.map((label, i) => [label, i]))
  const { ids, numbered } = renumbered(
    lessons.map(({ document }) => vectors[document]!),
    table.features,
  )
  const set = {
    vectors: numbered,
    targets: Int32Array.from(lessons, lesson => column.get(lesson.label)!),
    importance: Float32Array.from(lessons, lesson => lesson.importance ?? 1),
    labels: labels.length,
    features: ids.length,
  }
  return table.addLinear(trainLinear(set, { cost, rounds, seed }), ids)
}

/** Documents with their features numbered anew, so that training touches no memory of others. */
function renumbered(vectors: readonly SparseVector[], features: number) {
  const ids: number[] = []
  const own = new Int32Array(features).fill(-1)
  for (const vector of vectors) {
    for (const id of vector.ids) if (own[id] === -1) own[id] = ids.push(id) - 1
  }
  return { ids, numbered: vectors.map(vector => ({ ...vector, ids: vector.ids.map(id => own[id]!) })) }
}

/** Each label's centre: the sum of its documents, of length 1. */
function addCentres(
  table: WeightTable,
  vectors: readonly SparseVector[],
  task: Task,
  labels: string[],
): number {
  const sums = new Map(labels.map(label => [label, new Map<number, number>()]))
  for (const { document, label, importance = 1 } of task.lessons) {
    const { ids, values } = vectors[document]!
    const sum = sums.get(label)!
    ids.forEach((id, j) => {
      sum.set(id, (sum.get(id) ?? 0) + importance * values[j]!)
    })
  }
  return table.addSparse([...sums.values()])
}

/** Rare labels count more: by the square root of how much rarer than the mean they are, within bounds. */
export function balanced(
  lessons: readonly Lesson[],
  { least = 0, most = Number.POSITIVE_INFINITY }: { least?: number; most?: number } = {},
): Lesson[] {
  const counts = new Map<string, number>()
  for (const { label } of lessons) counts.set(label, (counts.get(label) ?? 0) + 1)
  const even = lessons.length / counts.size
  return lessons.map(lesson => ({
    ...lesson,
    importance: Math.max(least, Math.min(most, Math.sqrt(even / counts.get(lesson.label)!))),
  }))
}
