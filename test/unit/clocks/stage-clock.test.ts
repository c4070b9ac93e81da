import { describe, expect, it } from 'vitest'
import { limitSchema } from '../../../src/clocks/limit.ts'
import {
  extendClock,
  isOverdue,
  isPaused,
  isRunning,
  lightOf,
  pauseClock,
  recompute,
  resumeClock,
  type StageClock,
  startClock,
  stopClock,
} from '../../../src/clocks/stage-clock.ts'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import { at, calendar, calendarContent, hours, shown } from './shenfu.ts'

type Hours = 'always' | 'working'

/** A clock of a limit such as `2h` (counted `always` unless said otherwise) or `5wd`. */
function clockOf(limit: string, from: string, counted?: Hours, warnAt: number[] = [50, 80]): StageClock {
  const parsed = limitSchema.parse(limit)
  const counting = counted ?? (parsed.unit === 'wd' ? 'working' : 'always')
  return startClock('handle', { limit: parsed, hours: counting }, at(from), calendar, warnAt)
}

/** Pauses and resumes; a pause without an end stays open. */
function paused(clock: StageClock, ...pauses: [from: string, to?: string][]): StageClock {
  return pauses.reduce((before, [from, to]) => {
    const during = pauseClock(before, at(from))
    return to ? resumeClock(during, at(to), calendar) : during
  }, clock)
}

const extended = (clock: StageClock, ...by: string[]) =>
  by.reduce((before, limit) => extendClock(before, limitSchema.parse(limit), calendar), clock)

describe('when a stage is due', () => {
  it.each([
    // Hours count from the moment, by night and on holidays (Civil Code, article 201, second sentence).
    ['2h', 'always', '2026-11-27 17:30', '2026-11-27 19:30 Fri'], // after hours
    ['2h', 'always', '2025-10-01 23:30', '2025-10-02 01:30 Thu'], // in the night of 国庆
    ['15min', 'always', '2026-02-17 00:00', '2026-02-17 00:15 Tue'], // 春节
    ['24h', 'always', '2026-11-28 10:00', '2026-11-29 10:00 Sun'], // a burst pipe on a Saturday
    ['14d', 'always', '2026-02-10 09:00', '2026-02-24 09:00 Tue'], // calendar days, over 春节
    // Hours of work
    ['2h', 'working', '2026-11-24 11:00', '2026-11-24 14:30 Tue'], // over lunch
    ['2h', 'working', '2026-11-27 16:00', '2026-11-30 09:30 Mon'], // Fri over the weekend
    ['2h', 'working', '2025-09-30 16:30', '2025-10-09 10:00 Thu'], // Tue over 国庆
    ['90min', 'working', '2025-10-10 16:30', '2025-10-11 09:30 Sat'], // Fri into a worked Saturday
    // Working days
    ['1wd', 'working', '2026-11-27 12:00', '2026-11-30 17:00 Mon'], // Fri
    ['1wd', 'working', '2026-11-28 12:00', '2026-11-30 17:00 Mon'], // Sat
    ['10wd', 'working', '2025-09-26 09:00', '2025-10-16 17:00 Thu'], // Fri: 28 29 30 | 9 10 11 | 13 14 15 16
    ['5wd', 'working', '2026-02-12 15:00', '2026-02-26 17:00 Thu'], // Thu: 13 14 | 24 25 26
    ['2wd', 'working', '2026-10-09 09:00', '2026-10-12 17:00 Mon'], // Fri: Sat 10, Mon 12
  ] as const)('%s (%s) from %s → %s', (limit, counted, from, due) => {
    const clock = clockOf(limit, from, counted)
    expect(shown(clock.dueAt)).toBe(due)
    expect(clock.calendarVersion).toBe(calendarContent.version)
  })

  it('a new version of the calendar moves it, and says so', () => {
    const clock = clockOf('1wd', '2027-09-30 10:00') // Thu before the provisional 国庆 2027
    expect(shown(clock.dueAt)).toBe('2027-10-06 17:00 Wed')
    const announced = structuredClone(calendarContent)
    announced.version = '2026-12-1'
    announced.years['2027']!.holidays.push(
      { date: '2027-10-06', name: '国庆节' },
      { date: '2027-10-07', name: '国庆节' },
    )
    const moved = recompute(clock, new WorkingCalendar(announced, hours))
    expect([shown(moved.dueAt), moved.calendarVersion]).toEqual(['2027-10-08 17:00 Fri', '2026-12-1'])
  })
})

describe('waiting for the resident gives the time back', () => {
  it.each<[limit: string, counted: Hours, from: string, pauses: [string, string][], due: string]>([
    // 24 hours round the clock: minute by minute
    ['24h', 'always', '2026-11-24 10:00', [['2026-11-24 12:00', '2026-11-24 15:30']], '2026-11-25 13:30 Wed'],
    [
      '24h',
      'always',
      '2026-11-24 10:00',
      [
        ['2026-11-24 12:00', '2026-11-24 13:00'],
        ['2026-11-25 10:30', '2026-11-27 10:30'],
      ],
      '2026-11-27 11:00 Fri', // one hour, then two days with half an hour left
    ],
    // four hours of work: only working minutes are given back
    ['4h', 'working', '2026-11-24 08:30', [['2026-11-24 11:00', '2026-11-24 14:00']], '2026-11-24 15:30 Tue'],
    ['4h', 'working', '2026-11-24 14:00', [['2026-11-24 17:00', '2026-11-25 08:30']], '2026-11-25 09:30 Wed'],
    ['4h', 'working', '2026-11-27 15:00', [['2026-11-27 16:00', '2026-11-30 09:30']], '2026-11-30 14:00 Mon'],
    // ten working days from Tuesday 24 November: due Tuesday 8 December
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-26 10:00', '2026-11-26 16:00']],
      '2026-12-08 17:00 Tue',
    ], // within a day
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-26 10:00', '2026-11-27 10:00']],
      '2026-12-09 17:00 Wed',
    ], // over one close
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-27 10:00', '2026-11-30 10:00']],
      '2026-12-09 17:00 Wed',
    ], // Fri to Mon
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-26 18:00', '2026-11-27 08:00']],
      '2026-12-08 17:00 Tue',
    ], // a night
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-28 09:00', '2026-11-29 09:00']],
      '2026-12-08 17:00 Tue',
    ], // a weekend
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-24 11:00', '2026-11-24 20:00']],
      '2026-12-08 17:00 Tue',
    ], // its first day does not count anyway
    [
      '10wd',
      'working',
      '2026-11-24 10:00',
      [
        ['2026-11-25 10:00', '2026-11-26 10:00'],
        ['2026-11-26 11:00', '2026-11-27 11:00'],
      ],
      '2026-12-10 17:00 Thu', // twice over a close
    ],
    [
      '5wd',
      'working',
      '2025-09-29 10:00',
      [['2025-09-30 10:00', '2025-10-09 10:00']],
      '2025-10-14 17:00 Tue',
    ], // 国庆: Tue's close only; 9 10 11 13 14
    // on the last day
    [
      '1wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-25 16:00', '2026-11-25 18:00']],
      '2026-11-26 17:00 Thu',
    ], // answered after the close: not overdue at once
    [
      '1wd',
      'working',
      '2026-11-24 10:00',
      [['2026-11-25 16:00', '2026-11-25 16:59']],
      '2026-11-25 17:00 Wed',
    ],
  ])('%s (%s) from %s with pauses %j → %s', (limit, counted, from, pauses, due) => {
    expect(shown(paused(clockOf(limit, from, counted), ...pauses).dueAt)).toBe(due)
  })

  it.each<[limit: string, counted: Hours, from: string, pause: [string, string], due: string]>([
    ['2h', 'always', '2026-11-24 10:00', ['2026-11-24 12:30', '2026-11-24 20:00'], '2026-11-24 12:00 Tue'],
    ['2h', 'always', '2026-11-24 10:00', ['2026-11-24 12:00', '2026-11-24 20:00'], '2026-11-24 12:00 Tue'],
    ['2h', 'working', '2026-11-24 15:00', ['2026-11-24 18:00', '2026-11-25 12:00'], '2026-11-24 17:00 Tue'],
    ['1wd', 'working', '2026-11-24 10:00', ['2026-11-25 17:30', '2026-11-26 10:00'], '2026-11-25 17:00 Wed'],
    ['1wd', 'working', '2026-11-24 10:00', ['2026-11-26 09:00', '2026-11-30 10:00'], '2026-11-25 17:00 Wed'],
  ])(
    'but nobody who is late gets in time by asking: %s (%s) from %s, %j → %s',
    (limit, counted, from, pause, due) => {
      const clock = paused(clockOf(limit, from, counted), pause)
      expect(shown(clock.dueAt)).toBe(due)
      expect(isOverdue(clock, at(pause[1]))).toBe(true)
    },
  )

  it('a paused clock is never due, and neither yellow nor red', () => {
    const waiting = paused(clockOf('2h', '2026-11-24 10:00'), ['2026-11-24 10:30'])
    const nextYear = at('2027-11-24 10:00')
    expect([isPaused(waiting), isRunning(waiting), isOverdue(waiting, nextYear)]).toEqual([
      true,
      false,
      false,
    ])
    expect(lightOf(waiting, nextYear)).toBe('green')
  })

  it('pausing twice is pausing once, and resuming what runs changes nothing', () => {
    const clock = clockOf('2h', '2026-11-24 10:00')
    const waiting = pauseClock(clock, at('2026-11-24 10:30'))
    expect(pauseClock(waiting, at('2026-11-24 11:00'))).toEqual(waiting)
    expect(resumeClock(clock, at('2026-11-24 11:00'), calendar)).toEqual(clock)
  })

  it('when the stage is done, an open pause ends with it', () => {
    const done = stopClock(
      paused(clockOf('2h', '2026-11-24 10:00'), ['2026-11-24 10:30']),
      at('2026-11-26 10:00'),
    )
    expect(done.pauses).toEqual([{ from: at('2026-11-24 10:30'), to: at('2026-11-26 10:00') }])
    expect([isPaused(done), isRunning(done)]).toEqual([false, false])
  })
})

describe('an extension counts from the start', () => {
  it.each([
    ['10wd', '2026-11-24 10:00', ['5wd'], '2026-12-15 17:00 Tue'],
    ['10wd', '2026-11-24 10:00', ['5wd', '5wd'], '2026-12-22 17:00 Tue'],
    ['5wd', '2026-09-24 10:00', ['5wd'], '2026-10-15 17:00 Thu'], // Thu before 中秋: 28 29 30 | 8 9 10 | 12 13 14 15
    ['24h', '2026-11-24 10:00', ['2d'], '2026-11-27 10:00 Fri'],
    ['2h', '2026-11-24 10:00', ['90min'], '2026-11-24 13:30 Tue'],
  ])('%s from %s and %j → %s', (limit, from, by, due) => {
    expect(shown(extended(clockOf(limit, from), ...by).dueAt)).toBe(due)
  })

  it('asked early or late, before or after a pause, the due time is the same', () => {
    const clock = clockOf('10wd', '2026-11-24 10:00')
    const pause: [string, string] = ['2026-11-26 10:00', '2026-12-01 10:00'] // closes of Thu, Fri, Mon
    expect(shown(extended(paused(clock, pause), '5wd').dueAt)).toBe('2026-12-18 17:00 Fri')
    expect(shown(paused(extended(clock, '5wd'), pause).dueAt)).toBe('2026-12-18 17:00 Fri')
  })

  it('may be granted while the clock is paused', () => {
    const waiting = extended(paused(clockOf('10wd', '2026-11-24 10:00'), ['2026-11-26 10:00']), '5wd')
    expect(isPaused(waiting)).toBe(true)
    expect(shown(resumeClock(waiting, at('2026-11-27 10:00'), calendar).dueAt)).toBe('2026-12-16 17:00 Wed')
  })
})

describe('warnings', () => {
  const warningsOf = (clock: StageClock) =>
    clock.warnings.map(({ percent, at: instant }) => `${percent}% ${shown(instant)}`)

  it.each<[limit: string, counted: Hours, from: string, warnings: string[]]>([
    ['2h', 'always', '2026-11-28 23:30', ['50% 2026-11-29 00:30 Sun', '80% 2026-11-29 01:06 Sun']],
    // 15 minutes: half of it is 7 minutes and 30 seconds
    ['15min', 'always', '2026-11-24 10:00', ['50% 2026-11-24 10:07:30.000 Tue', '80% 2026-11-24 10:12 Tue']],
    // 2 hours of work from 11:00 to 14:30: lunch is no part of the way
    ['2h', 'working', '2026-11-24 11:00', ['50% 2026-11-24 13:30 Tue', '80% 2026-11-24 14:06 Tue']],
    // Tuesday noon to Wednesday's close: 4 and 7 hours of work; half is 5.5, four fifths are 8.8
    ['1wd', 'working', '2026-11-24 12:00', ['50% 2026-11-25 10:00 Wed', '80% 2026-11-25 14:48 Wed']],
    // Friday noon to Monday's close: the same over a weekend
    ['1wd', 'working', '2026-11-27 12:00', ['50% 2026-11-30 10:00 Mon', '80% 2026-11-30 14:48 Mon']],
    // Tuesday 17:00 to the second Tuesday's close: 10 days of 7 hours, half is five days, four fifths are eight
    ['10wd', 'working', '2026-11-24 17:00', ['50% 2026-12-01 17:00 Tue', '80% 2026-12-04 17:00 Fri']],
  ])('%s (%s) from %s → %j', (limit, counted, from, warnings) => {
    expect(warningsOf(clockOf(limit, from, counted))).toEqual(warnings)
  })

  it('stand in order of time however content lists them', () => {
    const clock = clockOf('10h', '2026-11-24 10:00', 'always', [80, 20, 50])
    expect(warningsOf(clock).map(text => text.slice(0, 3))).toEqual(['20%', '50%', '80%'])
  })

  it('move with an extension', () => {
    const clock = extended(clockOf('2h', '2026-11-24 10:00'), '8h')
    expect(warningsOf(clock)).toEqual(['50% 2026-11-24 15:00 Tue', '80% 2026-11-24 18:00 Tue'])
  })

  it('a pause is no part of the way: after a long wait nobody is warned at once', () => {
    const clock = paused(clockOf('10h', '2026-11-24 10:00'), ['2026-11-24 11:00', '2026-11-27 11:00'])
    expect(shown(clock.dueAt)).toBe('2026-11-27 20:00 Fri')
    expect(warningsOf(clock)).toEqual(['50% 2026-11-27 15:00 Fri', '80% 2026-11-27 18:00 Fri'])
    expect(lightOf(clock, at('2026-11-27 11:00'))).toBe('green')
  })

  it('in working days too', () => {
    // Tue 24 November 17:00, 10 days; asked on Wednesday at the close, answered ten working days later.
    const clock = paused(clockOf('10wd', '2026-11-24 17:00'), ['2026-11-25 17:00', '2026-12-09 17:00'])
    expect(shown(clock.dueAt)).toBe('2026-12-22 17:00 Tue')
    // one day is gone; half are four more after Wed 9 December, four fifths are seven
    expect(warningsOf(clock)).toEqual(['50% 2026-12-15 17:00 Tue', '80% 2026-12-18 17:00 Fri'])
  })

  it('one that was passed before the pause stays where it was', () => {
    const clock = paused(clockOf('10h', '2026-11-24 10:00'), ['2026-11-24 16:00', '2026-11-25 16:00'])
    expect(warningsOf(clock)).toEqual(['50% 2026-11-24 15:00 Tue', '80% 2026-11-25 18:00 Wed'])
  })
})

describe('lights', () => {
  it.each([
    ['2026-11-24 10:00', 'green'],
    ['2026-11-24 10:59:59.999', 'green'],
    ['2026-11-24 11:00', 'yellow'], // the first warning
    ['2026-11-24 11:36', 'yellow'],
    ['2026-11-24 12:00', 'yellow'], // on the stroke it is still in time
    ['2026-11-24 12:00:00.001', 'red'],
  ] as const)('two hours from 10:00 at %s: %s', (now, light) => {
    expect(lightOf(clockOf('2h', '2026-11-24 10:00'), at(now))).toBe(light)
  })

  it('a clock without warnings is green until it is red', () => {
    const clock = clockOf('2h', '2026-11-24 10:00', 'always', [])
    expect(lightOf(clock, at('2026-11-24 11:59'))).toBe('green')
    expect(lightOf(clock, at('2026-11-24 12:01'))).toBe('red')
  })

  it.each([
    ['2026-11-24 11:30', 'green'], // done after the warning
    ['2026-11-24 12:00', 'green'],
    ['2026-11-24 12:00:01', 'red'],
  ] as const)('done at %s it stays %s for ever', (doneAt, light) => {
    const done = stopClock(clockOf('2h', '2026-11-24 10:00'), at(doneAt))
    expect(lightOf(done, at('2030-01-01 00:00'))).toBe(light)
    expect(isRunning(done)).toBe(false)
  })
})
