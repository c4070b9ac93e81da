import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import type { DeskTask } from './desk-task-ports.ts'
import type { DeskTasks } from './desk-tasks.ts'
import type { Line } from './line.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Account } from './ports.ts'
import type {
  ModelShelf,
  ModelTrainer,
  ModelVersion,
  TrainingRefusal,
  TrainingResult,
  TrainingWish,
} from './training-ports.ts'

/** What training and its versions are made of. */
export interface TrainingParts {
  tasks: DeskTasks
  trainer: ModelTrainer
  shelf: ModelShelf
  /** The version that this instance has served since its start; null: as shipped. */
  served: string | null
}

/** What to learn from. */
export interface WantedTraining {
  table: TrainingWish['table']
  /** Learns the subjects that people at the desk put right, too. */
  hasCorrections: boolean
}

/**
 * Trains a model of subjects as a task. What comes of it is a version that nobody serves until it is chosen.
 * @throws AppError `task-running`, `action-forbidden`
 */
export async function trainAtDesk(
  { store }: Pick<Line, 'store'>,
  account: Account,
  { tasks, trainer }: TrainingParts,
  { table, hasCorrections }: WantedTraining,
): Promise<DeskTask> {
  return tasks.begin(account, 'training', { part: 'read', done: 0, of: 1 }, async watch => {
    const corrected = hasCorrections ? await store.corrections() : []
    const corrections = corrected.map(({ words, subject }) => ({ text: words, subject }))
    const result = await trainer.train({ table, corrections, by: account.login }, watch)
    return { state: 'version' in result ? 'done' : 'failed', result }
  })
}

/** Versions of the model of subjects, newest first, and which of them are served and chosen. */
export interface ModelList {
  versions: ModelVersion[]
  served: string | null
  chosen: string | null
}

/** @throws AppError `action-forbidden` for all but administrators */
export async function listModels(
  account: Account,
  { shelf, served }: Pick<TrainingParts, 'shelf' | 'served'>,
): Promise<ModelList> {
  checkAdministrator(account)
  const [versions, chosen] = await Promise.all([shelf.versions(), shelf.chosen()])
  return { versions, served, chosen }
}

/**
 * The next start serves this version; null: the subjects as shipped.
 * @throws AppError `model-not-found`, `action-forbidden`
 */
export async function chooseModel(
  { logger }: Pick<Line, 'logger'>,
  account: Account,
  { shelf }: Pick<TrainingParts, 'shelf'>,
  version: string | null,
): Promise<void> {
  checkAdministrator(account)
  if (version !== null) await find(shelf, version)
  await shelf.choose(version)
  logger.info({ version, account: account.login }, 'a model was chosen for the next start')
}

/** Throws a version away. @throws AppError `model-in-use` for the chosen and the served one, `model-not-found`, `action-forbidden` */
export async function discardModel(
  { logger }: Pick<Line, 'logger'>,
  account: Account,
  { shelf, served }: Pick<TrainingParts, 'shelf' | 'served'>,
  version: string,
): Promise<void> {
  checkAdministrator(account)
  await find(shelf, version)
  if (version === served || version === (await shelf.chosen())) throw new AppError('model-in-use')
  await shelf.discard(version)
  logger.info({ version, account: account.login }, 'a model was thrown away')
}

async function find(shelf: ModelShelf, version: string): Promise<void> {
  const versions = await shelf.versions()
  if (!versions.some(each => each.version === version)) throw new AppError('model-not-found')
}

/** The result of a training task with its subjects' names. */
export function nameSubjects(
  { names }: Pick<Line, 'names'>,
  result: TrainingResult | TrainingRefusal,
  locale: Locale,
):
  | (Omit<TrainingResult, 'subjects'> & {
      subjects: (TrainingResult['subjects'][number] & { name: string })[]
    })
  | TrainingRefusal {
  if (!('version' in result)) return result
  const subjects = result.subjects.map(each => ({ ...each, name: names.subjectPath(each.subject, locale) }))
  return { ...result, subjects }
}
