import { createHash } from 'node:crypto'
import { look } from './classifier-bank.ts'
import { type Judged, type Scores, scoresOfJudged } from './evaluation.ts'
import { extractFeatures } from './features.ts'
import type { Model } from './model.ts'
import { placeInLeaves } from './place-in-leaves.ts'
import { createReader } from './reader.ts'
import { createSubjectJudge } from './subject-judge.ts'
import {
  classifiersOf,
  createSight,
  type PastMessage,
  type ShippedContent,
  trainSubjects,
} from './train-shipped.ts'

/** Every fifth message by its words, so that the same words are never on both sides. */
const HELD_OUT_OF = 5
const LEAST_HELD_OUT = 20

/** A city's labelled messages, and what is served before they are learned. */
export interface HistoryLesson {
  content: ShippedContent
  history: readonly PastMessage[]
  served: Model
  /** Fingerprints of what the served model learned from: null when it does not say; none when it is as shipped. */
  learnedFrom: ReadonlySet<string> | null
}

/** Who looks on. */
export interface LessonWatch {
  /** Begins a part of the work. */
  onPart?(part: 'before' | 'candidate' | 'compare' | 'all'): void
  /** After each of `classifiersOf` classifiers of a training. */
  onTrained?(): void
  /** How "before" was had. */
  onRemark?(remark: BeforeRemark): void
}

/** Why "before" is not the served model as it is, or may flatter it. */
export type BeforeRemark =
  | { kind: 'past-unknown' }
  /** It learned from `seen` of the held-out; `gone` of its messages are no longer in the history. */
  | { kind: 'trained-anew'; seen: number; gone: number }

/** Why a history teaches nothing. */
export type LessonRefusal =
  | { because: 'too-few'; messages: number }
  | { because: 'one-label'; messages: number; label: string }

/** Two models that have not seen the held-out messages, judged by these. */
export interface Comparison {
  messages: number
  heldOut: number
  before: Scores
  after: Scores
  isWorse: boolean
}

/** Refused when there is too little to learn from and to compare with: one label teaches a model to answer nothing else. */
export function refusalOf(history: readonly PastMessage[]): LessonRefusal | null {
  const messages = history.length
  const labels = new Set(history.map(({ subject }) => subject))
  if (messages > 1 && labels.size === 1) return { because: 'one-label', messages, label: [...labels][0]! }
  return history.filter(isHeldOut).length < LEAST_HELD_OUT ? { because: 'too-few', messages } : null
}

/**
 * Compares what is served with what the history would teach, on a fifth of it that neither has seen: when the served model has, it is
 * trained anew without.
 */
export function compareHistory(lesson: HistoryLesson, watch: LessonWatch = {}): Comparison {
  const { content, history, served } = lesson
  const heldOut = history.filter(isHeldOut)
  const read = createReader(content.lexicon)
  const placed = placeInLeaves(history, served, createSight(read))
  const trainOn = (part: 'before' | 'candidate', isLearned: (index: number) => boolean) => {
    watch.onPart?.(part)
    const learned = placed.filter((message, i) => !isHeldOut(message) && isLearned(i))
    return trainSubjects(content, read, learned, watch.onTrained)
  }
  const known = knownTo(lesson, watch)
  const judge = known ? trainOn('before', i => known.has(history[i]!)) : served
  const candidate = trainOn('candidate', () => true)
  watch.onPart?.('compare')
  const before = scoresOf(judge, content, heldOut)
  const after = scoresOf(candidate, content, heldOut)
  const isWorse = after.accuracy < before.accuracy
  return { messages: history.length, heldOut: heldOut.length, before, after, isWorse }
}

/** What is published has learned from the held-out messages, too. */
export function learnAll(
  { content, history, served }: HistoryLesson,
  watch: LessonWatch = {},
): { model: Model; learnedFrom: string[] } {
  watch.onPart?.('all')
  const read = createReader(content.lexicon)
  const placed = placeInLeaves(history, served, createSight(read))
  return {
    model: trainSubjects(content, read, placed, watch.onTrained),
    learnedFrom: history.map(printOf),
  }
}

/** How many classifiers a whole lesson trains at most. */
export function stepsOf(content: ShippedContent): number {
  return 3 * classifiersOf(content)
}

function isHeldOut({ text }: PastMessage): boolean {
  return digestOf(text).readUInt32BE(0) % HELD_OUT_OF === 0
}

function digestOf(text: string): Buffer {
  return createHash('sha256')
    .update(text.replace(/[\s\p{P}]+/gu, ''))
    .digest()
}

/** Tells whether a message with this label was learned, and nothing of what it says. */
function printOf({ text, subject }: PastMessage): string {
  return `${digestOf(text).toString('hex').slice(0, 32)} ${subject}`
}

/** Scores of the subjects that a model names, each at the level of the message's own label. */
function scoresOf(model: Model, { lexicon }: ShippedContent, messages: readonly PastMessage[]): Scores {
  const see = createSight(createReader(lexicon))
  const subjects = createSubjectJudge(model, { threshold: 0 })
  const judged = messages.map(({ text, subject }): Judged => {
    const exhibit = look(model.banks.topical!, extractFeatures(see(text).topical, 'topical'))
    const level = subject.split('/').length as 1 | 2 | 3
    let [predicted, confidence] = ['', 0]
    for (const [id, share] of subjects.shares(exhibit, level))
      if (share > confidence) [predicted, confidence] = [id, share]
    return { label: subject, predicted, confidence }
  })
  return scoresOfJudged(judged)
}

/**
 * The messages that what is served has learned from, when some of the held-out are among them; null when none is, and it is compared as
 * it is. What it learned from and is no longer in the history cannot be learned anew; how much that is, is told.
 */
function knownTo(
  { history, learnedFrom }: HistoryLesson,
  { onRemark }: LessonWatch,
): Set<PastMessage> | null {
  if (!learnedFrom) {
    onRemark?.({ kind: 'past-unknown' })
    return null
  }
  const known = new Set(history.filter(message => learnedFrom.has(printOf(message))))
  const seen = [...known].filter(isHeldOut).length
  if (seen === 0) return null
  const gone = learnedFrom.size - new Set([...known].map(printOf)).size
  onRemark?.({ kind: 'trained-anew', seen, gone })
  return known
}
