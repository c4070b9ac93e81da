/**
 * How long the suggestions to an agent take for a transcript of about 400 characters, through HTTP: from the last word to the answer,
 * with 10,000 open cases in the store, first alone, then while 300 calls go on: each says something every four seconds, and so many agents
 * ask anew after each of their caller's breaths. The whole line as it is started, on the embedded database.
 *
 *   node bench/assist.ts [questions] [calls] [agents who ask] [cases]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { readRecordedCall } from '../src/cli/recorded-call.ts'
import { DeskClient } from './support/desk-client.ts'
import { keptPost } from './support/kept-post.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'
import { median, quantile } from './support/statistics.ts'
import { createTarget } from './support/store-target.ts'
import { callTeller, TELEPHONE_SETTINGS } from './support/telephone-system.ts'

const [QUESTIONS = 200, CALLS = 300, ASKING = 20, CASES = 10_000] = process.argv.slice(2).map(Number)
const TALKS = ['cold-home', 'water-third-time', 'noise-and-garbage', 'unpaid-builders', 'dirty-kitchen']
const CHARACTERS = 400
const BREATH_MS = 4000

/** Rows as the line writes them. */
const FILL = `insert into cases (id, jurisdiction, number, version, hash, state, stage, type, subject, grade, summary, place, street,
    lead, co_handlers, channel, is_confidential, is_emergency, filed_at, changed_at, due_at, warn_at, search, user_key,
    query_code_hash, neighbour_key)
  select 'c' || i, 'shenfu', i, 3, repeat('0', 64), case when i % 3 = 0 then 'replied' else 'handling' end, 'feedback', 'help',
    'urban-construction/utilities/heating-cold', 'normal', '暖气不热，屋里只有十四度', '小区' || i / 40, 'lishi', 'heating-company',
    '{}', 'web-chat', false, false, now() - interval '1 minute' * i, now(), now() + interval '5 days', 'infinity',
    i || ' 暖气不热，屋里只有十四度', int4send(i), int4send(i), 'urban-construction/utilities@小区' || i / 40
  from generate_series(1, $1::integer) i`

const folder = await temporaryFolder()
const target = await createTarget('embedded', { dataDir: folder.path })
await target.plain.query(FILL, [CASES])
await target.plain.query('vacuum analyze cases')
await target.close()
const line = await measuredLine(folder.path, TELEPHONE_SETTINGS)
try {
  await line.start()
  const [login = '', password = ''] = readFileSync(join(folder.path, 'desk-password.txt'), 'utf8').split('\n')
  const desk = await DeskClient.logIn(line.url, login, password)
  const talks = TALKS.map(talkOf)
  for (const talk of talks) await desk.suggest(talk)
  tell('one agent, nobody else', await ask(desk, talks))
  const stop = await callsGoOn(desk)
  tell(
    `one agent among ${CALLS} calls, after each of whose breaths ${ASKING} agents ask in turn`,
    await ask(desk, talks),
  )
  await stop()
  desk.close()
} finally {
  await line.stop()
  await folder.remove()
}

/** Milliseconds of each question, one after another. */
async function ask(desk: DeskClient, talks: readonly object[]): Promise<number[]> {
  const milliseconds: number[] = []
  for (let i = 0; i < QUESTIONS; i++) {
    const start = performance.now()
    await desk.suggest(talks[i % talks.length]!)
    milliseconds.push(performance.now() - start)
  }
  return milliseconds
}

/** Calls that say something every few seconds, spread evenly, and agents who look what it means. Returns how to end them. */
async function callsGoOn(desk: DeskClient): Promise<() => Promise<void>> {
  const { post, close } = keptPost(line.url)
  let isOver = false
  const all = Array.from({ length: CALLS }, async (_, i) => {
    const tellOf = await callTeller(post, 1)
    const { turns } = readRecordedCall(`test/calls/${TALKS[i % TALKS.length]}.yaml`)
    await after((BREATH_MS * i) / CALLS)
    for (let said = 1; !isOver; said++) {
      await tellOf(turns[said % turns.length]!.says)
      const heard = turns.slice(0, said % turns.length)
      if (i < ASKING && heard.length > 0)
        await desk.suggest({
          utterances: heard.map(({ role, says }, n) => ({ id: `u${n}`, role, text: says })),
        })
      await after(BREATH_MS)
    }
  })
  await after(BREATH_MS * 2)
  return async () => {
    isOver = true
    await Promise.all(all)
    close()
  }
}

function tell(who: string, milliseconds: readonly number[]): void {
  console.log(
    `suggestions for ${CHARACTERS} characters, ${CASES} cases, ${who}: median ${median(milliseconds).toFixed(0)} ms  ` +
      `p95 ${quantile(milliseconds, 0.95).toFixed(0)} ms`,
  )
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
