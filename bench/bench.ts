/**
 * Every measured claim of the README: `npm run bench`, or some of it: `npm run bench -- turns store`. Each part runs alone,
 * one after another, and is ended after ten minutes. Trust the ratios; the absolute figures are this machine's.
 */
import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'

const PARTS = [
  'start',
  'page',
  'turns',
  'store',
  'loop',
  'sweep',
  'audit',
  'desks',
  'assist',
  'keystrokes',
  'hall',
  'channels',
  'neighbours',
  'understanding',
  'retrieval',
  'hot-issues',
  'overview',
]
const LONGEST_MS = 600_000

const wanted = process.argv.slice(2)
const unknown = wanted.filter(part => !PARTS.includes(part))
if (unknown.length > 0) {
  process.stderr.write(`no part "${unknown.join('", "')}"; there are ${PARTS.join(', ')}\n`)
  process.exit(2)
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform}`)
let failed = 0
for (const part of PARTS.filter(each => wanted.length === 0 || wanted.includes(each))) {
  console.log(`\n== ${part}`)
  if (!(await run(part))) failed++
}
process.exitCode = failed > 0 ? 1 : 0

async function run(part: string): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${part}.ts`)], {
    stdio: 'inherit',
    timeout: LONGEST_MS,
  })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('exit', resolve)
  const code = await promise
  if (code !== 0) console.log(`${part} did not finish (exit ${code})`)
  return code === 0
}
