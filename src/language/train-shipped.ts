import { createHash } from 'node:crypto'
import type { ClassifierBank } from './classifier-bank.ts'
import { classifierNames, isAct, NOTHING } from './classifier-names.ts'
import { extractFeatures, type Features } from './features.ts'
import { MODEL_VERSION, type Model } from './model.ts'
import type { Reader } from './reader.ts'
import type { EmergencyFile, IntentFile, Lexicon, OutcomeFile, RequestTypes } from './schemas.ts'
import { createPlaceFinder } from './slots/places.ts'
import { fitSubjectBlend } from './subject-judge.ts'
import { idAtLevel, type Subject, type SubjectTree } from './subject-tree.ts'
import { balanced, type Lesson, type Task, trainCalibrated } from './train-bank.ts'
import { findValues, hideValues, type SeenWords } from './values.ts'

/** The content that the shipped model is learned from; no training data of any city is in it. */
export interface ShippedContent {
  subjects: SubjectTree
  intents: readonly IntentFile[]
  requestTypes: RequestTypes
  lexicon: Lexicon
  emergency: EmergencyFile
  outcomes: OutcomeFile
}

/** Single words, names and what is said in another language than most count less than a real saying. */
const WORD_IMPORTANCE = 0.5
/** A class's words all together: no message, but the surest that is known of it. */
const LIST_IMPORTANCE = 3
/** With a dozen examples a class, what was seen once is worth as much as the rest. */
const LEAST = { words: 1, others: 1 }
/** An intent with few sayings must not be drowned by one with many. */
const INTENT_IMPORTANCE = { least: 1, most: 3 }
/** Of many labels with a dozen examples each most small weights are noise; thousands of messages mean theirs. */
const LEAST_WEIGHT = { topical: 12, withHistory: 1.5, pragmatic: 2.5 }
/** Every how manieth subject example also teaches the intent file-matter: all of them would drown the others. */
const MATTER_SHARE = 3

/** Changes whenever the content or the feature code does; names the cached model. */
export function hashContent(content: ShippedContent): string {
  const tops = content.subjects.tops.map(plain)
  const { intents, requestTypes, lexicon, emergency } = content
  return createHash('sha256')
    .update(JSON.stringify([MODEL_VERSION, tops, intents, requestTypes, lexicon, emergency]))
    .digest('hex')
}

function plain({ id, name, en, about, words, examples, english, children }: Subject): unknown {
  return [id, name, en, about, words, examples, english, children.map(plain)]
}

/** A message of a city's own history. */
export interface PastMessage {
  /** With the headline, when there was one, as its first line. */
  text: string
  /** Full id of a subject of any level. */
  subject: string
}

/**
 * Learns all classifiers of the line from its own examples, and its subjects from a city's history too. Deterministic; a few seconds
 * on one core, and about one more for each thousand messages.
 */
export function trainShipped(
  content: ShippedContent,
  read: Reader,
  history: readonly PastMessage[] = [],
): Model {
  const see = createSight(read)
  return {
    contentHash: hashContent(content),
    banks: { topical: trainTopical(content, see, history), pragmatic: trainPragmatic(content, see) },
  }
}

/** Texts as the classifiers see them later: with values hidden. No city is known here, so places go by their endings. */
export function createSight(read: Reader): (text: string) => SeenWords {
  const findPlaces = createPlaceFinder({ streets: [], landmarks: [], lines: [] })
  return text => {
    const reading = read(text)
    return hideValues(reading, findValues(reading, findPlaces))
  }
}

/**
 * Learns what messages are about and nothing else, for a city's own history: the rest it leaves as shipped. `onTrained` is called
 * after each of `classifiersOf` classifiers.
 */
export function trainSubjects(
  content: ShippedContent,
  read: Reader,
  history: readonly PastMessage[],
  onTrained?: () => void,
): Model {
  const topical = trainTopical(content, createSight(read), history, onTrained)
  return { contentHash: hashContent(content), banks: { topical } }
}

/** How many classifiers of subjects are trained: tops, their leaves and the centres, each again for calibration. */
export function classifiersOf({ subjects }: ShippedContent): number {
  return 2 * (subjects.tops.filter(({ children }) => children.length > 0).length + 2)
}

type Sight = ReturnType<typeof createSight>

/** Documents of one bank and what they teach. */
class Library {
  readonly documents: Features[] = []
  readonly #known = new Map<string, number>()
  readonly #see: Sight
  readonly #view: 'topical' | 'pragmatic'

  constructor(see: Sight, view: 'topical' | 'pragmatic') {
    this.#see = see
    this.#view = view
  }

  /** Adds a text unless it is there; returns its number. */
  add(text: string): number {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const added = this.documents.push(extractFeatures(this.#see(text)[this.#view], this.#view)) - 1
    this.#known.set(text, added)
    return added
  }

  lesson(text: string, label: string): Lesson {
    return { document: this.add(text), label }
  }

  fragment(text: string, label: string, importance: number): Lesson {
    return { document: this.add(text), label, importance, isFragment: true }
  }
}

function trainTopical(
  content: ShippedContent,
  see: Sight,
  history: readonly PastMessage[],
  onTrained?: () => void,
): ClassifierBank {
  const library = new Library(see, 'topical')
  const past = Map.groupBy(history, ({ subject }) => idAtLevel(subject, 1))
  const tops: Lesson[] = []
  const centres: Lesson[] = []
  const leaves: Task[] = []
  for (const top of content.subjects.tops) {
    const lessons: Lesson[] = []
    for (const { lesson, subject } of lessonsBelow(top, past.get(top.id) ?? [], content.subjects, library)) {
      tops.push(lesson)
      if (subject.children.length === 0) centres.push({ ...lesson, label: subject.id })
      if (subject.level === 3) lessons.push({ ...lesson, label: subject.id })
    }
    if (lessons.length > 0) leaves.push({ name: classifierNames.leavesOf(top.id), lessons, rounds: 5 })
  }
  for (const intent of content.intents) {
    if (!isAct(intent)) continue
    const acts = [...intent.examples, ...intent.english].map(text => library.lesson(text, NOTHING))
    tops.push(...acts)
    centres.push(...acts)
  }
  const tasks: Task[] = [
    { name: classifierNames.top, lessons: tops },
    ...leaves,
    { name: classifierNames.centres, lessons: centres, kind: 'centre' },
  ]
  const { bank, heldOut } = trainCalibrated(library.documents, tasks, {
    view: 'topical',
    least: LEAST,
    leastWeight: history.length > 0 ? LEAST_WEIGHT.withHistory : LEAST_WEIGHT.topical,
    folds: 1,
    onTrained,
  })
  fitSubjectBlend(bank, heldOut)
  return bank
}

/** What teaches a top-level subject, each with the subject that it is about. */
function lessonsBelow(
  top: Subject,
  past: readonly PastMessage[],
  { byId }: SubjectTree,
  library: Library,
): { lesson: Lesson; subject: Subject }[] {
  const written = withBelow(top).flatMap(subject =>
    lessonsOf(subject, top.id, library).map(lesson => ({ lesson, subject })),
  )
  const told = past.map(({ text, subject }) => ({
    lesson: library.lesson(text, top.id),
    subject: byId(subject)!,
  }))
  return [...written, ...told]
}

function withBelow(subject: Subject): Subject[] {
  return [subject, ...subject.children.flatMap(withBelow)]
}

function lessonsOf(subject: Subject, label: string, library: Library): Lesson[] {
  const list = [subject.name, subject.about ?? '', ...subject.words].join('，')
  const words = [subject.name, ...subject.words, subject.en]
  return [
    ...subject.examples.map(text => library.lesson(text, label)),
    library.fragment(list, label, LIST_IMPORTANCE),
    ...words.map(text => library.fragment(text, label, WORD_IMPORTANCE)),
    // Not held out: few people write English, and calibration is for the many.
    ...subject.english.map(text => library.fragment(text, label, 1)),
  ]
}

function trainPragmatic(content: ShippedContent, see: Sight): ClassifierBank {
  const library = new Library(see, 'pragmatic')
  const types = content.requestTypes.types.flatMap(type => [
    ...[...type.examples, ...type.english].map(text => library.lesson(text, type.id)),
    ...type.cues.map(text => library.fragment(text, type.id, WORD_IMPORTANCE)),
  ])
  const tasks: Task[] = [
    { name: classifierNames.intent, lessons: balanced(intentLessons(content, library), INTENT_IMPORTANCE) },
    { name: classifierNames.requestType, lessons: types, rounds: 12 },
    { name: classifierNames.danger, lessons: dangerLessons(content, library) },
  ]
  const leastWeight = LEAST_WEIGHT.pragmatic
  return trainCalibrated(library.documents, tasks, { view: 'pragmatic', least: LEAST, leastWeight, folds: 1 })
    .bank
}

function intentLessons(
  { subjects, intents, requestTypes, emergency }: ShippedContent,
  library: Library,
): Lesson[] {
  const matters = [
    ...everyNth(subjects.leaves.flatMap(leaf => leaf.examples)),
    ...everyNth(subjects.leaves.flatMap(leaf => leaf.english)),
    ...requestTypes.types.filter(type => type.id !== 'consultation').flatMap(type => type.examples),
  ]
  return [
    ...intents.flatMap(intent =>
      [...intent.examples, ...intent.english].map(text => library.lesson(text, intent.id)),
    ),
    ...matters.map(text => library.lesson(text, 'file-matter')),
    ...emergency.kinds.flatMap(kind => kind.examples.map(text => library.lesson(text, 'emergency'))),
  ]
}

/** What nobody should miss counts more; what is told of safety and police is half a danger itself. */
const DANGER_IMPORTANCE = { danger: 4, safe: 2, harmless: 1, near: 0.5 }

/** Fragments, all of them: how sure the alarm may be is set by hand, and calibration is spared thousands of sentences. */
function dangerLessons({ subjects, intents, emergency }: ShippedContent, library: Library): Lesson[] {
  const { danger, safe, harmless, near } = DANGER_IMPORTANCE
  const isNear = (id: string) => /^(?:emergency-safety|public-security)\//u.test(id)
  const say = (texts: readonly string[], label: string, importance: number) =>
    texts.map(text => library.fragment(text, label, importance))
  return [
    ...emergency.kinds.flatMap(kind => say(kind.examples, kind.id, danger)),
    ...say(emergency.safe, NOTHING, safe),
    ...subjects.leaves.flatMap(({ id, examples, english }) =>
      say([...examples, ...english], NOTHING, isNear(id) ? near : harmless),
    ),
    ...intents
      .filter(intent => intent.id !== 'emergency')
      .flatMap(intent => say([...intent.examples, ...intent.english], NOTHING, harmless)),
  ]
}

function everyNth<T>(all: readonly T[]): T[] {
  return all.filter((_, i) => i % MATTER_SHARE === 0)
}
