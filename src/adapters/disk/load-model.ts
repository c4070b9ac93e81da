import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Content } from '../../content/content.ts'
import type { Logger } from '../../kernel/logger.ts'
import { type Model, parseModel, serialiseModel } from '../../language/model.ts'
import { createReader } from '../../language/reader.ts'
import { hashContent, trainShipped } from '../../language/train-shipped.ts'

/**
 * The language model of this content: from the file when it was trained from the same content, else trained now (seconds) and
 * written there for the next start.
 */
export async function loadModel(file: string, content: Content, logger: Logger): Promise<Model> {
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
