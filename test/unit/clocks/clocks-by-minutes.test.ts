import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Limit } from '../../../src/clocks/limit.ts'
import {
  extendClock,
  isOverdue,
  lightOf,
  pauseClock,
  recompute,
  resumeClock,
  type StageClock,
  startClock,
} from '../../../src/clocks/stage-clock.ts'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import * as slow from './minute-by-minute.ts'
import { at, calendar, calendarContent, hours, shown } from './shenfu.ts'

const minuteOf = (instant: Date) => instant.getTime() / 60_000
const instantOf = (minute: slow.Minute) => new Date(minute * 60_000)

/** Any minute of 2024 to 2027; every third one near a holiday, a make-up day or a stroke of the office clock. */
const FIRST = minuteOf(at('2024-01-01 00:00'))
const LAST = minuteOf(at('2027-12-31 23:59'))
const EDGES = [
  '2024-02-10',
  '2024-10-12',
  '2025-01-28',
  '2025-10-01',
  '2026-01-04',
  '2026-02-14',
  '2026-02-24',
  '2026-10-10',
]
const edge = fc
  .tuple(
    fc.constantFrom(...EDGES),
    fc.integer({ min: -4, max: 4 }),
    fc.constantFrom(0, 510, 690, 780, 1020),
    fc.integer({ min: -1, max: 1 }),
  )
  .map(([date, day, ofDay, off]) => minuteOf(at(`${date} 00:00`)) + day * 1440 + ofDay + off)
const minute = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: FIRST, max: LAST }) },
  { weight: 1, arbitrary: edge },
)

/** A span of minutes, of up to three weeks. */
const span = fc
  .tuple(minute, fc.integer({ min: 0, max: 30_000 }))
  .map(([from, length]) => ({ from, to: from + length }))

/** Lengths of time after a start: run, wait, run, wait … Some pauses begin only when the time is over. */
const waits = fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 6000 })), {
  maxLength: 4,
})

function pausesFrom(start: slow.Minute, lengths: readonly [number, number][]): slow.MinutePause[] {
  let minute = start
  return lengths.map(([run, wait]) => {
    const from = minute + run
    minute = from + wait
    return { from, to: minute }
  })
}

function withPauses(clock: StageClock, pauses: readonly slow.MinutePause[]): StageClock {
  return pauses.reduce(
    (before, { from, to }) => resumeClock(pauseClock(before, instantOf(from)), instantOf(to), calendar),
    clock,
  )
}

describe('the working calendar of 2024 to 2027, against a walk minute by minute', () => {
  it('knows what kind of day each minute lies on', () => {
    fc.assert(
      fc.property(minute, from => {
        expect(calendar.dayKind(instantOf(from))).toBe(slow.dayOf(from).kind)
        expect(calendar.isWorkingDay(instantOf(from))).toBe(slow.isWorkedDay(from))
      }),
      { numRuns: 2000 },
    )
  })

  it('finds the close of the n-th working day', () => {
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 25 }), (from, days) => {
        expect(shown(calendar.closeOfWorkingDay(instantOf(from), days))).toBe(
          shown(instantOf(slow.closeOfWorkingDay(from, days))),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('adds working minutes', () => {
    fc.assert(
      fc.property(minute, fc.integer({ min: 0, max: 5000 }), (from, minutes) => {
        expect(shown(calendar.addWorkingMinutes(instantOf(from), minutes))).toBe(
          shown(instantOf(slow.addWorkingMinutes(from, minutes))),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('counts working minutes, working days and closes', () => {
    fc.assert(
      fc.property(span, ({ from, to }) => {
        const [begin, end] = [instantOf(from), instantOf(to)]
        expect(calendar.workingMinutesBetween(begin, end)).toBe(slow.workingMinutesBetween(from, to))
        expect(calendar.workingDaysBetween(begin, end)).toBe(slow.workingDaysBetween(from, to))
        expect(calendar.closesBetween(begin, end)).toBe(slow.closesBetween(from, to))
      }),
      { numRuns: 200 },
    )
  })

  it('finds the next moment at which somebody works', () => {
    fc.assert(
      fc.property(minute, from => {
        expect(shown(calendar.nextWorkingMoment(instantOf(from)))).toBe(
          shown(instantOf(slow.nextWorkingMoment(from))),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('adding working minutes and counting them are each other’s inverse, to the millisecond', () => {
    fc.assert(
      fc.property(
        minute,
        fc.integer({ min: 0, max: 59_999 }),
        fc.integer({ min: 0, max: 10_000 }),
        (from, ms, minutes) => {
          const begin = new Date(instantOf(from).getTime() + ms)
          const end = calendar.addWorkingMinutes(begin, minutes)
          expect(calendar.workingMinutesBetween(begin, end)).toBeCloseTo(minutes, 9)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('due times and warnings with pauses and extensions, against a walk minute by minute', () => {
  const every = () => true
  const PERCENT = [50, 80]

  /** A clock of one limit, extended while it runs or waits, and what the walk says of it. */
  function check(
    hours: 'always' | 'working',
    limit: Limit,
    extensions: readonly Limit[],
    from: slow.Minute,
    pauses: readonly slow.MinutePause[],
    due: slow.Minute,
  ): void {
    const started = startClock('handle', { limit, hours }, instantOf(from), calendar, PERCENT)
    const extended = extensions.reduce((clock, by) => extendClock(clock, by, calendar), started)
    const clock = withPauses(extended, pauses)
    expect(shown(clock.dueAt)).toBe(shown(instantOf(due)))
    for (const { percent, at: warned } of clock.warnings) {
      const counts = hours === 'always' ? every : slow.isWorkedMinute
      const walked = slow.warningOf(from, due, percent, pauses, counts)
      const expected = instantOf(walked)
      // Round the clock a warning may fall into a minute; the walk knows only whole ones. A pause that begins in
      // that minute comes before what is left of it.
      const waits = pauses.filter(pause => pause.from >= walked && pause.from <= walked + 1)
      const slack = waits.reduce((sum, pause) => sum + (pause.to - pause.from), 1) * 60_000
      const late = warned.getTime() - expected.getTime()
      expect(late, `${percent}% at ${shown(warned)}, not ${shown(expected)}`).toBeGreaterThanOrEqual(0)
      expect(late).toBeLessThan(hours === 'always' ? slack : 1)
    }
    // Nobody who was late when the resident was asked is in time when the answer has come.
    for (const { from: asked, to } of pauses) {
      if (asked > due) expect(isOverdue(clock, instantOf(to))).toBe(true)
    }
    expect(lightOf(clock, instantOf(due))).not.toBe('red')
    expect(lightOf(clock, new Date(instantOf(due).getTime() + 1))).toBe('red')
  }

  it('clocks that count round the clock', () => {
    const lengths = fc.integer({ min: 1, max: 6000 })
    fc.assert(
      fc.property(
        minute,
        lengths,
        fc.array(lengths, { maxLength: 2 }),
        waits,
        (from, length, more, lengthsOfWaits) => {
          const pauses = pausesFrom(from, lengthsOfWaits)
          const total = [length, ...more].reduce((sum, minutes) => sum + minutes, 0)
          const due = slow.dueInMinutes(from, total, pauses, every)
          const extensions = more.map(amount => ({ amount, unit: 'min' }) as const)
          check('always', { amount: length, unit: 'min' }, extensions, from, pauses, due)
        },
      ),
      // The last example: a warning within the minute in which a pause begins.
      { numRuns: 200, examples: [[28458240, 609, [4390], [[3999, 1]]]] },
    )
  })

  it('clocks that count working time', () => {
    const lengths = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(
        minute,
        lengths,
        fc.array(lengths, { maxLength: 2 }),
        waits,
        (from, length, more, lengthsOfWaits) => {
          const pauses = pausesFrom(from, lengthsOfWaits)
          const total = [length, ...more].reduce((sum, hours) => sum + hours * 60, 0)
          const due = slow.dueInMinutes(from, total, pauses, slow.isWorkedMinute)
          const extensions = more.map(amount => ({ amount, unit: 'h' }) as const)
          check('working', { amount: length, unit: 'h' }, extensions, from, pauses, due)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('clocks that count working days', () => {
    const lengths = fc.integer({ min: 1, max: 10 })
    fc.assert(
      fc.property(
        minute,
        lengths,
        fc.array(lengths, { maxLength: 2 }),
        waits,
        (from, length, more, lengthsOfWaits) => {
          const pauses = pausesFrom(from, lengthsOfWaits)
          const total = [length, ...more].reduce((sum, days) => sum + days, 0)
          const due = slow.dueInDays(from, total, pauses)
          const extensions = more.map(amount => ({ amount, unit: 'wd' }) as const)
          check('working', { amount: length, unit: 'wd' }, extensions, from, pauses, due)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('counted again by a corrected calendar, they are as if it had been right from the start', () => {
    const wrong = structuredClone(calendarContent)
    wrong.version = '2023-1'
    // The notice had come late: no year knew its make-up days, and two holidays were missing.
    for (const year of Object.values(wrong.years)) {
      year.makeUpDays = []
      year.holidays.splice(3, 2)
    }
    const before = new WorkingCalendar(wrong, hours)
    const limits = fc.constantFrom<Limit>({ amount: 10, unit: 'wd' }, { amount: 16, unit: 'h' })
    fc.assert(
      fc.property(minute, limits, waits, fc.boolean(), (from, limit, lengths, isExtended) => {
        const pauses = pausesFrom(from, lengths)
        const options = { chaseAfter: [{ amount: 5, unit: 'wd' }] as const }
        const lifeUnder = (days: WorkingCalendar) => {
          const started = startClock(
            'handle',
            { limit, hours: 'working' },
            instantOf(from),
            days,
            PERCENT,
            options,
          )
          const clock = isExtended ? extendClock(started, { amount: 5, unit: 'wd' }, days) : started
          return pauses.reduce(
            (each, pause) => resumeClock(pauseClock(each, instantOf(pause.from)), instantOf(pause.to), days),
            clock,
          )
        }
        const counted = recompute(lifeUnder(before), calendar)
        expect(counted).toEqual(lifeUnder(calendar))
        const late = slow.closeOfWorkingDay(minuteOf(counted.dueAt), 5)
        if (limit.unit === 'wd') expect(shown(counted.chases![0]!.at)).toBe(shown(instantOf(late)))
      }),
      { numRuns: 200 },
    )
  })

  it('a pause given to the millisecond is given back to the millisecond', () => {
    fc.assert(
      fc.property(
        minute,
        fc.integer({ min: 1, max: 7_199_999 }),
        fc.integer({ min: 1, max: 99_999_999 }),
        (from, run, wait) => {
          const begin = instantOf(from)
          const asked = new Date(begin.getTime() + run)
          const clock = startClock(
            'sign',
            { limit: { amount: 2, unit: 'h' }, hours: 'always' },
            begin,
            calendar,
            [],
          )
          const resumed = resumeClock(pauseClock(clock, asked), new Date(asked.getTime() + wait), calendar)
          expect(resumed.dueAt.getTime()).toBe(begin.getTime() + 7_200_000 + wait)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
