import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readContent } from '../adapters/disk/read-content.ts'
import { loadContent } from '../content/load-content.ts'
import { readArguments } from './read-arguments.ts'
import { workflowDocument } from './workflow-document.ts'

const USAGE = `Usage: docs

Writes the pages of docs/ that are made from the code.`

/** `npm run docs`: see USAGE. */
readArguments(USAGE, {})
const root = join(import.meta.dirname, '../..')
const city = process.env.CITY || 'cities/shenfu'
const { texts } = loadContent(await readContent(root, city), city)
await writeFile(
  join(root, 'docs/workflow.md'),
  workflowDocument(key => texts.of('zh-Hans', key)),
)
process.stdout.write('docs/workflow.md\n')
