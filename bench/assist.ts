/**
 * How long the suggestions to an agent take for a transcript of about 400 characters, through HTTP, with other talks going on: from the
 * last word to the answer. The whole line as it is started, on the embedded database.
 *
 *   node bench/assist.ts [questions] [talks at once]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecordedCall } from '../src/cli/recorded-call.ts'
import { DeskClient } from './support/desk-client.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'
import { median, quantile } from './support/statistics.ts'

const QUESTIONS = Number(process.argv[2] ?? 200)
const AT_ONCE = Number(process.argv[3] ?? 1)
const CALLS = ['cold-home', 'water-third-time', 'noise-and-garbage', 'unpaid-builders', 'dirty-kitchen']
const CHARACTERS = 400

const folder = await temporaryFolder()
const line = await measuredLine(folder.path)
try {
  await line.start()
  const desk = await atTheDesk()
  const talks = CALLS.map(talkOf)
  for (const talk of talks) await desk.suggest(talk)
  const milliseconds: number[] = []
  let asked = 0
  const agent = async () => {
    while (asked < QUESTIONS) {
      const talk = talks[asked++ % talks.length]!
      const start = performance.now()
      await desk.suggest(talk)
      milliseconds.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, agent))
  console.log(
    `suggestions for ${CHARACTERS} characters, ${AT_ONCE} at once: median ${median(milliseconds).toFixed(0)} ms  ` +
      `p95 ${quantile(milliseconds, 0.95).toFixed(0)} ms`,
  )
  desk.close()
} finally {
  await line.stop()
  await folder.remove()
}

/** So much of a recorded call, each turn an utterance. */
function talkOf(name: string): object {
  let left = CHARACTERS
  const utterances = readRecordedCall(`test/calls/${name}.yaml`).turns.flatMap(({ role, says }, i) => {
    const text = says.slice(0, left)
    left -= text.length
    return text ? [{ id: `u${i}`, role, text }] : []
  })
  return { utterances }
}

async function atTheDesk(): Promise<DeskClient> {
  const [login = '', password = ''] = readFileSync(join(folder.path, 'desk-password.txt'), 'utf8').split('\n')
  return DeskClient.logIn(line.url, login, password)
}
