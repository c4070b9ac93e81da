import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Content } from '../../content/content.ts'
import type { Logger } from '../../kernel/logger.ts'
import { NOTHING } from '../../language/classifier-names.ts'
import { type Model, parseModel, serialiseModel } from '../../language/model.ts'
import { createReader } from '../../language/reader.ts'
import { hashContent, type ShippedContent, trainShipped } from '../../language/train-shipped.ts'
import { currentModel } from './model-versions.ts'

/**
 * The language model of this content: from the file when it was trained from the same content, else trained now (seconds) and
 * written there for the next start.
 */
export async function loadModel(file: string, content: ShippedContent, logger: Logger): Promise<Model> {
  const hash = hashContent(content)
  const cached = await readFile(file).catch(() => null)
  const model = cached ? parseModel(cached) : undefined
  if (model?.contentHash === hash) return model

  const start = performance.now()
  const trained = trainShipped(content, createReader(content.lexicon))
  logger.info(
    { seconds: Number(((performance.now() - start) / 1000).toFixed(1)) },
    'the language model was trained from the content',
  )
  await keep(file, serialiseModel(trained), logger)
  return trained
}

/**
 * The model that is served, and its version (null: as shipped): as shipped, with its subjects as the current version in the data folder learned them from the city's
 * history. One that names subjects which are no longer there is left alone.
 */
export async function loadServedModel(
  shipped: Promise<Model>,
  dataDir: string,
  content: Content,
  logger: Logger,
): Promise<{ model: Model; version: string | null }> {
  const learned = await currentModel(dataDir)
  if (learned === null) return { model: await shipped, version: null }
  if (learned === 'unreadable' || !isOfSubjects(learned.model, content)) {
    logger.warn(
      { version: learned === 'unreadable' ? null : learned.version },
      'what was learned from the history does not fit any more: train again; until then subjects are judged as shipped',
    )
    return { model: await shipped, version: null }
  }
  logger.info({ version: learned.version }, 'subjects are judged as learned from the history')
  const model = await shipped
  const banks = { ...model.banks, topical: learned.model.banks.topical! }
  return { model: { ...model, banks }, version: learned.version }
}

function isOfSubjects({ banks }: Model, { subjects }: Content): boolean {
  const known = (label: string) => label === NOTHING || subjects.byId(label) !== undefined
  return banks.topical?.classifiers.every(({ labels }) => labels.every(known)) ?? false
}

/** A folder that cannot be written costs time at the next start, nothing else. */
async function keep(file: string, bytes: Uint8Array, logger: Logger): Promise<void> {
  const draft = `${file}.${process.pid}`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(draft, bytes)
    await rename(draft, file)
  } catch (error) {
    logger.warn(
      { err: error },
      'the language model could not be kept; it will be trained again at the next start',
    )
  }
}
