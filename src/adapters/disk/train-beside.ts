import { setPriority } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Content } from '../../content/content.ts'
import { ContentError, formatProblem } from '../../content/content-problem.ts'
import { loadContent } from '../../content/load-content.ts'
import { createLogger } from '../../kernel/logger.ts'
import {
  type Comparison,
  compareHistory,
  type HistoryLesson,
  type LessonWatch,
  learnAll,
  refusalOf,
  stepsOf,
} from '../../language/learn-history.ts'
import { classifiersOf, type PastMessage } from '../../language/train-shipped.ts'
import type { TaskProgress } from '../../usecases/desk-task-ports.ts'
import type {
  ModelScore,
  TrainingRefusal,
  TrainingResult,
  TrainingWish,
} from '../../usecases/training-ports.ts'
import { loadModel } from './load-model.ts'
import { currentModel, keepModel } from './model-versions.ts'
import { readContent } from './read-content.ts'
import { readHistory } from './read-history.ts'
import { InputError } from './read-rows.ts'
import { workForLine } from './run-beside.ts'

/** What it is told. */
export interface TrainingOrder {
  root: string
  city: string
  dataDir: string
  wish: TrainingWish
}

/** Nice: who waits for an answer goes first. */
const BEHIND_ANSWERS = 10
const MOST_SUBJECTS = 60

type Tell = (progress: TaskProgress) => void

/** A process of its own: learns a history and keeps what came of it as a version that nobody serves yet. */
workForLine<TrainingOrder, TaskProgress, TrainingResult | TrainingRefusal>(async (order, tell) => {
  setPriority(BEHIND_ANSWERS)
  try {
    return await train(order, tell)
  } catch (error) {
    if (error instanceof InputError) return { because: 'input', text: error.message }
    if (error instanceof ContentError) return { because: 'content', text: formatProblem(error.problems[0]!) }
    throw error
  }
})

async function train(order: TrainingOrder, tell: Tell): Promise<TrainingResult | TrainingRefusal> {
  const { root, city, dataDir, wish } = order
  const content = loadContent(await readContent(root, city), city)
  const history = await historyOf(wish, content)
  const refusal = refusalOf(history)
  if (refusal) return { because: refusal.because, messages: refusal.messages }
  return learn(dataDir, await lessonOf(order, content, history), wish.by, tell)
}

async function historyOf(
  { table, corrections }: TrainingWish,
  { subjects }: Content,
): Promise<PastMessage[]> {
  const told = table
    ? await readHistory([{ path: table.name, bytes: Buffer.from(table.bytes) }], subjects, {
        columns: [],
        isUnknownSkipped: table.isUnknownSkipped,
        progress: () => {},
      })
    : []
  return [...told, ...corrections.filter(({ subject }) => subjects.byId(subject))]
}

async function lessonOf(
  { root, dataDir }: TrainingOrder,
  content: Content,
  history: PastMessage[],
): Promise<HistoryLesson> {
  const learned = await currentModel(dataDir)
  if (learned !== null && learned !== 'unreadable')
    return { content, history, served: learned.model, learnedFrom: learned.learnedFrom }
  const shipped = await loadModel(
    join(root, 'build', 'model.bin'),
    content,
    createLogger({ level: 'silent' }),
  )
  return { content, history, served: shipped, learnedFrom: new Set() }
}

async function learn(
  dataDir: string,
  lesson: HistoryLesson,
  by: string,
  tell: Tell,
): Promise<TrainingResult> {
  let isBeforeAnew = false
  const watch: LessonWatch = {
    ...tellingProgress(lesson, tell),
    onRemark: () => {
      isBeforeAnew = true
    },
  }
  const comparison = compareHistory(lesson, watch)
  const { messages, heldOut, isWorse } = comparison
  const [before, after] = [scoreOf(comparison.before), scoreOf(comparison.after)]
  const about = { by, messages, heldOut, before, after }
  const learned = learnAll(lesson, watch)
  // Should the line have gone meanwhile, this is where the process hears of it and ends.
  await setImmediate()
  const version = await keepModel(dataDir, { ...learned, about }, new Date())
  const { by: _, ...story } = about
  return { ...story, version, isWorse, isBeforeAnew, subjects: changesOf(comparison) }
}

/** Counts classifiers over all parts; a "before" that need not be trained is done at once. */
function tellingProgress({ content }: HistoryLesson, send: Tell): LessonWatch {
  const each = classifiersOf(content)
  const begins = { before: 0, candidate: each, compare: 2 * each, all: 2 * each }
  let progress: TaskProgress = { part: 'read', done: 0, of: stepsOf(content) }
  const tell = (changed: Partial<TaskProgress>) => {
    progress = { ...progress, ...changed }
    send(progress)
  }
  return {
    onPart: part => tell({ part, done: begins[part] }),
    onTrained: () => tell({ done: Math.min(progress.done + 1, progress.of) }),
  }
}

function scoreOf({ accuracy, macroF1, ece }: Comparison['before']): ModelScore {
  return { accuracy, macroF1, ece }
}

function changesOf({ before, after }: Comparison): TrainingResult['subjects'] {
  const now = new Map(after.perLabel.map(label => [label.label, label.f1]))
  return before.perLabel
    .map(({ label, n, f1 }) => ({ subject: label, n, before: f1, after: now.get(label) ?? 0 }))
    .toSorted((a, b) => b.n - a.n)
    .slice(0, MOST_SUBJECTS)
}
