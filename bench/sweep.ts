/**
 * What a sweep costs with many open cases of which 1,000 are due: the real sweep, which reads each due case, decides, chains and
 * writes it. The cost must follow the due ones, not the open ones.
 *
 *   node bench/sweep.ts [sizes… | --full]   100,000 and 1,000,000 open cases, or one and five million; embedded, or DATABASE_URL
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBus } from '../src/adapters/memory/memory-bus.ts'
import { DAY, ManualClock } from '../src/kernel/clock.ts'
import { createLogger } from '../src/kernel/logger.ts'
import type { Line } from '../src/usecases/line.ts'
import { sweepClocks } from '../src/usecases/sweep-clocks.ts'
import { fileSample, SAMPLE_TIME, sampleFiling, samplePolicy } from '../test/support/sample-cases.ts'
import { sizesFrom } from './support/sizes.ts'
import { median } from './support/statistics.ts'
import { createTarget, type Target } from './support/store-target.ts'

const SIZES = sizesFrom(process.argv.slice(2), [100_000, 1_000_000], [1_000_000, 5_000_000])
const DUE = 1000
const ROUNDS = 3
/** Every clock of the sample cases has its first warning by then, and none is due. */
const NOW = new Date(SAMPLE_TIME.getTime() + 4 * DAY)

/** Open cases as the line writes them, in the middle of being handled. */
const FILL_CASES = `insert into cases (id, jurisdiction, number, version, hash, state, stage, type, subject, grade, summary, place, street,
    lead, co_handlers, channel, is_confidential, is_emergency, filed_at, changed_at, due_at, warn_at, search, user_key, query_code_hash)
  select 'c' || i, 'bench', 'c' || i, 4, repeat('0', 64), 'handling', 'feedback', 'help', 'urban/lighting', 'normal', '路灯不亮',
    '小区' || i, 'lishi', 'housing', '{}', 'web', false, false, $3::timestamptz - interval '1 second' * i, $3,
    $3::timestamptz + interval '10 days' + interval '1 second' * (i % 864000), $3::timestamptz + interval '5 days', i || '路灯不亮', int4send(i), int4send(i)
  from generate_series($1::integer, $2::integer) i`
/** Two that run, each with its next alarm after the sweep, and one that has stopped. */
const FILL_CLOCKS = `insert into case_clocks (case_id, kind, jurisdiction, alarm_at, calendar_version)
  select 'c' || i, kind, 'bench', case when kind <> 'sign' then $3::timestamptz + interval '1 hour' + interval '1 second' * (i % 864000) end,
    case when kind <> 'sign' then 'sample-1' end
  from generate_series($1::integer, $2::integer) i, unnest(array['sign', 'return', 'handle']) kind`

async function fill({ plain }: Target, from: number, to: number): Promise<void> {
  const { rows } = await plain.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where tablename in ('cases', 'case_clocks') and indexname not in (select conname from pg_constraint)`,
  )
  // An index is built faster than it grows.
  for (const { name } of rows) await plain.query(`drop index ${name}`)
  await plain.query(FILL_CASES, [from, to, NOW])
  await plain.query(FILL_CLOCKS, [from, to, NOW])
  for (const { definition } of rows) await plain.query(definition)
  await plain.query('vacuum analyze cases, case_clocks')
}

/** Cases with a warning that is due, with all their events. */
async function fileDue({ store }: Target): Promise<void> {
  for (let filed = 0; filed < DUE; filed += 100)
    await store.transact(async tx => {
      for (let i = 0; i < 100; i++) {
        const sample = fileSample({ jurisdiction: 'bench' })
        tx.addCase({ ...sample.case, number: sample.case.id }, sample.events, sampleFiling())
      }
    })
}

/** Sweeps until nothing is due. */
async function sweepAll(line: Line): Promise<{ ms: number; rung: number }> {
  const start = performance.now()
  let rung = 0
  for (let changed = -1; changed !== 0; rung += changed) changed = await sweepClocks(line)
  return { ms: performance.now() - start, rung }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function lineOver({ store }: Target): Line {
  const logger = createLogger({ level: 'silent' })
  const content = {
    supervision: { rules: [] },
    notifications: { residents: [], departments: [] },
  }
  const parts = {
    store,
    content,
    policy: samplePolicy,
    clock: new ManualClock(NOW),
    bus: new MemoryBus(logger),
  }
  // A sweep asks for nothing else.
  return parts as unknown as Line
}

async function measure(target: Target, size: number): Promise<void> {
  const line = lineOver(target)
  const [idle, looks, sweeps]: number[][] = [[], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    idle!.push(await timeOf(() => sweepClocks(line)))
    await fileDue(target)
    looks!.push(await timeOf(() => target.store.dueClocks(NOW, 200)))
    const { ms, rung } = await sweepAll(line)
    if (rung < DUE) throw new Error(`${rung} alarms rang of ${DUE} cases`)
    sweeps!.push((ms * DUE) / rung)
  }
  console.log(
    [
      target.name.padEnd(9),
      `${size} open`.padEnd(14),
      `nothing due ${median(idle!).toFixed(1)} ms`.padEnd(22),
      `first 200 found in ${median(looks!).toFixed(1)} ms`.padEnd(30),
      `${DUE} due rung and written in ${median(sweeps!).toFixed(0)} ms`,
    ].join('  '),
  )
}

const dataDir = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
const databaseUrl = process.env.DATABASE_URL
const target = await createTarget(databaseUrl ? 'server' : 'embedded', {
  dataDir,
  ...(databaseUrl ? { databaseUrl } : {}),
})
try {
  let filled = 0
  for (const size of SIZES) {
    await fill(target, filled + 1, size)
    filled = size
    await measure(target, size)
  }
} finally {
  await target.close()
  await rm(dataDir, { recursive: true, force: true })
}
