import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditCase } from '../../../src/cases/audit-case.ts'
import { type SimulatedYear, simulateYear } from '../../../src/cli/simulated-year.ts'
import { ManualClock } from '../../../src/kernel/clock.ts'
import { seededChance } from '../../../src/kernel/ids.ts'
import { formatAuditProblem } from '../../../src/usecases/audit-problem.ts'
import { evaluatePeriod } from '../../../src/usecases/evaluate-period.ts'
import { verifyAudit } from '../../../src/usecases/verify-audit.ts'
import { createTestLine, lineOver, type TestLine } from '../../support/test-line.ts'
import { createTestStore, type TestStore } from '../../support/test-store.ts'
import { accountOf } from '../../support/use-test-line.ts'

const CASES = 150
const YEAR = { from: new Date('2025-01-01T00:00:00+08:00'), to: new Date('2026-01-01T00:00:00+08:00') }
const PATIENCE_MS = 180_000

/** A year in a store of its own. */
async function play(seed: number): Promise<{ home: TestStore; line: TestLine; result: SimulatedYear }> {
  const home = await createTestStore()
  const base = await createTestLine(home.store)
  const { content } = base
  const line: TestLine = {
    ...lineOver(base, home.store, seed),
    content: { ...content, notifications: { ...content.notifications, residents: [], departments: [] } },
    chance: seededChance(seed),
    clock: new ManualClock(YEAR.from),
  }
  return { home, line, result: await simulateYear(line, { cases: CASES, seed, year: YEAR }) }
}

/** The last hash of every case: equal only when all that ever happened is. */
async function headsOf({ store }: TestStore): Promise<string[]> {
  const heads: string[] = []
  for await (const { caseId, version, hash } of store.eachCaseEvents())
    heads.push(`${caseId} ${version} ${hash}`)
  return heads
}

describe('a simulated year', () => {
  let first: Awaited<ReturnType<typeof play>>
  let second: Awaited<ReturnType<typeof play>>
  beforeAll(async () => {
    first = await play(7)
    second = await play(7)
  }, PATIENCE_MS)
  afterAll(async () => {
    await first?.home.drop()
    await second?.home.drop()
  })

  test('ends with every case accounted for, in the result as in the store', async () => {
    const { result, line } = first
    expect(result.cases).toBe(CASES)
    expect(Object.values(result.stages).reduce((sum, count) => sum + count, 0)).toBe(CASES)

    const stored: Record<string, number> = {}
    for (let cursor: string | undefined; ; ) {
      const page = await line.store.listCases({
        includeConfidential: true,
        sort: 'newest',
        limit: 100,
        ...(cursor ? { cursor } : {}),
      })
      for (const { stage } of page.rows) stored[stage] = (stored[stage] ?? 0) + 1
      if (!page.nextCursor) break
      cursor = page.nextCursor
    }
    expect(stored).toEqual(result.stages)
  })

  test('leaves a history that the audit finds whole, with a day anchored for each that is over', async () => {
    const problems: string[] = []
    const report = await verifyAudit(first.line.store, problem => problems.push(formatAuditProblem(problem)))
    expect(problems).toEqual([])
    expect(report).toMatchObject({ cases: CASES, events: first.result.events, broken: 0 })
    expect(report.anchors).toBeGreaterThan(350)
  })

  test('leaves no clock that should have rung in the year', async () => {
    expect(await first.line.store.dueClocks(new Date(YEAR.to.getTime() - 1), 10)).toEqual([])
  })

  test('goes through the paths of the loop, at the rhythm of the year', async () => {
    const types = new Set<string>()
    let atNight = 0
    for await (const audited of first.line.store.eachCaseEvents()) {
      expect(auditCase(audited)).toEqual([])
      for (const { type } of audited.events) types.add(type)
      const hour = new Date(audited.events[0]!.at.getTime() + 8 * 3_600_000).getUTCHours()
      if (hour < 6) atNight++
    }
    for (const type of [
      'filed',
      'accepted',
      'dispatched',
      'signed',
      'returned',
      'replied',
      'followed-up',
      'reworked',
      'withdrawn',
      'resident-asked',
      'extension-requested',
      'clock-warned',
      'clock-breached',
      'answered',
      'supervision-ordered',
      'supervision-answered',
      'supervision-closed',
    ])
      expect(types, `nobody had ${type}`).toContain(type)
    expect(atNight).toBeLessThan(CASES / 6)
  })

  test('can be evaluated', async () => {
    const request = { from: '2025-01-01', to: '2025-12-31', by: 'filed', group: 'department' } as const
    const { rows, total } = await evaluatePeriod(first.line, accountOf('supervisor'), request, 'zh-Hans')
    expect(total.measures.cases?.counted).toBe(CASES)
    expect(rows.length).toBeGreaterThan(8)
  })

  test('is the same again with the same seed, hash by hash', async () => {
    expect(second.result).toEqual(first.result)
    expect(await headsOf(second.home)).toEqual(await headsOf(first.home))
  })
})
