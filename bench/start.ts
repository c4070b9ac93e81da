/**
 * Seconds from the start of the process to the first answered message: on a folder with nothing in it (the database is
 * made), on one that was stopped, and on one whose line and database were killed.
 *
 *   node bench/start.ts [rounds]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SpawnedServer } from '../src/cli/spawned-line.ts'
import { DirectLineClient } from './support/direct-line-client.ts'
import { measuredLine, temporaryFolder } from './support/measured-line.ts'
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
  const line = await measuredLine(dataDir)
  const start = performance.now()
  line.launch()
  try {
    await untilAnswered(line)
    results[what].push((performance.now() - start) / 1000)
  } finally {
    await line.stop(end)
  }
}

async function untilAnswered({ url, requireRunning }: SpawnedServer): Promise<void> {
  const client = new DirectLineClient(url)
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    requireRunning()
    const answer = await client
      .open()
      .then(conversation => client.ask(conversation, '你好'))
      .catch(() => null)
    if (answer?.[0]?.text) return client.close()
    await sleep(10)
  }
  throw new Error(`no answer after ${PATIENCE_MS} ms`)
}
