/**
 * What it costs to look for neighbours while a matter is filed, with ten thousand, a hundred thousand and a million cases in
 * the store: one in twenty open, two of them at a spot, at the busiest one 500 people who joined. The ratio to the smallest store is what counts.
 *
 *   node bench/neighbours.ts [largest]        embedded, or the server of DATABASE_URL when it is set
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, quantile } from './support/statistics.ts'
import { createTarget, type Target } from './support/store-target.ts'

const SIZES = [10_000, 100_000, 1_000_000].filter(size => size <= Number(process.argv[2] ?? 1_000_000))
const LOOKS = 600
const ABOUT = 'urban-construction/utilities'
const PERSON = { channel: 'web', channelUserId: 'bench' }

/** Rows as the line writes them; what is closed has no key any more. */
const FILL = `insert into cases (id, jurisdiction, number, version, hash, state, stage, type, subject, grade, summary, place, street,
    lead, co_handlers, channel, is_confidential, is_emergency, filed_at, changed_at, due_at, warn_at, search, user_key,
    query_code_hash, neighbour_key)
  select 'c' || i, 'bench', i, 3, repeat('0', 64), case when i % 20 = 0 then 'handling' else 'closed' end, 'feedback', 'help',
    '${ABOUT}/heating-cold', 'normal', '暖气不热，屋里只有十四度', '小区' || i / 40, 'lishi', 'heating-company', '{}', 'web', false, false,
    now() - interval '1 minute' * (i % 50000), now(), case when i % 20 = 0 then now() + interval '5 days' else 'infinity' end,
    'infinity', i || ' 暖气不热，屋里只有十四度', int4send(i), int4send(i),
    case when i % 20 = 0 then '${ABOUT}@小区' || i / 40 end
  from generate_series($1::integer, $2::integer) i`

const JOIN = `insert into cases (id, jurisdiction, number, version, hash, state, stage, type, subject, grade, summary, place, street, lead,
    co_handlers, channel, is_confidential, is_emergency, filed_at, changed_at, due_at, warn_at, search, user_key,
    query_code_hash, joined_to)
  select 'j' || i, 'bench', 'j' || i, 2, repeat('0', 64), 'joined', 'coordination', 'help', '${ABOUT}/heating-cold', 'normal', '暖气不热',
    '小区0', 'lishi', null, '{}', 'web', false, false, now(), now(), 'infinity', 'infinity', 'j', int4send(i), int4send(i), 'c20'
  from generate_series(1, 499) i`

/** Milliseconds of each look, in turn at every spot in `keys`. */
async function look({ store }: Target, keys: readonly string[]): Promise<{ times: number[]; found: number }> {
  const since = new Date(Date.now() - 60 * 86_400_000)
  const times: number[] = []
  let found = 0
  for (let i = -100; i < LOOKS; i++) {
    const key = `${ABOUT}@${keys[Math.abs(i) % keys.length]}`
    const start = performance.now()
    const rows = await store.transact(tx => tx.neighbours({ jurisdiction: 'bench', key, since }, PERSON))
    // The first ones only warm up.
    if (i < 0) continue
    times.push(performance.now() - start)
    found += rows.length
  }
  return { times, found: found / LOOKS }
}

const PLACES = {
  'nobody told of it': ['小区没有'],
  'a usual spot': Array.from({ length: 200 }, (_, i) => `小区${i + 1}`),
  '500 people joined': ['小区0'],
}

const dataDir = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
const databaseUrl = process.env.DATABASE_URL
const target = await createTarget(databaseUrl ? 'server' : 'embedded', {
  dataDir,
  ...(databaseUrl ? { databaseUrl } : {}),
})
try {
  const smallest = new Map<string, number>()
  let filed = 0
  for (const size of SIZES) {
    await target.plain.query(FILL, [filed + 1, size])
    if (filed === 0) await target.plain.query(JOIN)
    filed = size
    await target.plain.query('vacuum analyze cases')
    for (const [name, keys] of Object.entries(PLACES)) {
      const { times, found } = await look(target, keys)
      const middle = median(times)
      if (!smallest.has(name)) smallest.set(name, middle)
      console.log(
        [
          target.name.padEnd(9),
          `${size} cases`.padEnd(14),
          name.padEnd(18),
          `found ${found.toFixed(1)}`.padEnd(11),
          `median ${middle.toFixed(2)} ms`.padEnd(15),
          `p95 ${quantile(times, 0.95).toFixed(2)} ms`.padEnd(13),
          `to ${SIZES[0]} cases ${(middle / smallest.get(name)!).toFixed(2)}`,
        ].join('  '),
      )
    }
  }
} finally {
  await target.close()
  await rm(dataDir, { recursive: true, force: true })
}
