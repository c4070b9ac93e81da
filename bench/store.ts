/**
 * File-case and turn transactions a second through the store, as a ratio to the same rows written by the raw driver:
 * `plain` (begin, an insert per table, commit: as a good engineer writes it first) and `lean` (the same rows in one
 * prepared statement with the job's, pipelined). Interleaved rounds, medians; the machine's load cancels out of ratios.
 *
 *   node bench/store.ts [rounds]        embedded, and the server of DATABASE_URL when it is set
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTarget, type Target } from './support/store-target.ts'
import { leanWriter, plainWriter, storeWriter, type Writer } from './support/store-writers.ts'

const ROUNDS = Number(process.argv[2] ?? 7)
const ROUND_MILLISECONDS = 400

/** Transactions a second that `clients` at once get through in one round. */
async function rate(work: () => Promise<void>, clients: number): Promise<number> {
  const start = performance.now()
  const end = start + ROUND_MILLISECONDS
  let done = 0
  const client = async () => {
    while (performance.now() < end) {
      await work()
      done++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return (done * 1000) / (performance.now() - start)
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

async function compare(target: Target, what: keyof Writer, clients: number): Promise<void> {
  const writers = { store: storeWriter(target), plain: plainWriter(target), lean: leanWriter(target) }
  const rates: Record<keyof typeof writers, number[]> = { store: [], plain: [], lean: [] }
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, writer] of Object.entries(writers) as [keyof typeof writers, Writer][]) {
      const result = await rate(writer[what], clients)
      // The first round only warms up.
      if (round >= 0) rates[name].push(result)
    }
  }
  const [store, plain, lean] = [median(rates.store), median(rates.plain), median(rates.lean)]
  console.log(
    [
      target.name.padEnd(9),
      what.padEnd(9),
      `${clients} clients`.padEnd(11),
      `store ${store.toFixed(0)}/s`.padEnd(14),
      `plain ${plain.toFixed(0)}/s`.padEnd(14),
      `lean ${lean.toFixed(0)}/s`.padEnd(14),
      `store/plain ${(store / plain).toFixed(2)}`,
      `store/lean ${(store / lean).toFixed(2)}`,
    ].join('  '),
  )
}

const dataDir = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
const targets = [await createTarget('embedded', { dataDir })]
const databaseUrl = process.env.DATABASE_URL
if (databaseUrl) targets.push(await createTarget('server', { dataDir, databaseUrl }))
try {
  for (const target of targets)
    for (const what of ['fileCase', 'turn'] as const)
      for (const clients of [1, 16]) await compare(target, what, clients)
} finally {
  for (const target of targets) await target.close()
  await rm(dataDir, { recursive: true, force: true })
}
