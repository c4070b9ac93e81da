import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Model, parseModel, serialiseModel } from '../../language/model.ts'

/** A model that was learned from the city's history. */
export interface LearnedModel {
  /** When it was made and what it holds: `20261124T021500Z-3f9a2c71b0de`. */
  version: string
  model: Model
  /** Fingerprints of the messages that it learned from; null when it was published before they were kept. */
  learnedFrom: ReadonlySet<string> | null
}

const folderOf = (dataDir: string) => join(dataDir, 'models')

/**
 * Writes a version and makes it the current one; whoever is interrupted leaves the old one. Earlier versions stay: to go back to
 * one, write its name into `models/current`. Beside it lie the fingerprints of the messages that it learned from, no message.
 */
export async function publishModel(
  dataDir: string,
  { model, learnedFrom }: Pick<LearnedModel, 'model'> & { learnedFrom: readonly string[] },
  now: Date,
): Promise<string> {
  const bytes = serialiseModel(model)
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const version = `${time}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`
  await mkdir(folderOf(dataDir), { recursive: true })
  await replace(join(folderOf(dataDir), `${version}.bin`), bytes)
  await replace(
    join(folderOf(dataDir), `${version}.learned`),
    learnedFrom.map(print => `${print}\n`).join(''),
  )
  await replace(join(folderOf(dataDir), 'current'), `${version}\n`)
  return version
}

/** The version that is to be served; null when nothing was learned, `unreadable` when its file is not whole or of an older kind. */
export async function currentModel(dataDir: string): Promise<LearnedModel | 'unreadable' | null> {
  const name = await readFile(join(folderOf(dataDir), 'current'), 'utf8').catch(() => null)
  if (name === null) return null
  const version = name.trim()
  const bytes = await readFile(join(folderOf(dataDir), `${version}.bin`)).catch(() => null)
  const model = bytes ? parseModel(bytes) : undefined
  if (!model) return 'unreadable'
  const prints = await readFile(join(folderOf(dataDir), `${version}.learned`), 'utf8').catch(() => null)
  return { version, model, learnedFrom: prints === null ? null : new Set(prints.split('\n').filter(Boolean)) }
}

async function replace(file: string, content: Uint8Array | string): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, content)
  await rename(draft, file)
}
