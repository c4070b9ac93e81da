import { describe, expect, it } from 'vitest'
import { type BulkOutcome, type BulkResult, runBulk } from '../../src/web/desk/bulk-run.ts'
import { holdRows } from '../../src/web/desk/held-rows.ts'
import {
  caseOfHash,
  countOfLane,
  filterOfHash,
  hashOf,
  LANES,
  lanesOf,
  NO_FILTER,
  queryOf,
} from '../../src/web/desk/list-filter.ts'
import { holdsAllWords } from '../../src/web/desk/words-in.ts'

describe('the filter of the list', () => {
  it('stands in the address, comes back from it, and takes no words with it', () => {
    const filter = { ...NO_FILTER, lane: 'to-sign', light: 'red', isHot: true, search: '王秀兰' } as const
    const hash = hashOf(filter, 'case-1')
    expect(hash).toBe('#/cases/case-1?lane=to-sign&light=red&peopleAtLeast=10')
    expect(filterOfHash(hash)).toEqual({ ...filter, search: '' })
    expect([caseOfHash(hash), caseOfHash('#/?lane=to-sign')]).toEqual(['case-1', null])
  })

  it.each(['', '#/', '#/agent', '#/cases/case-1', '#/agent?lane=to-sign'])('%j holds none', hash => {
    expect(filterOfHash(hash)).toBeNull()
  })

  it('what there is not is left out', () => {
    expect(filterOfHash('#/?lane=moon&states=closed,moon&light=blue&sort=price')).toEqual({
      ...NO_FILTER,
      states: ['closed'],
    })
  })

  it('shows what is over only in its lane, or to whoever looks for words', () => {
    expect(String(queryOf(NO_FILTER).states)).not.toContain('closed')
    expect(String(queryOf(NO_FILTER).states)).toContain('joined')
    expect(queryOf({ ...NO_FILTER, search: '路灯' }).states).toBeUndefined()
    expect(queryOf({ ...NO_FILTER, lane: 'closed' }).states).toContain('closed')
    expect(queryOf({ ...NO_FILTER, lane: 'to-put-right' })).toMatchObject({ isReworked: 'true' })
  })

  it('every open state stands in one lane that the centre sees, but for those who wait for another’s answer', () => {
    const covered = new Set(Object.values(LANES).flatMap(({ states }) => [...states] as string[]))
    expect(
      String(queryOf(NO_FILTER).states)
        .split(',')
        .filter(state => !covered.has(state)),
    ).toEqual(['joined'])
    expect(lanesOf('handler')).not.toContain('new')
  })

  it('a lane counts what came back apart from what did not', () => {
    const count = (state: string, isReworked: boolean, all: number) => ({
      state,
      isReworked,
      all,
      overdue: 1,
      warned: 0,
    })
    const counts = [count('dispatched', false, 3), count('dispatched', true, 2), count('handling', true, 4)]
    expect(countOfLane('to-sign', counts)).toEqual({ all: 3, overdue: 1 })
    expect(countOfLane('to-put-right', counts)).toEqual({ all: 6, overdue: 2 })
    expect(countOfLane('closed', counts)).toBeNull()
  })
})

describe('a list that somebody points at', () => {
  const row = (id: string, version = 1) => ({ id, version })
  it('renews rows where they stand, marks what left, and counts what waits', () => {
    const held = holdRows([row('a'), row('b'), row('c')], [row('new'), row('c', 2), row('a')], {
      isWhole: true,
      reach: 3,
    })
    expect(held.rows).toEqual([row('a'), row('b'), row('c', 2)])
    expect([[...held.gone], held.waiting]).toEqual([['b'], 1])
  })

  it('says nothing of rows that were not asked for again', () => {
    const { gone } = holdRows([row('a'), row('b')], [row('a')], { isWhole: false, reach: 1 })
    expect([...gone]).toEqual([])
  })
})

describe('one thing done to many cases', () => {
  const cases = ['a', 'b', 'c'].map(id => ({ id }))
  async function run(outcomes: Record<string, BulkOutcome[]>, stopAfter = 9) {
    const keys: string[] = []
    const last = new Map<string, BulkResult>()
    await runBulk(
      cases,
      async ({ id }, key) => {
        keys.push(key)
        return outcomes[id]?.shift() ?? { is: 'done' }
      },
      {
        runKey: 'run',
        isStopped: () => keys.length >= stopAfter,
        onChange: (id, result) => last.set(id, result),
      },
    )
    return { keys, states: [...last.values()].map(({ state }) => state), last }
  }

  it('goes on after a refusal, and says why', async () => {
    const { states, last } = await run({ b: [{ is: 'refused', because: '现在不能' }] })
    expect(states).toEqual(['done', 'refused', 'done'])
    expect(last.get('b')!.because).toBe('现在不能')
  })

  it('tries once more under the same key where nobody answered, and then leaves it open', async () => {
    const away: BulkOutcome = { is: 'unknown', because: '' }
    expect(await run({ a: [away] })).toMatchObject({
      keys: ['run-a', 'run-a', 'run-b', 'run-c'],
      states: ['done', 'done', 'done'],
    })
    expect((await run({ a: [away, away] })).states).toEqual(['unknown', 'done', 'done'])
  })

  it('stops between two cases', async () => {
    expect((await run({}, 1)).states).toEqual(['done', 'stopped', 'stopped'])
  })
})

describe('a clause is found', () => {
  it.each([
    ['路灯 住建', true],
    ['ZJ-01', true],
    ['ｚｊ-01', true],
    ['', true],
    ['路灯 学校', false],
  ])('by %j: %s', (words, isFound) => {
    expect(holdsAllWords('ZJ-01 住建局 负责路灯维护', words)).toBe(isFound)
  })
})
