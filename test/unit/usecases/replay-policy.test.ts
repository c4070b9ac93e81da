import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import { Router } from '../../../src/routing/route-matter.ts'
import { type OtherPolicy, type Replay, replayPolicy } from '../../../src/usecases/replay-policy.ts'
import { sweepClocks } from '../../../src/usecases/sweep-clocks.ts'
import { accountOf, act, type Desk, fileOne, replyInput, useTestLine } from '../../support/use-test-line.ts'
import { calendarContent, hours } from '../clocks/shenfu.ts'

const lines = useTestLine()
const STREET_LIGHT = 'urban-construction/municipal-facilities/street-light'

/** A street lamp, answered after seven working days of the ten that there are. */
async function answered(desk: Desk, filedAt: string, repliedAt: string): Promise<string> {
  const { line } = desk
  line.clock.set(`${filedAt}:00+08:00`)
  const filed = await fileOne(desk)
  const lead = filed.case.dispatch!.lead
  line.clock.set(new Date(line.clock.now().getTime() + 3_600_000))
  await act(line, accountOf('handler', lead), filed.case.id, 'sign')
  line.clock.set(`${repliedAt}:00+08:00`)
  for (let changed = -1; changed !== 0; ) changed = await sweepClocks(line)
  await act(line, accountOf('handler', lead), filed.case.id, 'reply', replyInput(line))
  return lead
}

function ownPolicy({ line }: Desk): OtherPolicy {
  return { policy: line.policy, router: line.router }
}

/** The same with another limit for handling. */
function withLimit(desk: Desk, days: number): OtherPolicy {
  const { policy, router } = ownPolicy(desk)
  const limit = { amount: days, unit: 'wd' as const }
  const profiles = policy.levels.profiles.map(profile => ({
    ...profile,
    clocks: { ...profile.clocks, handle: { ...profile.clocks.handle, limit } },
  }))
  return { router, policy: { ...policy, levels: { ...policy.levels, profiles, grades: [] } } }
}

function replayDay(desk: Desk, day: string, other: OtherPolicy): Promise<Replay> {
  const from = new Date(`${day}T00:00:00+08:00`)
  const before = new Date(from.getTime() + 86_400_000)
  return replayPolicy(desk.line.store, other, { from, before }, desk.line.clock.now())
}

describe('recorded cases under another policy', () => {
  test('under their own they come out as they were', async () => {
    const desk = lines.fresh()
    await answered(desk, '2026-03-02T09:00', '2026-03-11T10:00')
    await answered(desk, '2026-03-02T09:30', '2026-03-20T10:00')
    const { total } = await replayDay(desk, '2026-03-02', ownPolicy(desk))
    expect(total).toMatchObject({ cases: 2, late: 1, otherLate: 1, newlyLate: 0, noLongerLate: 0, loses: 0 })
  })

  test('a shorter limit makes what was in time late, a longer one what was late in time', async () => {
    const desk = lines.fresh()
    const lead = await answered(desk, '2026-04-07T09:00', '2026-04-16T10:00')
    await answered(desk, '2026-04-07T09:30', '2026-04-28T10:00')
    const shorter = await replayDay(desk, '2026-04-07', withLimit(desk, 3))
    expect(shorter.total).toMatchObject({ late: 1, otherLate: 2, newlyLate: 1, noLongerLate: 0 })
    const longer = await replayDay(desk, '2026-04-07', withLimit(desk, 30))
    expect(longer.total).toMatchObject({ late: 1, otherLate: 0, newlyLate: 0, noLongerLate: 1 })
    expect(longer.departments.get(lead)).toEqual(longer.total)
  })

  test('what nobody has answered yet is judged by now', async () => {
    const desk = lines.fresh()
    desk.line.clock.set('2026-07-06T09:00:00+08:00')
    await fileOne(desk)
    desk.line.clock.set('2026-07-14T09:00:00+08:00')
    expect((await replayDay(desk, '2026-07-06', withLimit(desk, 3))).total).toMatchObject({
      late: 0,
      otherLate: 1,
    })
    desk.line.clock.set('2026-08-14T09:00:00+08:00')
    expect((await replayDay(desk, '2026-07-06', ownPolicy(desk))).total).toMatchObject({
      late: 1,
      otherLate: 1,
    })
  })

  test('what was put right goes by the other levels from then on, whatever they are called', async () => {
    const desk = lines.fresh()
    const { line } = desk
    line.clock.set('2026-03-30T09:00:00+08:00')
    const { case: filed } = await fileOne(desk)
    await act(line, accountOf('agent'), filed.id, 'correct', { type: 'consultation' })
    const handler = accountOf('handler', filed.dispatch!.lead)
    await act(line, handler, filed.id, 'sign')
    line.clock.set('2026-04-09T10:00:00+08:00')
    await act(line, handler, filed.id, 'reply', replyInput(line))

    const long = withLimit(desk, 30)
    const general = { ...long.policy.levels.profiles.at(-1)!, id: 'all-else' }
    const limit = { amount: 2, unit: 'wd' as const }
    const clocks = { ...general.clocks, handle: { ...general.clocks.handle, limit } }
    const asked = { ...general, id: 'asked', when: { type: ['consultation'] }, clocks }
    const levels = { ...long.policy.levels, profiles: [asked, general] }
    const replay = await replayDay(desk, '2026-03-30', { ...long, policy: { ...long.policy, levels } })
    expect(replay.total).toMatchObject({ cases: 1, otherLate: 1 })
  })

  test('a calendar without its holidays makes late what they excused', async () => {
    const desk = lines.fresh()
    await answered(desk, '2026-09-24T09:00', '2026-10-13T10:00')
    const plain = new WorkingCalendar({ ...calendarContent, version: 'plain', years: {} }, hours)
    const { policy, router } = ownPolicy(desk)
    const other = { router, policy: { ...policy, calendar: plain } }
    expect((await replayDay(desk, '2026-09-24', other)).total).toMatchObject({ late: 0, otherLate: 1 })
  })

  test('other duties send it elsewhere, and where rules are silent an agent decides as before', async () => {
    const desk = lines.fresh()
    const lead = await answered(desk, '2026-05-11T09:00', '2026-05-13T10:00')
    const { content, policy } = desk.line
    const other = [...content.departments.keys()].find(id => id !== lead)!
    const rule = {
      id: 'lamps',
      when: { subject: [STREET_LIGHT] },
      lead: other,
      coHandlers: [],
      reason: { zh: '灯', en: 'lamps' },
    }
    const departments = [...content.departments.values()]
    const moved = { policy, router: new Router(departments, { ...content.routing, rules: [rule] }) }
    const replay = await replayDay(desk, '2026-05-11', moved)
    expect(replay.departments.get(lead)).toMatchObject({ cases: 1, loses: 1, gains: 0 })
    expect(replay.departments.get(other)).toMatchObject({ cases: 0, loses: 0, gains: 1 })

    const silent = { policy, router: new Router([], { ...content.routing, rules: [] }) }
    expect((await replayDay(desk, '2026-05-11', silent)).total).toMatchObject({
      undecided: 0,
      otherUndecided: 1,
      loses: 0,
      gains: 0,
    })
  })

  test('what an agent had to decide and would have to decide again is no difference', async () => {
    const desk = lines.fresh()
    const { line } = desk
    line.clock.set('2026-06-08T09:00:00+08:00')
    const { case: filed } = await fileOne(desk, { words: '有件事想请你们管一管', subject: null })
    expect(filed.dispatch).toBeNull()
    await act(line, accountOf('agent'), filed.id, 'dispatch', { lead: 'urban-management' })
    const { total } = await replayDay(desk, '2026-06-08', ownPolicy(desk))
    expect(total).toMatchObject({ cases: 1, undecided: 1, otherUndecided: 1, loses: 0, gains: 0 })
  })

  test('nothing in the store is changed', async () => {
    const desk = lines.fresh()
    await answered(desk, '2026-06-01T09:00', '2026-06-24T10:00')
    const before = await everything()
    await replayDay(desk, '2026-06-01', withLimit(desk, 1))
    expect(await everything()).toEqual(before)
    expect(before.case_events).toContain('replied')
  })
})

/** Every row of every table, as text. */
async function everything(): Promise<Record<string, string>> {
  const client = new pg.Client(lines.home().connection)
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    )
    const all: Record<string, string> = {}
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ text: string }>(
        `select coalesce(string_agg(each::text, E'\n' order by each::text), '') as text from ${name} each`,
      )
      all[name] = rows[0]!.text
    }
    return all
  } finally {
    await client.end()
  }
}
