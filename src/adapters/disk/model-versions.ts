import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Model, parseModel, serialiseModel } from '../../language/model.ts'
import type { ModelShelf, ModelStory, ModelVersion } from '../../usecases/training-ports.ts'

/** A model that was learned from the city's history. */
export interface LearnedModel {
  /** When it was made and what it holds: `20261124T021500Z-3f9a2c71b0de`. */
  version: string
  model: Model
  /** Fingerprints of the messages that it learned from; null when it was published before they were kept. */
  learnedFrom: ReadonlySet<string> | null
}

/** A version to be written. */
export interface NewVersion {
  model: Model
  learnedFrom: readonly string[]
  about: ModelStory
}

const VERSION = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{12}$/
const score = z.object({ accuracy: z.number(), macroF1: z.number(), ece: z.number() })
const storySchema = z.object({
  by: z.string(),
  messages: z.number(),
  heldOut: z.number(),
  before: score,
  after: score,
})

const folderOf = (dataDir: string) => join(dataDir, 'models')
const fileOf = (dataDir: string, version: string, ending: 'bin' | 'learned' | 'json') =>
  join(folderOf(dataDir), `${version}.${ending}`)

/** Writes a version and makes it the current one; whoever is interrupted leaves the old one. Earlier versions stay. */
export async function publishModel(dataDir: string, made: NewVersion, now: Date): Promise<string> {
  const version = await keepModel(dataDir, made, now)
  await replace(join(folderOf(dataDir), 'current'), `${version}\n`)
  return version
}

/**
 * Writes a version that nobody serves yet. The model comes last: a version that can be seen is whole. Beside it lie the fingerprints of
 * the messages that it learned from, no message.
 */
export async function keepModel(
  dataDir: string,
  { model, learnedFrom, about }: NewVersion,
  now: Date,
): Promise<string> {
  const bytes = serialiseModel(model)
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const version = `${time}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`
  await mkdir(folderOf(dataDir), { recursive: true })
  await replace(fileOf(dataDir, version, 'learned'), learnedFrom.map(print => `${print}\n`).join(''))
  await replace(fileOf(dataDir, version, 'json'), JSON.stringify(about))
  await replace(fileOf(dataDir, version, 'bin'), bytes)
  return version
}

/** The version that is to be served; null when nothing was learned, `unreadable` when its file is not whole or of an older kind. */
export async function currentModel(dataDir: string): Promise<LearnedModel | 'unreadable' | null> {
  const version = await currentVersion(dataDir)
  if (version === null) return null
  const bytes = await readFile(fileOf(dataDir, version, 'bin')).catch(() => null)
  const model = bytes ? parseModel(bytes) : undefined
  if (!model) return 'unreadable'
  const prints = await readFile(fileOf(dataDir, version, 'learned'), 'utf8').catch(() => null)
  return { version, model, learnedFrom: prints === null ? null : new Set(prints.split('\n').filter(Boolean)) }
}

/** The versions of a data folder. */
export function createModelShelf(dataDir: string): ModelShelf {
  return {
    async versions() {
      const files = await readdir(folderOf(dataDir)).catch(() => [])
      const names = files.flatMap(file => (file.endsWith('.bin') ? [file.slice(0, -4)] : []))
      const known = names.filter(name => VERSION.test(name)).toSorted()
      return Promise.all(known.reverse().map(version => versionOf(dataDir, version)))
    },
    chosen: () => currentVersion(dataDir),
    async choose(version) {
      const current = join(folderOf(dataDir), 'current')
      if (version === null) await rm(current, { force: true })
      else await replace(current, `${version}\n`)
    },
    async discard(version) {
      // The model first: what is left of an interrupted one is no version.
      for (const ending of ['bin', 'json', 'learned'] as const)
        await rm(fileOf(dataDir, version, ending), { force: true })
    },
  }
}

async function versionOf(dataDir: string, version: string): Promise<ModelVersion> {
  const [, year, month, day, hour, minute, second] = VERSION.exec(version)!
  const text = await readFile(fileOf(dataDir, version, 'json'), 'utf8').catch(() => '{}')
  const story = storySchema.safeParse(JSON.parse(text))
  return {
    version,
    madeAt: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    story: story.success ? story.data : null,
  }
}

async function currentVersion(dataDir: string): Promise<string | null> {
  const name = await readFile(join(folderOf(dataDir), 'current'), 'utf8').catch(() => null)
  return name === null ? null : name.trim()
}

async function replace(file: string, content: Uint8Array | string): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, content)
  await rename(draft, file)
}
