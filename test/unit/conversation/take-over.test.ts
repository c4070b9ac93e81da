import { describe, expect, test } from 'vitest'
import { WorkingCalendar, workdayHoursSchema } from '../../../src/clocks/working-calendar.ts'
import { estimateWait, staffedFrom } from '../../../src/conversation/take-over.ts'
import { MINUTE } from '../../../src/kernel/clock.ts'

const rules = { wait: { usualMinutes: 2, recentMinutes: 120, fewest: 3 } }
const waits = (...minutesAt: [place: number, minutes: number][]) =>
  minutesAt.map(([place, minutes]) => ({ place, ms: minutes * MINUTE }))

describe('how long somebody waits for a person', () => {
  test.each([
    ['with nobody taken over lately each place takes what is usual', 3, waits(), 6],
    ['two tell nothing yet', 1, waits([1, 30], [1, 30]), 2],
    ['two of three waited no longer', 1, waits([1, 1], [1, 2], [1, 9]), 2],
    ['who stood further behind waited for those before them, too', 1, waits([1, 2], [2, 4], [3, 6]), 2],
    ['each place before one counts', 3, waits([1, 2], [1, 2], [1, 2]), 6],
    ['a part of a minute is a whole one', 2, waits([1, 0.7], [1, 0.7], [1, 0.7]), 2],
    ['never less than a minute', 1, waits([1, 0], [1, 0], [1, 0]), 1],
  ])('%s', (_name, place, recent, minutes) => {
    expect(estimateWait(place, recent, rules)).toBe(minutes)
  })
})

describe('when somebody is there', () => {
  const years = {
    2026: {
      status: 'announced' as const,
      holidays: [{ date: '2026-11-26', name: '节' }],
      makeUpDays: [{ date: '2026-11-28', name: '节' }],
    },
  }
  const calendar = new WorkingCalendar({ version: '1', years }, workdayHoursSchema.parse(['08:30-20:00']))
  test.each([
    ['on a Tuesday morning at once', '2026-11-24 10:00', '2026-11-24 10:00'],
    ['before they come', '2026-11-24 06:00', '2026-11-24 08:30'],
    ['when they have just left', '2026-11-24 20:00', '2026-11-25 08:30'],
    ['on a holiday on the next working day', '2026-11-26 10:00', '2026-11-27 08:30'],
    ['on a Saturday that is worked', '2026-11-28 10:00', '2026-11-28 10:00'],
    ['on a Sunday on Monday', '2026-11-29 10:00', '2026-11-30 08:30'],
  ])('%s', (_name, at, from) => {
    const instant = (local: string) => new Date(`${local.replace(' ', 'T')}:00+08:00`)
    expect(staffedFrom(calendar, instant(at))).toEqual(instant(from))
  })
})
