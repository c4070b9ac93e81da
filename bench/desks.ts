/**
 * 300 desks watch (server-sent events) while 100 things a second happen to cases: how long from the moment somebody presses
 * the button until a desk has heard of it, the writing included. Watchers, actors and line share this machine.
 *
 *   node bench/desks.ts [desks] [events a second] [seconds]
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeskClient, type KnownCase } from './support/desk-client.ts'
import { DirectLineClient } from './support/direct-line-client.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'
import { quantile } from './support/statistics.ts'

const DESKS = Number(process.argv[2] ?? 300)
const PER_SECOND = Number(process.argv[3] ?? 100)
const SECONDS = Number(process.argv[4] ?? 15)
/** Not counted: code is still being compiled, connections opened. */
const WARM_UP_SECONDS = 3
/** So many cases are acted on, one action at a time each. */
const CASES = 60

const folder = await temporaryFolder()
const line = await measuredLine(folder.path, { LOG_LEVEL: 'error' })
try {
  await line.start()
  await fileCases(CASES)
  const [login = '', password = ''] = (await readFile(join(folder.path, 'desk-password.txt'), 'utf8')).split(
    '\n',
  )
  const desk = await DeskClient.logIn(line.url, login, password)
  await measure(desk, await desk.listCases(CASES))
  desk.close()
} finally {
  await line.stop()
  await folder.remove()
}

async function fileCases(count: number): Promise<void> {
  const client = new DirectLineClient(line.url)
  for (let house = 1; house <= count; house++) {
    const conversation = await client.open()
    for (const text of [`人民路${house}号的路灯坏了好几天，晚上黑得看不见`, '不留电话', '没问题，提交'])
      await client.say(conversation, text)
  }
  client.close()
}

async function measure(desk: DeskClient, cases: KnownCase[]): Promise<void> {
  const begun = new Map<string, number>()
  const delays: number[] = []
  const hear = (text: string) => {
    const now = performance.now()
    for (const [, key] of text.matchAll(/^id: (.+)$/gm)) {
      const start = begun.get(key!)
      if (start !== undefined) delays.push(now - start)
    }
  }
  const leave = await Promise.all(Array.from({ length: DESKS }, () => desk.listen(hear)))
  const written: number[] = []
  const free = [...cases]
  const failures: unknown[] = []
  const running = new Set<Promise<unknown>>()
  const start = performance.now()
  const countsFrom = start + WARM_UP_SECONDS * 1000
  for (let event = 0; event < PER_SECOND * (WARM_UP_SECONDS + SECONDS); event++) {
    await sleep(Math.max(0, start + (event * 1000) / PER_SECOND - performance.now()))
    while (free.length === 0) await Promise.race(running)
    const current = free.shift()!
    const acting = act(current)
      // Thrown below, so that the line is stopped all the same.
      .catch(error => failures.push(error))
      .finally(() => {
        running.delete(acting)
        free.push(current)
      })
    running.add(acting)
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
  const seconds = (performance.now() - countsFrom) / 1000
  // The last news are on their way.
  await sleep(1000)
  for (const each of leave) each()
  report(delays, written, seconds)

  async function act(current: KnownCase): Promise<void> {
    const pressed = performance.now()
    const isCounted = pressed >= countsFrom
    if (isCounted) begun.set(`${current.id}.${current.version + 1}`, pressed)
    current.version = await desk.note(current)
    if (isCounted) written.push(performance.now() - pressed)
  }
}

function report(delays: number[], written: number[], seconds: number): void {
  const figures = (values: number[]) =>
    [0.5, 0.99].map(share => `p${share * 100} ${quantile(values, share).toFixed(1)} ms`).join('  ')
  console.log(
    `${DESKS} desks, ${(written.length / seconds).toFixed(0)} events/s over ${seconds.toFixed(0)} s`,
  )
  console.log(`pressed → answered   ${figures(written)}`)
  console.log(`pressed → heard      ${figures(delays)}`)
  const share = delays.length / (written.length * DESKS)
  console.log(`heard ${(share * 100).toFixed(2)} % of ${written.length} × ${DESKS}`)
}
