import { createHash } from 'node:crypto'
import { extractFeatures, type Features } from './features.ts'
import { MODEL_VERSION, type Model } from './model.ts'
import type { Reader } from './reader.ts'
import type { EmergencyFile, IntentFile, Lexicon, RequestTypes } from './schemas.ts'
import { createPlaceFinder } from './slots/places.ts'
import type { Subject, SubjectTree } from './subject-tree.ts'
import { type Lesson, type Task, trainBank } from './train-bank.ts'
import { findValues, hideValues, type SeenWords } from './values.ts'

/** The content that the shipped model is learned from; no training data of any city is in it. */
export interface ShippedContent {
  subjects: SubjectTree
  intents: readonly IntentFile[]
  requestTypes: RequestTypes
  lexicon: Lexicon
  emergency: EmergencyFile
}

/** Names of the classifiers inside a model. */
export const classifierNames = {
  top: 'subject',
  /** Of the leaves below one top-level subject. */
  leavesOf: (top: string) => `subject/${top}`,
  intent: 'intent',
  requestType: 'request-type',
} as const

/** The top-level label of what is about no subject: yes, thank you, where is my case. */
export const NOTHING = '-'

/** Names, descriptions and word lists are read as short documents that count less than a real saying. */
const WORD_LIST_IMPORTANCE = 0.5
/** With a dozen examples a class, what was seen once is worth as much as the rest. */
const LEAST = { words: 1, others: 1 }
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

/** Learns all classifiers of the line from its own examples. Deterministic; a few seconds on one core. */
export function trainShipped(content: ShippedContent, read: Reader): Model {
  const see = createSight(read)
  return {
    contentHash: hashContent(content),
    banks: { topical: trainTopical(content, see), pragmatic: trainPragmatic(content, see) },
  }
}

/** Texts as the classifiers see them later: with values hidden. No city is known here, so places go by their endings. */
function createSight(read: Reader): (text: string) => SeenWords {
  const findPlaces = createPlaceFinder({ streets: [], landmarks: [] })
  return text => {
    const reading = read(text)
    return hideValues(reading, findValues(reading, findPlaces))
  }
}

type Sight = ReturnType<typeof createSight>

/** Documents of one bank and what they teach. */
class Library {
  readonly documents: Features[] = []
  readonly #see: Sight
  readonly #view: 'topical' | 'pragmatic'

  constructor(see: Sight, view: 'topical' | 'pragmatic') {
    this.#see = see
    this.#view = view
  }

  /** Adds a text; returns its number. */
  add(text: string): number {
    return this.documents.push(extractFeatures(this.#see(text)[this.#view], this.#view)) - 1
  }

  lesson(text: string, label: string, importance = 1): Lesson {
    return { document: this.add(text), label, importance }
  }
}

function trainTopical(content: ShippedContent, see: Sight) {
  const library = new Library(see, 'topical')
  const tops: Lesson[] = []
  const tasks: Task[] = []
  for (const top of content.subjects.tops) {
    const lessons: Lesson[] = []
    for (const subject of withBelow(top)) {
      for (const { text, importance } of documentsOf(subject)) {
        const lesson = library.lesson(text, top.id, importance)
        tops.push(lesson)
        if (subject.level === 3) lessons.push({ ...lesson, label: subject.id })
      }
    }
    if (top.children.length > 0) tasks.push({ name: classifierNames.leavesOf(top.id), lessons })
  }
  for (const intent of content.intents) {
    if (!isAct(intent)) continue
    tops.push(...[...intent.examples, ...intent.english].map(text => library.lesson(text, NOTHING)))
  }
  return trainBank(library.documents, [{ name: classifierNames.top, lessons: tops }, ...tasks], {
    view: 'topical',
    least: LEAST,
  })
}

/** What the conversation's core answers names no subject. */
function isAct({ id, flow }: IntentFile): boolean {
  return flow === null && id !== 'out-of-scope'
}

function withBelow(subject: Subject): Subject[] {
  return [subject, ...subject.children.flatMap(withBelow)]
}

interface Document {
  text: string
  importance: number
}

function documentsOf(subject: Subject): Document[] {
  const chinese = [subject.name, subject.about ?? '', ...subject.words].join('，')
  const english = [subject.en, ...subject.english]
  return [
    ...subject.examples.map(text => ({ text, importance: 1 })),
    { text: chinese, importance: WORD_LIST_IMPORTANCE },
    ...english.map(text => ({ text, importance: WORD_LIST_IMPORTANCE })),
  ]
}

function trainPragmatic(content: ShippedContent, see: Sight) {
  const library = new Library(see, 'pragmatic')
  const types = content.requestTypes.types.flatMap(type => [
    ...[...type.examples, ...type.english].map(text => library.lesson(text, type.id)),
    ...type.cues.map(text => library.lesson(text, type.id, WORD_LIST_IMPORTANCE)),
  ])
  const tasks: Task[] = [
    { name: classifierNames.intent, lessons: balanced(intentLessons(content, library)) },
    { name: classifierNames.requestType, lessons: types, rounds: 12 },
  ]
  return trainBank(library.documents, tasks, { view: 'pragmatic', least: LEAST })
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

function everyNth<T>(all: readonly T[]): T[] {
  return all.filter((_, i) => i % MATTER_SHARE === 0)
}

/** An intent with few sayings must not be drowned by one with many: rare ones count more. */
function balanced(lessons: readonly Lesson[]): Lesson[] {
  const counts = new Map<string, number>()
  for (const { label } of lessons) counts.set(label, (counts.get(label) ?? 0) + 1)
  const even = lessons.length / counts.size
  return lessons.map(lesson => ({
    ...lesson,
    importance: Math.max(1, Math.min(MOST_IMPORTANCE, Math.sqrt(even / counts.get(lesson.label)!))),
  }))
}

const MOST_IMPORTANCE = 3
