import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readContent } from '../adapters/disk/read-content.ts'
import { describeEnterpriseApi } from '../adapters/http/enterprise/describe-enterprise-api.ts'
import { loadContent } from '../content/load-content.ts'
import { enterpriseClient } from './enterprise-client.ts'
import { readArguments } from './read-arguments.ts'
import { workflowDocument } from './workflow-document.ts'

const USAGE = `Usage: docs

Writes what is made from the code: pages of docs/ and the client in examples/.`

/** `npm run docs`: see USAGE. */
readArguments(USAGE, {})
const root = join(import.meta.dirname, '../..')
const city = process.env.CITY || 'cities/shenfu'
const { texts } = loadContent(await readContent(root, city), city)
const document = await describeEnterpriseApi(
  (locale, key, params) => texts.of(locale, key, params as Record<string, string>),
  'https://12345.example.cn',
)
const made = {
  'docs/workflow.md': workflowDocument(key => texts.of('zh-Hans', key)),
  'examples/enterprise-client/yihao-enterprise.ts': enterpriseClient(document),
}
for (const [file, text] of Object.entries(made)) {
  await writeFile(join(root, file), text)
  process.stdout.write(`${file}\n`)
}
