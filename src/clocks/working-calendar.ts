import { z } from 'zod'
import { DAY, HOUR, MINUTE } from '../kernel/clock.ts'

const localDate = z.iso.date()
const namedDay = z.strictObject({ date: localDate, name: z.string().min(1) })

/** `calendar.yaml`: statutory holidays and make-up workdays (调休) by year. */
export const calendarSchema = z.strictObject({
  version: z.string().min(1),
  years: z.record(
    z.string().regex(/^\d{4}$/),
    z.strictObject({
      /** `provisional`: the State Council has not announced this year yet. */
      status: z.enum(['announced', 'provisional']),
      holidays: z.array(namedDay),
      makeUpDays: z.array(namedDay),
    }),
  ),
})
export type CalendarContent = z.infer<typeof calendarSchema>

const TIME_OF_DAY = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/

/** `["08:30-11:30", "13:00-17:00"]` as minutes of the day, in order. */
export const workdayHoursSchema = z
  .array(z.string().regex(TIME_OF_DAY, 'working hours look like 08:30-11:30'))
  .min(1)
  .transform((texts, context) => {
    const intervals = texts.map(text => {
      const [, h1, m1, h2, m2] = TIME_OF_DAY.exec(text)!.map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ]
      return { from: h1 * 60 + m1, to: h2 * 60 + m2 }
    })
    const inOrder = intervals.every(
      (interval, i) =>
        interval.from < interval.to &&
        interval.to <= 1440 &&
        (i === 0 || intervals[i - 1]!.to <= interval.from),
    )
    if (!inOrder)
      context.addIssue({ code: 'custom', message: 'working hours must be in order and not overlap' })
    return intervals
  })

export interface WorkingInterval {
  from: Date
  to: Date
}

export type DayKind = 'working' | 'weekend' | 'holiday' | 'make-up'

/** China has one time zone and no summer time since 1991, so local days are plain arithmetic. */
const UTC_OFFSET = 8 * HOUR

/** Days since 1970-01-01, local. */
type LocalDay = number

/**
 * A working calendar: which days are worked, and during which hours. All arithmetic is in whole local days and
 * minutes; instants go in and out as `Date`. Years that the content does not list fall back to plain weeks.
 */
export class WorkingCalendar {
  readonly version: string
  readonly #holidays = new Set<LocalDay>()
  readonly #makeUpDays = new Set<LocalDay>()
  readonly #hours: readonly { from: number; to: number }[]

  constructor(content: CalendarContent, hours: readonly { from: number; to: number }[]) {
    this.version = content.version
    this.#hours = hours
    for (const year of Object.values(content.years)) {
      for (const day of year.holidays) this.#holidays.add(parseLocalDate(day.date))
      for (const day of year.makeUpDays) this.#makeUpDays.add(parseLocalDate(day.date))
    }
  }

  /** What kind of day the instant falls on, local time. */
  dayKind(at: Date): DayKind {
    return this.#kindOf(localDayOf(at))
  }

  isWorkingDay(at: Date): boolean {
    return this.#works(localDayOf(at))
  }

  /**
   * The close of the n-th working day after the day of `from`. The day on which a period begins is not counted and a
   * period ends with the office hours of its last working day (Civil Code of the PRC, articles 201 and 203).
   */
  closeOfWorkingDay(from: Date, days: number): Date {
    let day = localDayOf(from)
    for (let left = days; left > 0; ) {
      day++
      if (this.#works(day)) left--
    }
    return instantOf(day, this.#hours.at(-1)!.to)
  }

  /** Working days whose office hours close after `from`, and by `to`. */
  closesBetween(from: Date, to: Date): number {
    let count = 0
    for (let day = localDayOf(from); day <= localDayOf(to); day++) {
      const close = instantOf(day, this.#hours.at(-1)!.to)
      if (this.#works(day) && close > from && close <= to) count++
    }
    return count
  }

  /** Working days in the local days after `from` up to and including the day of `to`. */
  workingDaysBetween(from: Date, to: Date): number {
    let count = 0
    for (let day = localDayOf(from) + 1; day <= localDayOf(to); day++) if (this.#works(day)) count++
    return count
  }

  /** `minutes` of working time after `from`; zero minutes is `from` itself. */
  addWorkingMinutes(from: Date, minutes: number): Date {
    if (minutes <= 0) return from
    let left = Math.round(minutes * MINUTE)
    for (const interval of this.#intervalsFrom(from)) {
      const length = interval.to.getTime() - interval.from.getTime()
      if (length >= left) return new Date(interval.from.getTime() + left)
      left -= length
    }
    throw new Error('the calendar has no working time')
  }

  /** Working time between two instants in minutes; zero when `to` is not after `from`. */
  workingMinutesBetween(from: Date, to: Date): number {
    let sum = 0
    if (to <= from) return 0
    for (const interval of this.#intervalsFrom(from)) {
      if (interval.from >= to) break
      sum += Math.min(interval.to.getTime(), to.getTime()) - interval.from.getTime()
    }
    return sum / MINUTE
  }

  /** The next instant at or after `at` at which somebody works. */
  nextWorkingMoment(at: Date): Date {
    for (const interval of this.#intervalsFrom(at)) return interval.from
    throw new Error('the calendar has no working time')
  }

  /** Working intervals from an instant on, the first one cut to it, without end but for a guard of ten years. */
  *#intervalsFrom(from: Date): Generator<WorkingInterval> {
    const first = localDayOf(from)
    for (let day = first; day < first + 3660; day++) {
      if (!this.#works(day)) continue
      for (const hours of this.#hours) {
        const start = instantOf(day, hours.from)
        const end = instantOf(day, hours.to)
        if (end > from) yield { from: start > from ? start : from, to: end }
      }
    }
  }

  #kindOf(day: LocalDay): DayKind {
    if (this.#holidays.has(day)) return 'holiday'
    if (this.#makeUpDays.has(day)) return 'make-up'
    return isWeekend(day) ? 'weekend' : 'working'
  }

  #works(day: LocalDay): boolean {
    const kind = this.#kindOf(day)
    return kind === 'working' || kind === 'make-up'
  }
}

function parseLocalDate(date: string): LocalDay {
  return Date.parse(`${date}T00:00:00Z`) / DAY
}

function localDayOf(at: Date): LocalDay {
  return Math.floor((at.getTime() + UTC_OFFSET) / DAY)
}

function instantOf(day: LocalDay, minuteOfDay: number): Date {
  return new Date(day * DAY + minuteOfDay * MINUTE - UTC_OFFSET)
}

/** Day 0 was a Thursday. */
function isWeekend(day: LocalDay): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7
  return weekday === 0 || weekday === 6
}

/** The local calendar date, e.g. `2026-11-24`. */
export function localDateOf(at: Date): string {
  return new Date(at.getTime() + UTC_OFFSET).toISOString().slice(0, 10)
}

/** Local `2026-11-24 17:00`. */
export function localMinuteOf(at: Date): string {
  return new Date(at.getTime() + UTC_OFFSET).toISOString().slice(0, 16).replace('T', ' ')
}

/** Local time with its zone, to the second: `2026-11-24T17:00:00+08:00`. */
export function localTimestampOf(at: Date): string {
  return `${new Date(at.getTime() + UTC_OFFSET).toISOString().slice(0, 19)}+08:00`
}

/** The instant at which a local date, e.g. `2026-11-24`, begins. */
export function startOfLocalDate(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) - UTC_OFFSET)
}
