import { join } from 'node:path'
import { z } from 'zod'
import { eachOnce, InputError, readRows } from '../adapters/disk/read-rows.ts'
import { createReader } from '../language/reader.ts'
import { createIndex } from '../language/similarity.ts'
import { readArguments } from './read-arguments.ts'
import { progress, runCommand } from './run-command.ts'
import { readShippedContent } from './shipped-content.ts'

const USAGE = `Usage: retrieve --documents d.jsonl --queries q.jsonl [--top 20] [--json]

Finds for each query the documents that are closest to it (similar cases, knowledge). Rows of both files: {"id", "text"}.
Prints the ids, best first. With --json the last line is {"results":[{"id", "ranked":[id, …]}]}.`

const MISSING = { error: 'is missing, empty or no text' }
const rowSchema = z.object({
  id: z.union([z.string(MISSING).min(1, MISSING), z.number(MISSING)], MISSING).transform(String),
  text: z.string(MISSING),
})

interface Result {
  id: string
  ranked: string[]
}

function readTop(given: string): number {
  const top = Number(given)
  if (!Number.isInteger(top) || top < 1) throw new InputError(`--top: "${given}" is no number from 1 up`)
  return top
}

function readTexts(path: string): z.output<typeof rowSchema>[] {
  return eachOnce(readRows(path, rowSchema)).map(({ row }) => row)
}

function retrieve(documentsPath: string, queriesPath: string, top: number): Result[] {
  const documents = readTexts(documentsPath)
  const queries = readTexts(queriesPath)
  const { lexicon } = readShippedContent(join(import.meta.dirname, '../..'))
  progress(`${documents.length} documents to read`)
  const index = createIndex(documents, { read: createReader(lexicon), synonyms: lexicon.synonyms })
  progress(`${queries.length} queries to answer`)
  return queries.map(({ id, text }) => ({ id, ranked: index.search(text, top).map(hit => hit.id) }))
}

function run(): number {
  const { values } = readArguments(USAGE, {
    options: {
      documents: { type: 'string' },
      queries: { type: 'string' },
      top: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  })
  const { documents, queries, top, json } = values
  if (!documents || !queries) {
    process.stdout.write(`${USAGE}\n`)
    return 2
  }
  const results = retrieve(documents, queries, readTop(top))
  const lines = json
    ? [JSON.stringify({ results })]
    : results.map(({ id, ranked }) => `${id}: ${ranked.join(' ') || '(nothing)'}`)
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

await runCommand(run)
