/**
 * What the supervisor's page asks for, through its use cases, with 10,000 open cases among 300,000 that are closed: each part alone,
 * and the desk's list behind a number. The first time also learns and groups what is then kept for a while.
 *
 *   node bench/overview.ts [closed]   embedded, or DATABASE_URL
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY } from '../src/kernel/clock.ts'
import { refreshScores } from '../src/usecases/evaluate-period.ts'
import { createHotIssues } from '../src/usecases/find-hot-issues.ts'
import { createForecasts } from '../src/usecases/forecast-late.ts'
import { listOrders } from '../src/usecases/list-orders.ts'
import { mapCases } from '../src/usecases/map-cases.ts'
import { ratesOverTime } from '../src/usecases/rates-over-time.ts'
import { superviseToday } from '../src/usecases/supervise-today.ts'
import { traceReturns } from '../src/usecases/trace-returns.ts'
import { listDeskCases } from '../src/usecases/work-at-desk.ts'
import { createTestLine, type TestLine } from '../test/support/test-line.ts'
import { accountOf } from '../test/support/use-test-line.ts'
import { median } from './support/statistics.ts'
import { createTarget, type Target } from './support/store-target.ts'

const CLOSED = Number(process.argv[2] ?? 300_000)
const OPEN = 10_000
const ROUNDS = 5
const PEOPLE = 120_000
/** The closed ones were filed over two years; one in fifteen was returned, one in twenty came back with a "no". */
const SPREAD_DAYS = 730

const FILL_CASES = `insert into cases (id, jurisdiction, number, version, hash, state, stage, type, subject, grade, summary, place,
    street, community, lead, co_handlers, channel, is_confidential, is_emergency, filed_at, changed_at, due_at, warn_at, promise_from,
    awaits, supervision_level, supervision_due_at, search, user_key, query_code_hash)
  select lpad(i::text, 12, '0'), 'bench', 'n' || i, 4, repeat('0', 64), case when i > $1 then (array['handling', 'dispatched', 'handling'])[1 + i % 3] else 'closed' end,
    case when i > $1 then 'feedback' else 'evaluation' end, 'help', ($4::text[])[1 + i % cardinality($4::text[])], 'normal',
    ($5::text[])[1 + i * 7 % cardinality($5::text[])], '人民路' || i % 300 || '号', ($6::text[])[1 + i % cardinality($6::text[])],
    case when i % 3 > 0 then '社区' || i % 80 end, ($7::text[])[1 + i % cardinality($7::text[])], '{}', 'web-chat', i % 50 = 0, false,
    filed, filed, case when i > $1 then filed + interval '12 days' else 'infinity' end,
    case when i > $1 then filed + interval '6 days' else 'infinity' end, case when i > $1 then filed end,
    case when i > $1 and i % 20 = 0 then array['extension'] when i > $1 and i % 25 = 1 then array['order'] else '{}' end, case when i > $1 and i % 25 = 1 then 'remind' end,
    case when i > $1 and i % 25 = 1 then $3::timestamptz + interval '1 day' end, '', int4send(i * 31 % ${PEOPLE}), int4send(i)
  from generate_series(1, $2::integer) i, lateral (select $3::timestamptz - case when i > $1
    then interval '1 second' * (i % 10000 * 110) else interval '1 second' * (i::bigint * 211 % ${SPREAD_DAYS * 86_400}) end as filed) at`
const FILL_EVENTS = `insert into case_events (case_id, seq, jurisdiction, type, at, actor, reason, data, clocks, previous_hash, hash)
  select cases.id, seq, 'bench', event.type, filed_at + interval '2 days' * seq, jsonb_build_object('role', 'handler', 'id', 'h', 'department', lead),
    null, case event.type when 'replied' then '{"solved": "solved", "isWithinDuty": true, "contact": {"how": "phone"}}'::jsonb
      when 'followed-up' then jsonb_build_object('contacted', true, 'resolved', number like '%0')
      else jsonb_build_object('lead', lead, 'elements', '{}'::jsonb) end,
    case event.type when 'replied' then jsonb_build_array(jsonb_build_object('kind', 'handle', 'startedAt', filed_at, 'dueAt', filed_at + interval '12 days',
      'stoppedAt', filed_at + interval '1 day' * (hashtext(cases.id) & 15))) else '[]'::jsonb end, '', ''
  from cases, lateral (values (1, 'filed'), (2, case when hashtext(cases.id) % 15 = 0 then 'returned' else 'signed' end),
    (3, 'dispatched'), (4, 'replied'), (5, 'followed-up')) event(seq, type)
  where cases.state = 'closed' or seq = 1`
const FILL_SCORES = `insert into case_scores (case_id, jurisdiction, department, version, is_responsible, subject, street, channel, type,
    filed_on, concluded_on, counted, met)
  select id, 'bench', lead, 4, true, subject, street, channel, type, filed_at::date, filed_at::date,
    array['cases', 'answered', 'contacted', 'resolved', 'satisfied'], array['cases', 'answered', 'contacted'] from cases`

async function fill({ plain }: Target, line: TestLine): Promise<void> {
  const { subjects, places, departments } = line.content
  const now = line.clock.now()
  const summaries = subjects.leaves.flatMap(({ examples }) =>
    examples.slice(0, 3).map(text => text.slice(0, 40)),
  )
  await plain.query(FILL_CASES, [
    CLOSED,
    CLOSED + OPEN,
    now,
    subjects.leaves.map(({ id }) => id),
    summaries,
    places.streets.map(({ id }) => id),
    [...departments.keys()],
  ])
  await plain.query(FILL_EVENTS)
  await plain.query(FILL_SCORES)
  await plain.query('vacuum analyze')
}

async function report(name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  const [first, ...others] = times
  console.log(
    `${name.padEnd(22)} first ${first!.toFixed(0).padStart(5)} ms   then ${median(others).toFixed(1).padStart(7)} ms`,
  )
}

async function measure(line: TestLine): Promise<void> {
  const account = accountOf('supervisor')
  const page = { sort: 'due', limit: 50 } as const
  const now = line.clock.now()
  const day = (daysAgo: number) => new Date(now.getTime() - daysAgo * DAY).toISOString().slice(0, 10)
  const period = { from: day(365), to: day(0) }
  const issues = createHotIssues(line)
  const forecast = createForecasts(line)
  const { numbers } = await superviseToday(line, account, {})
  console.log(numbers.map(({ name, count }) => `${name} ${count}`).join(', '))
  await report('today', () => superviseToday(line, account, {}))
  for (const { name, filter } of numbers)
    await report(`list: ${name}`, () => listDeskCases(line, account, { ...filter, ...page }, 'zh-Hans'))
  await report('list: whole', () => listDeskCases(line, account, page, 'zh-Hans'))
  await report('places', () => mapCases(line, account, {}, 'zh-Hans'))
  const here = { street: line.content.places.streets[0]!.id, isOpen: true }
  await report('list: a street', () => listDeskCases(line, account, { ...here, ...page }, 'zh-Hans'))
  await report('issues', () => issues(account, {}))
  await report('scores up to date', () => refreshScores(line))
  await report('rates', () => ratesOverTime(line, account, { ...period, step: 'month' }, 'zh-Hans'))
  await report('returns', () => traceReturns(line, account, {}, 'zh-Hans'))
  await report('forecast', () => forecast(account, {}, 'zh-Hans'))
  await report('orders', () => listOrders(line, account, {}, 'zh-Hans'))
}

const dataDir = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
const databaseUrl = process.env.DATABASE_URL
const target = await createTarget(databaseUrl ? 'server' : 'embedded', {
  dataDir,
  ...(databaseUrl ? { databaseUrl } : {}),
})
try {
  const line = await createTestLine(target.store)
  await fill(target, line)
  console.log(`${target.name}: ${OPEN} open, ${CLOSED} closed`)
  await measure(line)
} finally {
  await target.close()
  await rm(dataDir, { recursive: true, force: true })
}
