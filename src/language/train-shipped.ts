import { createHash } from 'node:crypto'
import { extractFeatures } from './features.ts'
import { MODEL_VERSION, type Model } from './model.ts'
import type { Reader } from './reader.ts'
import type { EmergencyFile, IntentFile, Lexicon, RequestTypes } from './schemas.ts'
import type { Subject, SubjectTree } from './subject-tree.ts'
import { type Example, type TextClassifier, trainTextClassifier } from './text-classifier.ts'

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
  const classifiers = new Map<string, TextClassifier>()
  classifiers.set(
    classifierNames.top,
    trainTextClassifier(subjectExamples(content.subjects.tops, topLabel, read), {
      view: 'topical',
      least: LEAST,
      cost: 1,
    }),
  )
  for (const top of content.subjects.tops) {
    if (leavesBelow(top).length < 2) continue
    classifiers.set(
      classifierNames.leavesOf(top.id),
      trainTextClassifier(subjectExamples(top.children, leafLabel, read), {
        view: 'topical',
        least: LEAST,
        cost: 1,
        rounds: 8,
      }),
    )
  }
  classifiers.set(
    classifierNames.intent,
    trainTextClassifier(intentExamples(content, read), { view: 'pragmatic', least: LEAST, cost: 1 }),
  )
  classifiers.set(
    classifierNames.requestType,
    trainTextClassifier(typeExamples(content.requestTypes, read), {
      view: 'pragmatic',
      least: LEAST,
      mostSharpness: 5,
    }),
  )
  return { contentHash: hashContent(content), classifiers }
}

/** Which label a document of this subject teaches; none where it is too general. */
type LabelOf = (subject: Subject) => string | undefined

const topLabel: LabelOf = subject => subject.id.split('/')[0]
const leafLabel: LabelOf = subject => (subject.level === 3 ? subject.id : undefined)

function subjectExamples(subjects: readonly Subject[], labelOf: LabelOf, read: Reader): Example[] {
  return subjects.flatMap(subject => {
    const label = labelOf(subject)
    const own =
      label === undefined ? [] : documentsOf(subject).map(document => example(document, label, read))
    return [...own, ...subjectExamples(subject.children, labelOf, read)]
  })
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

function example({ text, importance }: Document, label: string, read: Reader): Example {
  return { features: extractFeatures(read(text).tokens, 'topical'), label, importance }
}

function leavesBelow(subject: Subject): Subject[] {
  return subject.level === 3 ? [subject] : subject.children.flatMap(leavesBelow)
}

function intentExamples(content: ShippedContent, read: Reader): Example[] {
  const matters = content.subjects.leaves
    .flatMap(leaf => leaf.examples)
    .filter((_, i) => i % MATTER_SHARE === 0)
  const typed = content.requestTypes.types
    .filter(type => type.id !== 'consultation')
    .flatMap(type => type.examples)
  const sayings = [
    ...content.intents.flatMap(intent =>
      [...intent.examples, ...intent.english].map(text => ({ text, label: intent.id })),
    ),
    ...[...matters, ...typed].map(text => ({ text, label: 'file-matter' })),
    ...content.emergency.kinds.flatMap(kind => kind.examples.map(text => ({ text, label: 'emergency' }))),
  ]
  const english = content.subjects.leaves.flatMap(leaf => [leaf.en, ...leaf.english])
  const matter = (text: string) => ({ text, label: 'file-matter' })
  return [...sayings, ...english.map(matter)].map(({ text, label }) => ({
    features: extractFeatures(read(text).tokens, 'pragmatic'),
    label,
  }))
}

function typeExamples(requestTypes: RequestTypes, read: Reader): Example[] {
  return requestTypes.types.flatMap(type => [
    ...[...type.examples, ...type.english].map(text => ({
      features: extractFeatures(read(text).tokens, 'pragmatic'),
      label: type.id,
    })),
    ...type.cues.map(text => ({
      features: extractFeatures(read(text).tokens, 'pragmatic'),
      label: type.id,
      importance: WORD_LIST_IMPORTANCE,
    })),
  ])
}
