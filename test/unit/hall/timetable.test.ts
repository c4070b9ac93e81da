import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nextBuses,
  runsOn,
  type Service,
  type Timetable,
  type TripNews,
} from '../../../src/hall/timetable.ts'

const TUESDAY_TEN = new Date('2026-11-24T02:00:00Z')
const workdays: Service = {
  weekdays: [true, true, true, true, true, false, false],
  from: '20260101',
  to: '20261231',
  added: new Set(['20261129']),
  removed: new Set(['20261125']),
}
const at = (hours: number, minutes: number) => (hours * 60 + minutes) * 60
const timetable: Timetable = {
  stops: new Map([
    ['near', { name: '大厅', metres: 80 }],
    ['far', { name: '南门', metres: 400 }],
  ]),
  trips: new Map([
    ['a', { line: '1路', headsign: '火车站', service: 'work' }],
    ['b', { line: '1路', headsign: '火车站', service: 'work' }],
    ['night', { line: '夜1路', headsign: '机场', service: 'work' }],
  ]),
  calls: [
    { trip: 'a', stop: 'far', sequence: 4, seconds: at(10, 4) },
    { trip: 'a', stop: 'near', sequence: 5, seconds: at(10, 6) },
    { trip: 'b', stop: 'near', sequence: 5, seconds: at(10, 20) },
    { trip: 'night', stop: 'near', sequence: 2, seconds: at(24, 30) },
  ],
  services: new Map([['work', workdays]]),
}
const news = (changes: Partial<TripNews>): ReadonlyMap<string, TripNews> =>
  new Map([['b', { isCancelled: false, stops: [], ...changes }]])
const told = (update: Partial<TripNews['stops'][number]>) =>
  news({ stops: [{ sequence: null, stop: null, isSkipped: false, delaySeconds: null, at: null, ...update }] })
const minutes = (live: ReadonlyMap<string, TripNews>, now = TUESDAY_TEN) =>
  nextBuses(timetable, live, now, 9).map(bus => [bus.minutes, bus.isLive])

describe('the next buses', () => {
  it('come as planned when nobody says otherwise', () => {
    expect(nextBuses(timetable, new Map(), TUESDAY_TEN, 1)).toMatchObject([
      { line: '1路', minutes: 4, isLive: false },
    ])
  })

  it.each([
    ['a delay at the stop', told({ sequence: 5, delaySeconds: 300 }), 25],
    ['a delay at a stop before goes on', told({ sequence: 2, delaySeconds: 120 }), 22],
    ['a time', told({ stop: 'near', at: new Date('2026-11-24T02:31:00Z') }), 31],
  ])('come as the bus says: %s', (_, live, expected) => {
    expect(nextBuses({ ...timetable, calls: timetable.calls.slice(2) }, live, TUESDAY_TEN, 9)).toMatchObject([
      { minutes: expected, isLive: true },
    ])
  })

  it.each([
    ['cancelled', news({ isCancelled: true })],
    ['does not stop here', told({ sequence: 5, isSkipped: true })],
  ])('are left out when the trip is %s', (_, live) => {
    expect(nextBuses({ ...timetable, calls: timetable.calls.slice(2) }, live, TUESDAY_TEN, 9)).toEqual([])
  })

  it('that belong to the day before come after midnight', () => {
    expect(minutes(new Map(), new Date('2026-11-24T16:20:00Z'))).toEqual([[10, false]])
  })

  it.each([
    ['2026-11-24', true],
    ['2026-11-25', false],
    ['2026-11-28', false],
    ['2026-11-29', true],
    ['2027-01-04', false],
  ])('%s runs: %s', (date, runs) => {
    expect(runsOn(workdays, date)).toBe(runs)
  })

  it('are never over, in order, and never more than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7 * 1440 }),
        fc.integer({ min: -2000, max: 2000 }),
        fc.nat(5),
        (minute, delay, limit) => {
          const now = new Date(TUESDAY_TEN.getTime() + minute * 60_000)
          const buses = nextBuses(timetable, told({ sequence: 1, delaySeconds: delay }), now, limit)
          expect(buses.length).toBeLessThanOrEqual(limit)
          expect(buses.every(bus => bus.at >= now)).toBe(true)
          expect(buses.toSorted((a, b) => a.at.getTime() - b.at.getTime())).toEqual(buses)
        },
      ),
    )
  })
})
