import { describe, expect, it } from 'vitest'
import {
  calendarSchema,
  localDateOf,
  localMinuteOf,
  WorkingCalendar,
  workdayHoursSchema,
} from '../../../src/clocks/working-calendar.ts'
import { at, calendar, calendarContent, hours, shown } from './shenfu.ts'

describe('days of the shipped calendar', () => {
  it.each([
    ['2025-09-30', 'working'], // Tue, the last one before 国庆
    ['2025-10-01', 'holiday'], // Wed, 国庆
    ['2025-10-04', 'holiday'], // Sat, in the middle of the holiday: a holiday, no plain weekend
    ['2025-10-06', 'holiday'], // Mon, 中秋 within 国庆
    ['2025-10-08', 'holiday'], // Wed, the eighth and last day
    ['2025-10-09', 'working'], // Thu
    ['2025-09-28', 'make-up'], // Sun, worked for 国庆
    ['2025-10-11', 'make-up'], // Sat, worked for 国庆
    ['2025-10-12', 'weekend'], // Sun
    ['2026-02-14', 'make-up'], // Sat before 春节
    ['2026-02-15', 'holiday'], // Sun, 春节 begins
    ['2026-02-23', 'holiday'], // Mon, 春节 ends
    ['2026-02-28', 'make-up'], // Sat
    ['2026-11-24', 'working'], // Tue
    ['2024-12-31', 'working'], // Tue
    ['2025-01-01', 'holiday'], // Wed
    ['1969-12-27', 'weekend'], // Sat: before 1970 weekdays still hold
    ['2031-10-01', 'working'], // Wed of a year that the content does not list: a plain week
    ['2031-10-04', 'weekend'], // Sat of such a year
  ] as const)('%s is a %s day from its first to its last minute', (date, kind) => {
    expect(calendar.dayKind(at(`${date} 00:00`))).toBe(kind)
    expect(calendar.dayKind(at(`${date} 23:59:59.999`))).toBe(kind)
    expect(calendar.isWorkingDay(at(`${date} 12:00`))).toBe(kind === 'working' || kind === 'make-up')
  })

  it('names days and minutes in local time, whatever day it is in Greenwich', () => {
    expect(localDateOf(new Date('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
    expect(localDateOf(new Date('2026-11-23T15:59:59Z'))).toBe('2026-11-23')
    expect(localMinuteOf(new Date('2026-12-31T16:05:59Z'))).toBe('2027-01-01 00:05')
  })
})

/**
 * Civil Code of the PRC: by article 201 the day on which a period begins is not counted, the period runs from the next
 * day; by article 203 a period whose last day is a holiday ends on the first working day after it, and where there
 * are business hours it ends when they end.
 */
describe('the close of the n-th working day (Civil Code, articles 201 and 203)', () => {
  it.each([
    // a plain week
    ['2026-11-27 12:00', 1, '2026-11-30 17:00 Mon'], // Fri noon + 1: Monday's close
    ['2026-11-24 08:30', 1, '2026-11-25 17:00 Wed'], // Tue at opening: Tuesday is not counted
    ['2026-11-24 23:59', 1, '2026-11-25 17:00 Wed'], // Tue at night: the same
    ['2026-11-24 00:00', 1, '2026-11-25 17:00 Wed'], // Tue's first minute: still Tuesday
    ['2026-11-24 10:00', 5, '2026-12-01 17:00 Tue'], // five days are a week
    ['2026-11-24 10:00', 10, '2026-12-08 17:00 Tue'], // ten are two
    // from a weekend
    ['2026-11-28 10:00', 1, '2026-11-30 17:00 Mon'], // Sat
    ['2026-11-29 23:00', 1, '2026-11-30 17:00 Mon'], // Sun
    // 国庆 2025: 1 to 8 October, Sun 28 September and Sat 11 October worked
    ['2025-09-30 16:00', 1, '2025-10-09 17:00 Thu'], // Tue before: nothing counts for eight days
    ['2025-09-26 16:00', 1, '2025-09-28 17:00 Sun'], // Fri: the Sunday is worked
    ['2025-10-03 09:00', 1, '2025-10-09 17:00 Thu'], // asked in the holiday
    ['2025-10-10 12:00', 1, '2025-10-11 17:00 Sat'], // Fri: the Saturday is worked
    ['2025-10-10 12:00', 2, '2025-10-13 17:00 Mon'], // and then Monday
    ['2025-09-28 10:00', 10, '2025-10-17 17:00 Fri'], // Sun worked: 29 30 | 9 10 11 | 13 14 15 16 17
    // 国庆 2026: 1 to 7 October, Sun 20 September and Sat 10 October worked
    ['2026-09-30 17:01', 1, '2026-10-08 17:00 Thu'], // Wed after hours
    ['2026-09-30 12:00', 5, '2026-10-13 17:00 Tue'], // 8 9 10 | 12 13
    ['2026-09-18 15:00', 1, '2026-09-20 17:00 Sun'], // Fri: the Sunday is worked
    // 中秋 2026, Fri 25 to Sun 27 September, lies three days before
    ['2026-09-24 12:00', 4, '2026-10-08 17:00 Thu'], // Thu: 28 29 30 | 8
    // 春节 2026: Sun 15 to Mon 23 February, Sat 14 and Sat 28 worked
    ['2026-02-13 12:00', 1, '2026-02-14 17:00 Sat'], // Fri
    ['2026-02-14 12:00', 1, '2026-02-24 17:00 Tue'], // the worked Saturday itself
    ['2026-02-16 20:00', 5, '2026-02-28 17:00 Sat'], // 除夕: 24 25 26 27 28
    // 春节 2025: Tue 28 January to Tue 4 February, Sun 26 January and Sat 8 February worked
    ['2025-01-27 09:00', 1, '2025-02-05 17:00 Wed'], // Mon, 除夕's eve
    ['2025-01-24 12:00', 3, '2025-02-05 17:00 Wed'], // Fri: Sun 26, Mon 27 | Wed 5
    ['2025-02-07 12:00', 1, '2025-02-08 17:00 Sat'], // Fri
    // 元旦 2026: Thu 1 to Sat 3 January, Sun 4 worked; over the end of a year
    ['2025-12-31 12:00', 1, '2026-01-04 17:00 Sun'], // Wed
    // 劳动节 2026: Fri 1 to Tue 5 May, Sat 9 worked
    ['2026-04-30 12:00', 4, '2026-05-09 17:00 Sat'], // Thu: 6 7 8 9
    // 2024, a leap year: Thu 29 February counts
    ['2024-02-28 12:00', 1, '2024-02-29 17:00 Thu'], // Wed
  ])('%s + %i working days → %s', (from, days, close) => {
    expect(shown(calendar.closeOfWorkingDay(at(from), days))).toBe(close)
  })
})

describe('counting working days', () => {
  it.each([
    ['2026-11-24 10:00', '2026-11-24 16:00', 0], // within a day
    ['2026-11-24 10:00', '2026-11-25 00:00', 1], // into Wednesday
    ['2026-11-27 10:00', '2026-11-29 10:00', 0], // Fri to Sun
    ['2026-11-27 10:00', '2026-11-30 08:00', 1], // Fri to Mon
    ['2025-09-30 10:00', '2025-10-08 20:00', 0], // 国庆
    ['2025-09-26 10:00', '2025-10-13 10:00', 7], // 28 29 30 | 9 10 11 | 13
    ['2026-11-25 10:00', '2026-11-24 10:00', 0], // backwards
  ])('after the day of %s up to the day of %s: %i', (from, to, days) => {
    expect(calendar.workingDaysBetween(at(from), at(to))).toBe(days)
  })

  it.each([
    ['2026-11-24 10:00', '2026-11-24 16:59', 0], // not closed yet
    ['2026-11-24 10:00', '2026-11-24 17:00', 1], // closed on the stroke
    ['2026-11-24 17:00', '2026-11-25 16:59', 0], // from the close on
    ['2026-11-27 10:00', '2026-11-30 08:00', 1], // Friday's only
    ['2025-09-28 10:00', '2025-10-11 18:00', 6], // 28 29 30 | 9 10 11
    ['2026-11-25 10:00', '2026-11-24 10:00', 0], // backwards
  ])('office closes after %s and by %s: %i', (from, to, closes) => {
    expect(calendar.closesBetween(at(from), at(to))).toBe(closes)
  })
})

describe('working time (08:30–11:30 and 13:00–17:00)', () => {
  it.each([
    ['2026-11-24 08:30', 60, '2026-11-24 09:30 Tue'],
    ['2026-11-24 11:00', 60, '2026-11-24 13:30 Tue'], // over lunch
    ['2026-11-24 11:00', 30, '2026-11-24 11:30 Tue'], // up to lunch, not to its end
    ['2026-11-24 12:00', 30, '2026-11-24 13:30 Tue'], // from lunch
    ['2026-11-24 16:30', 30, '2026-11-24 17:00 Tue'], // up to the close, not to the next opening
    ['2026-11-24 16:30', 31, '2026-11-25 08:31 Wed'],
    ['2026-11-24 06:00', 10, '2026-11-24 08:40 Tue'], // before opening
    ['2026-11-24 08:30', 420, '2026-11-24 17:00 Tue'], // a whole day is seven hours
    ['2026-11-27 16:00', 120, '2026-11-30 09:30 Mon'], // Fri over the weekend
    ['2025-09-30 16:00', 120, '2025-10-09 09:30 Thu'], // Tue over 国庆
    ['2025-10-10 16:00', 120, '2025-10-11 09:30 Sat'], // Fri into the worked Saturday
    ['2026-11-28 10:00', 60, '2026-11-30 09:30 Mon'], // from a Saturday
    ['2026-11-28 10:00', 0, '2026-11-28 10:00 Sat'], // nothing to wait for
    ['2026-11-24 10:00', -5, '2026-11-24 10:00 Tue'],
  ])('%s + %i minutes → %s', (from, minutes, to) => {
    expect(shown(calendar.addWorkingMinutes(at(from), minutes))).toBe(to)
  })

  it.each([
    ['2026-11-24 11:00', '2026-11-24 13:30', 60],
    ['2026-11-24 00:00', '2026-11-25 00:00', 420],
    ['2026-11-24 11:30', '2026-11-24 13:00', 0],
    ['2026-11-27 16:00', '2026-11-30 09:30', 120],
    ['2025-10-01 00:00', '2025-10-09 00:00', 0],
    ['2026-11-24 12:00', '2026-11-24 11:00', 0],
    ['2026-11-24 09:00', '2026-11-24 09:00:30', 0.5],
  ])('from %s to %s: %d minutes', (from, to, minutes) => {
    expect(calendar.workingMinutesBetween(at(from), at(to))).toBe(minutes)
  })

  it.each([
    ['2026-11-24 09:00', '2026-11-24 09:00 Tue'],
    ['2026-11-24 11:30', '2026-11-24 13:00 Tue'], // at the stroke of lunch nobody works
    ['2026-11-24 17:00', '2026-11-25 08:30 Wed'],
    ['2026-11-27 18:00', '2026-11-30 08:30 Mon'],
    ['2026-02-14 17:00', '2026-02-24 08:30 Tue'], // 春节
    ['2025-10-10 20:00', '2025-10-11 08:30 Sat'],
  ])('after %s somebody works at %s', (from, next) => {
    expect(shown(calendar.nextWorkingMoment(at(from)))).toBe(next)
  })

  it('a calendar without working time says so instead of searching for ever', () => {
    const never = new WorkingCalendar(calendarContent, [])
    expect(() => never.addWorkingMinutes(at('2026-11-24 10:00'), 1)).toThrow('no working time')
    expect(() => never.nextWorkingMoment(at('2026-11-24 10:00'))).toThrow('no working time')
  })
})

describe('content of the calendar', () => {
  it('the shipped hours are 08:30–11:30 and 13:00–17:00', () => {
    expect(hours).toEqual([
      { from: 510, to: 690 },
      { from: 780, to: 1020 },
    ])
  })

  it('round the clock is 00:00-24:00', () => {
    expect(workdayHoursSchema.parse(['00:00-24:00'])).toEqual([{ from: 0, to: 1440 }])
  })

  it.each([
    [[]],
    [['8:30-11:30']],
    [['08:30-11:60']],
    [['08:30–11:30']],
    [['11:30-08:30']], // backwards
    [['08:30-08:30']], // nothing
    [['13:00-17:00', '08:30-11:30']], // out of order
    [['08:30-12:00', '11:30-17:00']], // overlapping
    [['20:00-24:30']], // into tomorrow
    [['25:00-26:00']],
  ])('the hours %j are refused', texts => {
    expect(workdayHoursSchema.safeParse(texts).success).toBe(false)
  })

  it.each([
    ['a day that does not exist', { date: '2025-02-29', name: '春节' }],
    ['a day without a name', { date: '2025-02-28', name: '' }],
    ['a day written in another way', { date: '2025/02/28', name: '春节' }],
  ])('%s is refused', (_what, day) => {
    const content = {
      version: '1',
      years: { 2025: { status: 'announced', holidays: [day], makeUpDays: [] } },
    }
    expect(calendarSchema.safeParse(content).success).toBe(false)
  })

  it('each listed day lies in its year, none is both free and worked, and make-up days are weekend days', () => {
    for (const [year, { holidays, makeUpDays }] of Object.entries(calendarContent.years)) {
      const free = new Set(holidays.map(day => day.date))
      expect(free.size, `${year}: a holiday twice`).toBe(holidays.length)
      for (const { date } of [...holidays, ...makeUpDays]) expect(date.slice(0, 4)).toBe(year)
      for (const { date } of makeUpDays) {
        expect(free.has(date), date).toBe(false)
        expect([0, 6], date).toContain(new Date(date).getUTCDay())
      }
    }
  })
})
