import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateWaits, type HallNow, saidWait } from '../../../src/hall/estimate-wait.ts'
import { howManyBefore, inOrder, nextFor, type Waiting } from '../../../src/hall/hall-queue.ts'
import { type Served, ServiceTimes } from '../../../src/hall/service-times.ts'

const NINE = new Date('2026-11-24T01:00:00Z')
const minutesAfter = (minutes: number) => new Date(NINE.getTime() + minutes * 60_000)
const usual = { insurance: 6, property: 12 }

const number = (id: string, group: string, takenMinutesAgo: number, creditMinutes = 0): Waiting => ({
  id,
  group,
  takenAt: minutesAfter(-takenMinutesAgo),
  creditMinutes,
})
const hall = (changes: Partial<HallNow>): HallNow => ({
  now: NINE,
  windows: [{ id: 'w1', groups: ['insurance'], isOpen: true }],
  waiting: [],
  serving: [],
  absent: { share: 0, minutes: 1 },
  times: new ServiceTimes(usual, []),
  ...changes,
})

describe('who is called next', () => {
  const windows = [
    { id: 'w1', groups: ['insurance'], isOpen: true },
    { id: 'w2', groups: ['property'], isOpen: true },
    { id: 'w3', groups: ['property', 'insurance'], isOpen: false },
  ]
  const early = number('001', 'property', 10)
  const late = number('002', 'insurance', 5)
  const elder = number('003', 'insurance', 1, 15)

  it('is whoever counts as first of what the window serves', () => {
    const ordered = inOrder([late, early, elder])
    expect(ordered.map(({ id }) => id)).toEqual(['003', '001', '002'])
    expect(nextFor(windows[0]!, ordered)).toBe(elder)
    expect(nextFor(windows[1]!, ordered)).toBe(early)
    expect(nextFor(windows[2]!, ordered)).toBeUndefined()
  })

  it('counts only those before who wait for the same windows', () => {
    expect(howManyBefore(late, [late, early, elder], windows)).toBe(1)
    const both = windows.map(window => ({ ...window, isOpen: true }))
    expect(howManyBefore(late, [late, early, elder], both)).toBe(2)
  })
})

describe('how long services take', () => {
  it('is the usual time until some were seen, and what was seen when many were', () => {
    const seen = (count: number): Served[] =>
      Array.from({ length: count }, () => ({ group: 'insurance', window: 'w1', minutes: 3 }))
    expect(new ServiceTimes(usual, []).minutes('insurance', 'w9')).toBe(6)
    const some = new ServiceTimes(usual, seen(2)).minutes('insurance', 'w9')
    const many = new ServiceTimes(usual, seen(200)).minutes('insurance', 'w9')
    expect(some).toBeGreaterThan(5)
    expect(some).toBeLessThan(6)
    expect(many).toBeLessThan(3.2)
  })

  it('is longer at a window that was slow for the same things', () => {
    const served = Array.from({ length: 40 }, (_, i) => ({
      group: 'insurance',
      window: i % 2 ? 'slow' : 'quick',
      minutes: i % 2 ? 8 : 4,
    }))
    const times = new ServiceTimes(usual, served)
    expect(times.minutes('insurance', 'slow')).toBeGreaterThan(1.4 * times.minutes('insurance', 'quick'))
  })

  it('never says that somebody is done who has been served for long', () => {
    expect(new ServiceTimes(usual, []).left('insurance', 'w1', 60)).toBeGreaterThan(0)
  })
})

describe('the wait', () => {
  it('is what those before take, with what is left of the one who is served', () => {
    const waiting = [number('001', 'insurance', 9), number('002', 'insurance', 8)]
    const serving = [{ window: 'w1', group: 'insurance', since: minutesAfter(-2) }]
    const waits = estimateWaits(hall({ waiting, serving }))
    expect(waits.get('001')).toBeCloseTo(4)
    expect(waits.get('002')).toBeCloseTo(10)
  })

  it('goes over a break, and begins when a closed window is said to open', () => {
    const breaks = [{ from: minutesAfter(5), to: minutesAfter(35) }]
    const windows = [{ id: 'w1', groups: ['insurance'], isOpen: true, breaks }]
    const waiting = [number('001', 'insurance', 9), number('002', 'insurance', 8)]
    expect(estimateWaits(hall({ windows, waiting })).get('002')).toBe(35)
    const closed = [
      { ...windows[0]!, isOpen: false, breaks: [{ from: minutesAfter(-5), to: minutesAfter(20) }] },
    ]
    expect(estimateWaits(hall({ windows: closed, waiting })).get('001')).toBe(20)
  })

  it('is not told where no window serves it', () => {
    expect(estimateWaits(hall({ waiting: [number('001', 'property', 3)] })).size).toBe(0)
  })

  it('of all who can be served is known, never negative, and follows the order within a group', () => {
    const groups = fc.constantFrom('insurance', 'property')
    fc.assert(
      fc.property(
        fc.array(fc.record({ group: groups, ago: fc.nat(120), credit: fc.nat(20) }), { maxLength: 40 }),
        fc.array(fc.subarray(['insurance', 'property'], { minLength: 1 }), { minLength: 1, maxLength: 5 }),
        (people, served) => {
          const waiting = people.map(({ group, ago, credit }, i) => number(String(i), group, ago, credit))
          const windows = served.map((own, i) => ({ id: `w${i}`, groups: own, isOpen: true }))
          const waits = estimateWaits(hall({ waiting, windows }))
          const known = waiting.filter(({ group }) => served.some(own => own.includes(group)))
          expect(waits.size).toBe(known.length)
          for (const group of Object.keys(usual)) {
            const inTurn = inOrder(known.filter(each => each.group === group)).map(({ id }) => waits.get(id)!)
            for (const [i, wait] of inTurn.entries()) {
              expect(wait).toBeGreaterThanOrEqual(0)
              if (i > 0) expect(wait).toBeGreaterThanOrEqual(inTurn[i - 1]!)
            }
          }
        },
      ),
    )
  })
})

describe('what is said of a wait', () => {
  it.each([
    [0, 0, { from: 0, to: 1 }],
    [6, 0, { from: 2, to: 10 }],
    [40, 7, { from: 30, to: 50 }],
    [90, 40, { from: 75, to: 105 }],
  ])('of %s minutes with %s before', (minutes, before, said) => {
    expect(saidWait(minutes, before)).toEqual(said)
  })
})
