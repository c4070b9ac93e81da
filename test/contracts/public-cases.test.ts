import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY } from '../../src/kernel/clock.ts'
import type { PublicCaseFilter, PublicEventFilter } from '../../src/usecases/public-case-ports.ts'
import { createTestLine, inOwnCity, type TestLine } from '../support/test-line.ts'
import { createTestStore, type TestStore, testServers } from '../support/test-store.ts'
import { accountOf, act, fileOne } from '../support/use-test-line.ts'

/** One suite for every server: which cases are public is decided in SQL. */
describe.each(testServers())('public cases on the $kind', server => {
  let home: TestStore
  let line: TestLine
  const ids: Record<string, string> = {}
  const file = async (name: string, ...what: [Parameters<typeof fileOne>[1]?, string?]) => {
    const desk = { line, record: undefined as never }
    const { case: filed } = await fileOne(desk, ...what)
    ids[name] = filed.id
    line.clock.advance(DAY)
    return filed
  }

  beforeAll(async () => {
    home = await createTestStore(server)
    line = inOwnCity(await createTestLine(home.store), 1)
    await file('first', { at: [123.757, 41.822] })
    await file('unsure', { subject: null, subjectCandidates: [] })
    await file('report', { type: 'report' })
    await file('quiet', { words: '路灯不亮了，别透露是我说的' })
    await file('danger', {}, 'fire')
    const gone = await file('gone')
    await act(line, accountOf('agent'), gone.id, 'withdraw')
    await file('last', { subject: 'environment/noise/construction-night' })
  }, 120_000)
  afterAll(() => home.drop())

  const list = async (filter: Partial<PublicCaseFilter> = {}) => {
    const { jurisdiction } = line.content.city
    const rows = await line.store.publicCases.list({ jurisdiction, limit: 100, offset: 0, ...filter })
    return rows.map(row => Object.keys(ids).find(name => ids[name] === row.id))
  }
  const events = (filter: Partial<PublicEventFilter> = {}) =>
    line.store.publicCases.events({
      jurisdiction: line.content.city.jurisdiction,
      types: ['filed', 'dispatched', 'withdrawn'],
      from: new Date(0),
      to: line.clock.now(),
      limit: 100,
      offset: 0,
      ...filter,
    })

  test('are those that anybody may know of, newest first', async () => {
    expect(await list()).toEqual(['last', 'unsure', 'first'])
    expect(await list({ jurisdiction: 'elsewhere' })).toEqual([])
  })

  test('are filtered', async () => {
    expect(await list({ subjects: ['environment'] })).toEqual(['last'])
    expect(await list({ subjects: ['environment/noise', null] })).toEqual(['last', 'unsure'])
    expect(await list({ subjects: [] })).toEqual([])
    expect(await list({ states: ['accepted'] })).toEqual(['unsure'])
    expect(await list({ states: [] })).toEqual([])
    expect(await list({ numbers: [] })).toEqual([])
    expect(await list({ limit: 1, offset: 1 })).toEqual(['unsure'])
    const [newest] = await line.store.publicCases.list({
      jurisdiction: line.content.city.jurisdiction,
      limit: 1,
      offset: 0,
    })
    expect(await list({ from: newest!.filedAt })).toEqual(['last'])
    expect(await list({ to: new Date(newest!.filedAt.getTime() - 1) })).toEqual(['unsure', 'first'])
    expect(await list({ numbers: [newest!.number], subjects: ['economy'] })).toEqual(['last'])
  })

  test('carry the point of their place', async () => {
    const rows = await line.store.publicCases.list({
      jurisdiction: line.content.city.jurisdiction,
      limit: 3,
      offset: 0,
    })
    expect(rows.map(row => row.at)).toEqual([null, null, [123.757, 41.822]])
  })

  test('and what happened to them, in order', async () => {
    const all = await events()
    expect(all.map(event => event.type)).toEqual(['filed', 'dispatched', 'filed', 'filed', 'dispatched'])
    expect(all.every((event, i) => i === 0 || all[i - 1]!.at <= event.at)).toBe(true)
    expect(await events({ numbers: [all[2]!.number] })).toMatchObject([{ type: 'filed', seq: 1 }])
    expect(await events({ limit: 1, offset: 4 })).toEqual([all[4]])
    expect(await events({ from: line.clock.now() })).toEqual([])
  })
})
