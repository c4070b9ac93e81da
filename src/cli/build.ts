import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadModel } from '../adapters/disk/load-model.ts'
import { readContent } from '../adapters/disk/read-content.ts'
import { ContentError, formatProblem } from '../content/content-problem.ts'
import { loadContent } from '../content/load-content.ts'
import { createLogger } from '../kernel/logger.ts'
import { readArguments } from './read-arguments.ts'

const USAGE = `Usage: build

Builds the pages and the language model, each only when what they are made of has changed.`

/** `npm run build`: see USAGE. */
readArguments(USAGE, {})
const root = join(import.meta.dirname, '../..')
const city = process.env.CITY || 'cities/shenfu'

/** What the model is learned from, and the code that learns. The city is not part of it. */
const MODEL_SOURCES = ['intents', 'src/language']

try {
  // A program of its own, which builds as it is read.
  await import('./build-web.ts')
  await buildModel()
} catch (error) {
  const isContent = error instanceof ContentError
  const lines = isContent ? error.problems.map(formatProblem) : [(error as Error).message]
  for (const line of lines) process.stderr.write(`${line}\n`)
  if (isContent) process.stderr.write(`${lines.length} problem(s) in the content\n`)
  process.exitCode = 1
}

/** The whole content is read only when the sources' bytes changed, so that a start that changes nothing costs nothing. */
async function buildModel(): Promise<void> {
  const file = join(root, 'build/model.bin')
  const stampFile = join(root, 'build/model.stamp')
  const stamp = await stampOf(MODEL_SOURCES, file)
  if (stamp === (await readFile(stampFile, 'utf8').catch(() => null))) return
  await loadModel(file, loadContent(await readContent(root, city), city), createLogger({ level: 'info' }))
  await mkdir(join(root, 'build'), { recursive: true })
  await writeFile(stampFile, await stampOf(MODEL_SOURCES, file))
}

/** Hash of every file below the folders, and of the model that was made from them. */
async function stampOf(folders: readonly string[], model: string): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of folders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    for (const path of files.toSorted()) hash.update(path).update(await readFile(path))
  }
  return hash.update(await readFile(model).catch(() => 'none')).digest('hex')
}
