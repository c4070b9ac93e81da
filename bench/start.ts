/**
 * Seconds from the start of the process to the first answered message: on a folder with nothing in it (the database is
 * made), on one that was stopped, and on one whose line and database were killed.
 *
 *   node bench/start.ts [rounds]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { DirectLineClient } from './support/direct-line-client.ts'
import { type Spawned, spawnLine, temporaryFolder } from './support/spawn-line.ts'
import { median } from './support/statistics.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
const PATIENCE_MS = 60_000

const results: Record<'first start' | 'after a stop' | 'after kill -9', number[]> = {
  'first start': [],
  'after a stop': [],
  'after kill -9': [],
}

for (let round = 0; round < ROUNDS; round++) {
  const folder = await temporaryFolder()
  try {
    await measure('first start', folder.path, 'SIGTERM')
    await measure('after a stop', folder.path, 'SIGKILL')
    await measure('after kill -9', folder.path, 'SIGTERM')
  } finally {
    await folder.remove()
  }
}
for (const [what, seconds] of Object.entries(results)) {
  const all = seconds.map(each => each.toFixed(2)).join(' ')
  console.log(`${what.padEnd(14)} ${median(seconds).toFixed(2)} s to the first answer   (${all})`)
}

async function measure(what: keyof typeof results, dataDir: string, end: NodeJS.Signals): Promise<void> {
  const start = performance.now()
  const line = await spawnLine(dataDir)
  try {
    await untilAnswered(line)
    results[what].push((performance.now() - start) / 1000)
  } finally {
    await line.stop(end)
  }
}

async function untilAnswered({ url, child }: Spawned): Promise<void> {
  const client = new DirectLineClient(url)
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`the line ended with ${child.exitCode}`)
    const answer = await client
      .open()
      .then(conversation => client.ask(conversation, '你好'))
      .catch(() => null)
    if (answer?.[0]?.text) return client.close()
    await sleep(10)
  }
  throw new Error(`no answer after ${PATIENCE_MS} ms`)
}
