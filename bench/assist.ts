/**
 * How long the suggestions to an agent take for a transcript of about 400 characters, through HTTP, with other talks going on: from the
 * last word to the answer. The whole line as it is started, on the embedded database.
 *
 *   node bench/assist.ts [questions] [talks at once]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecordedCall } from '../src/cli/recorded-call.ts'
import { spawnLine, temporaryFolder, untilReady } from './support/spawn-line.ts'
import { median, quantile } from './support/statistics.ts'

const QUESTIONS = Number(process.argv[2] ?? 200)
const AT_ONCE = Number(process.argv[3] ?? 1)
const CALLS = ['cold-home', 'water-third-time', 'noise-and-garbage', 'unpaid-builders', 'dirty-kitchen']
const CHARACTERS = 400

const folder = await temporaryFolder()
const line = await spawnLine(folder.path, { LOG_LEVEL: 'warn' })
try {
  await untilReady(line)
  const ask = await atTheDesk()
  const talks = CALLS.map(talkOf)
  for (const talk of talks) await ask(talk)
  const milliseconds: number[] = []
  let asked = 0
  const agent = async () => {
    while (asked < QUESTIONS) {
      const talk = talks[asked++ % talks.length]!
      const start = performance.now()
      await ask(talk)
      milliseconds.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, agent))
  console.log(
    `suggestions for ${CHARACTERS} characters, ${AT_ONCE} at once: median ${median(milliseconds).toFixed(0)} ms  ` +
      `p95 ${quantile(milliseconds, 0.95).toFixed(0)} ms`,
  )
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

async function atTheDesk(): Promise<(talk: object) => Promise<void>> {
  const [login, password] = readFileSync(join(folder.path, 'desk-password.txt'), 'utf8').split('\n')
  const opened = await fetch(`${line.url}/api/desk/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const { csrfToken } = (await opened.json()) as { csrfToken: string }
  const cookie = opened.headers
    .getSetCookie()
    .map(each => each.split(';')[0])
    .join('; ')
  return async talk => {
    const answer = await fetch(`${line.url}/api/desk/agent/suggestions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken, cookie },
      body: JSON.stringify(talk),
    })
    if (answer.status !== 200) throw new Error(`the line answers ${answer.status}`)
    await answer.json()
  }
}
