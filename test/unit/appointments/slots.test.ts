import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bookingRulesSchema, type Desk } from '../../../src/appointments/booking-rules.ts'
import { bookableDates, slotAt, slotsOn } from '../../../src/appointments/slots.ts'
import { lengthOf, metresBetween, orderVisits, planVisits } from '../../../src/appointments/visit-order.ts'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import { at, calendarContent, hours } from '../clocks/shenfu.ts'

const days = { calendar: new WorkingCalendar(calendarContent, hours), hours }
const HALL: [number, number] = [123.76, 41.82]
const rules = bookingRulesSchema.parse({
  desks: [{ place: 'hall-company', slotMinutes: 30, capacity: 2, weekend: ['09:00-11:00'] }],
  notByTime: [],
  aheadDays: 14,
  bookBefore: '1h',
  cancelBefore: '2h',
  mostOpen: 3,
  noShows: { times: 2, withinDays: 30, shutOutDays: 7 },
  offerFor: '30min',
})
const desk = rules.desks[0] as Desk
const clock = (slot: { startsAt: Date }) =>
  new Date(slot.startsAt.getTime() + 8 * 3_600_000).toISOString().slice(11, 16)

describe('the times at a desk', () => {
  it('are those of the working hours, and none crosses the lunch', () => {
    const slots = slotsOn(desk, '2026-11-25', days).map(clock)
    expect(slots[0]).toBe('08:30')
    expect(slots).toHaveLength(14)
    expect(slots).not.toContain('11:30')
    expect(slots.at(-1)).toBe('16:30')
  })

  it('are its own at the weekend, as on a working day on a make-up day, and none on a holiday', () => {
    expect(slotsOn(desk, '2026-11-28', days).map(clock)).toEqual(['09:00', '09:30', '10:00', '10:30'])
    // Saturday 10 October 2026 is worked for National Day.
    expect(slotsOn(desk, '2026-10-10', days)).toHaveLength(14)
    expect(slotsOn(desk, '2026-10-01', days)).toEqual([])
  })
})

describe('whether a time can be booked', () => {
  const now = at('2026-11-24 10:00')
  const asked = (moment: string, from = now) => slotAt(desk, at(moment), from, { rules, days })

  it.each([
    ['2026-11-24 09:00', 'past'],
    ['2026-11-24 10:30', 'too-soon'],
    ['2026-12-24 09:00', 'too-far'],
    ['2026-11-25 12:00', 'no-slot'],
    ['2026-11-25 09:10', 'no-slot'],
  ])('%s: %s', (moment, problem) => {
    expect(asked(moment)).toEqual({ problem })
  })

  it('says that a day is a holiday, or a weekend where nobody is there', () => {
    expect(asked('2026-10-01 09:00', at('2026-09-28 09:00'))).toEqual({ problem: 'holiday' })
    const { weekend: _weekend, ...weekdays } = desk
    expect(slotAt(weekdays, at('2026-11-28 09:00'), now, { rules, days })).toEqual({ problem: 'weekend' })
  })

  it('gives every slot of the bookable days that is not too soon, and nothing else', () => {
    for (const date of bookableDates(now, rules))
      for (const slot of slotsOn(desk, date, days)) {
        const isSoon = slot.startsAt.getTime() - now.getTime() < 3_600_000
        expect('slot' in slotAt(desk, slot.startsAt, now, { rules, days })).toBe(!isSoon)
      }
  })
})

describe('the round of a half-day of visits', () => {
  const place = fc.tuple(
    fc.double({ min: 123.6, max: 123.9, noNaN: true }),
    fc.double({ min: 41.7, max: 41.9, noNaN: true }),
  )

  it('visits each once, gains nothing by visiting two in turn the other way, and does not depend on how they come', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 9 }), places => {
        const visits = places.map((where, i) => ({ id: `v${i}`, at: where }))
        const round = orderVisits(visits, HALL)
        expect(round.map(({ id }) => id).toSorted()).toEqual(visits.map(({ id }) => id))
        expect(lengthOf(round, HALL)).toBeLessThanOrEqual(lengthOf(round.toReversed(), HALL) + 1)
        for (let i = 0; i + 1 < round.length; i++) {
          const swapped = round.with(i, round[i + 1]!).with(i + 1, round[i]!)
          expect(lengthOf(round, HALL)).toBeLessThanOrEqual(lengthOf(swapped, HALL) + 1)
        }
        expect(orderVisits(visits.toReversed(), HALL)).toEqual(round)
      }),
    )
  })

  it('takes out a crossing', () => {
    const square = [
      { id: 'a', at: [123.7, 41.8] as [number, number] },
      { id: 'b', at: [123.8, 41.9] as [number, number] },
      { id: 'c', at: [123.8, 41.8] as [number, number] },
      { id: 'd', at: [123.7, 41.9] as [number, number] },
    ]
    const round = orderVisits(square, [123.69, 41.79])
    const crossing = ['a', 'b', 'c', 'd'].map(id => square.find(each => each.id === id)!)
    expect(lengthOf(round, [123.69, 41.79])).toBeLessThan(0.9 * lengthOf(crossing, [123.69, 41.79]))
  })

  it('says when each begins: the way, and the visits before', () => {
    const visits = [
      { id: 'a', at: [123.76, 41.847] as [number, number] },
      { id: 'b', at: [123.76, 41.847] as [number, number] },
    ]
    expect(metresBetween(HALL, visits[0]!.at)).toBeCloseTo(3002, -1)
    const planned = planVisits(visits, { from: HALL, minutesEach: 20, metresPerMinute: 300 })
    expect(planned.map(({ afterMinutes }) => afterMinutes)).toEqual([10, 30])
  })
})
