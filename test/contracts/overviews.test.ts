import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filterOfQuery, queryOfFilter, searchBody } from '../../src/adapters/http/list-filter.ts'
import { BACKFILL } from '../../src/adapters/postgres/migrations/0170-overviews.ts'
import { foldCase } from '../../src/cases/case.ts'
import { simulateYear } from '../../src/cli/simulated-year.ts'
import { doubtsOf, REPEAT_DAYS } from '../../src/followup/doubtful-closure.ts'
import { ManualClock } from '../../src/kernel/clock.ts'
import { seededChance } from '../../src/kernel/ids.ts'
import type { AuditProblem } from '../../src/usecases/audit-problem.ts'
import type { DeskFilter } from '../../src/usecases/desk-filter.ts'
import { casesBehind } from '../../src/usecases/evaluate-period.ts'
import { createHotIssues } from '../../src/usecases/find-hot-issues.ts'
import { createForecasts } from '../../src/usecases/forecast-late.ts'
import { listOrders } from '../../src/usecases/list-orders.ts'
import { mapCases } from '../../src/usecases/map-cases.ts'
import { ratesOverTime } from '../../src/usecases/rates-over-time.ts'
import { superviseToday } from '../../src/usecases/supervise-today.ts'
import { traceReturns } from '../../src/usecases/trace-returns.ts'
import { verifyAudit } from '../../src/usecases/verify-audit.ts'
import { type DeskRow, listDeskCases } from '../../src/usecases/work-at-desk.ts'
import { createTestLine, lineOver, type TestLine } from '../support/test-line.ts'
import { createTestStore, type TestStore, testServers } from '../support/test-store.ts'
import { accountOf } from '../support/use-test-line.ts'

const CASES = 350
/** Two busy months, so that much is open in the end. */
const PERIOD = { from: new Date('2025-10-01T00:00:00+08:00'), to: new Date('2025-11-28T15:00:00+08:00') }
const PATIENCE_MS = 180_000
const ALL = {}

const supervisor = accountOf('supervisor')
const handler = accountOf('handler', 'market-supervision')
const people = [supervisor, handler] as const

/** One suite for every server: every number is what its list holds, whoever asks. */
describe.each(testServers())('overviews on the $kind', server => {
  let home: TestStore
  let line: TestLine

  beforeAll(async () => {
    home = await createTestStore(server)
    const base = await createTestLine(home.store)
    const { content } = base
    line = {
      ...lineOver(base, home.store, 11),
      content: { ...content, notifications: { ...content.notifications, residents: [], departments: [] } },
      chance: seededChance(11),
      clock: new ManualClock(PERIOD.from),
    }
    await simulateYear(line, { cases: CASES, seed: 11, year: PERIOD })
    line.clock.set(PERIOD.to)
  }, PATIENCE_MS)
  afterAll(() => home?.drop())

  /** All cases of the list that a number opens, asked for as the desk does: through the address. */
  async function listed(account: typeof supervisor, filter: DeskFilter): Promise<DeskRow[]> {
    const asked = filterOfQuery(searchBody.parse({ ...queryOfFilter(filter), limit: '200' }))
    const rows: DeskRow[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await listDeskCases(line, account, { ...asked, ...(cursor ? { cursor } : {}) }, 'en')
      rows.push(...page.rows)
      if (page.nextCursor === null) return rows
      cursor = page.nextCursor
    }
  }

  test.each(people)('the numbers of today are those of their lists, for a $role', async account => {
    const { numbers } = await superviseToday(line, account, ALL)
    for (const { name, count, filter } of numbers)
      expect([name, (await listed(account, filter)).length]).toEqual([name, count])
    if (account === supervisor)
      expect(numbers.filter(({ count }) => count > 0).length).toBeGreaterThanOrEqual(6)
  })

  test.each(people)('the map has what the lists of its places have, for a $role', async account => {
    const { streets, since } = await mapCases(line, account, ALL, 'en')
    const filters = {
      open: { isOpen: true },
      overdue: { light: 'red' },
      recent: { filedSince: since },
    } as const
    for (const street of streets)
      for (const by of ['open', 'overdue', 'recent'] as const) {
        const rows = await listed(account, { street: street.id, ...filters[by] })
        expect([street.id, by, rows.length]).toEqual([street.id, by, street[by]])
        expect(rows.filter(({ isConfidential }) => isConfidential)).toEqual([])
        const community = street.communities.find(each => each[by] > 0)
        if (!community) continue
        const inside = await listed(account, { street: street.id, community: community.id, ...filters[by] })
        expect([community.id, inside.length]).toEqual([community.id, community[by]])
      }
    if (account === supervisor) expect(streets.every(({ recent }) => recent > 0)).toBe(true)
  })

  test.each(people)('every pass of a returned case is a list, for a $role', async account => {
    const { passes } = await traceReturns(line, account, ALL, 'en')
    for (const { cases, filter } of passes) expect((await listed(account, filter)).length).toBe(cases)
    if (account === supervisor) expect(passes.length).toBeGreaterThan(3)
  })

  test('passes are what the events say', async () => {
    const said = new Map<string, Set<string>>()
    for await (const { caseId, events } of line.store.eachCaseEvents())
      for (const [index, { type, actor }] of events.entries()) {
        if (type !== 'returned') continue
        const next = events
          .slice(index)
          .find(each => ['dispatched', 'ruled', 'return-refused'].includes(each.type))
        const receiver = next?.type === 'return-refused' ? actor.department : next?.data.lead
        const key = `${actor.department} → ${receiver ?? null}`
        said.set(key, (said.get(key) ?? new Set()).add(caseId))
      }
    const { passes } = await traceReturns(line, supervisor, ALL, 'en')
    const counted = passes.map(({ sender, receiver, cases }) => [
      `${sender.id} → ${receiver?.id ?? null}`,
      cases,
    ])
    expect(Object.fromEntries(counted)).toEqual(
      Object.fromEntries([...said].map(([key, cases]) => [key, cases.size])),
    )
  })

  test('what is doubtful is what the formulas of doubt say', async () => {
    const doubtful: string[] = []
    for await (const { caseId, events } of line.store.eachCaseEvents()) {
      const { reply } = foldCase(events)
      const last = events.findLast(({ type }) => type === 'replied')
      const repeats = await line.store.transact(async tx =>
        reply && last ? tx.notices.repeatsOf(caseId, last.at, REPEAT_DAYS) : [],
      )
      if (doubtsOf(events, repeats).length > 0) doubtful.push(caseId)
    }
    const rows = await listed(supervisor, { doubtfulSince: PERIOD.from })
    expect(rows.map(({ id }) => id).toSorted()).toEqual(doubtful.toSorted())
    expect(doubtful.length).toBeGreaterThan(2)
  })

  test.each(people)('the orders are those of their lists, for a $role', async account => {
    const { numbers, orders } = await listOrders(line, account, ALL, 'en')
    for (const { count, filter } of numbers) expect((await listed(account, filter)).length).toBe(count)
    for (const { row, level, isAnswered } of orders) {
      const filter: DeskFilter = { order: { level, is: isAnswered ? 'answered' : 'unanswered' } }
      expect((await listed(account, filter)).map(({ id }) => id)).toContain(row.id)
    }
  })

  test.each(people)('every rate opens its cases, for a $role', async account => {
    const period = { from: '2025-10-01', to: '2025-11-30' }
    const { points } = await ratesOverTime(line, account, { ...period, step: 'month' }, 'en')
    expect(points.length).toBeGreaterThan(0)
    for (const { department, from, measure, counted } of points.slice(0, 12)) {
      const to = from === '2025-10-01' ? '2025-10-31' : '2025-11-30'
      const request = { from, to, by: 'filed', group: 'department', department } as const
      const figure = { measure, part: 'counted' } as const
      const page = { limit: 1000, after: null }
      const { rows } = await casesBehind(line, account, { ...request, figure }, page)
      expect(rows.length).toBe(counted)
    }
  })

  test('forecasts are of open cases that are not late yet, likeliest first, and say why', async () => {
    const forecast = createForecasts(line)
    const { likeliest, running, expected, learned } = await forecast(supervisor, ALL, 'en')
    expect(learned).toBeGreaterThan(100)
    expect(likeliest.length).toBeGreaterThan(0)
    expect(expected).toBeGreaterThan(0)
    expect(expected).toBeLessThan(running)
    const chances = likeliest.map(({ chance }) => chance)
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
    for (const { row, basis, share } of likeliest) {
      expect(['dispatched', 'handling']).toContain(row.state)
      expect(row.dueAt! > line.clock.now()).toBe(true)
      expect(basis.late).toBeLessThanOrEqual(basis.reached)
      expect(share).toBeLessThanOrEqual(1)
    }
    const own = await forecast(handler, ALL, 'en')
    expect(own.running).toBeLessThan(running)
  })

  test('hot issues are of several people, and every one of their cases may be listed', async () => {
    const { issues, read } = await createHotIssues(line)(supervisor, ALL)
    expect(read).toBeGreaterThan(50)
    for (const { ids, people: told, days } of issues) {
      expect(told).toBeGreaterThan(1)
      const rows = await listed(supervisor, { ids })
      expect(rows.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      expect(rows.some(({ isConfidential }) => isConfidential)).toBe(false)
      expect(days.reduce((sum, count) => sum + count, 0)).toBe(ids.length)
    }
  })

  test('cases of before the columns get what their events say', async () => {
    const raw = new pg.Client(home.connection)
    await raw.connect()
    await raw.query(`update cases set community = null, promise_from = null, awaits = '{}', review_at = 'infinity',
      supervision_level = null, supervision_due_at = null`)
    for (const statement of BACKFILL) await raw.query(statement)
    await raw.end()
    const problems: AuditProblem[] = []
    await verifyAudit(line.store, problem => problems.push(problem))
    expect(problems).toEqual([])
  })
})
