import { MINUTE } from '../kernel/clock.ts'
import type { Limit } from './limit.ts'
import type { ClockKind, ClockLimit } from './service-levels.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** Green: in time. Yellow: the first warning has passed. Red: overdue. */
export type Light = 'green' | 'yellow' | 'red'

/**
 * One stage's clock. Everything that follows from it (`dueAt`, `warnAts`) is worked out again whenever a pause or an
 * extension changes it; the calendar's version says by which days it was worked out.
 */
export interface StageClock {
  kind: ClockKind
  startedAt: Date
  limit: Limit
  hours: 'always' | 'working'
  extensions: Limit[]
  pauses: { from: Date; to: Date | null }[]
  calendarVersion: string
  dueAt: Date
  /** Instants of the warnings, in order. */
  warnAts: Date[]
  /** When the stage was done, or null while it runs. */
  stoppedAt: Date | null
}

const UNIT_MINUTES = { min: 1, h: 60, d: 1440 } as const

/** Starts a clock. `warnAt` are percents of the limit. */
export function startClock(
  kind: ClockKind,
  limit: ClockLimit,
  startedAt: Date,
  calendar: WorkingCalendar,
  warnAt: readonly number[],
): StageClock {
  const bare = {
    kind,
    startedAt,
    limit: limit.limit,
    hours: limit.hours,
    extensions: [],
    pauses: [],
    stoppedAt: null,
  }
  return recompute({ ...bare, calendarVersion: '', dueAt: startedAt, warnAts: [] }, calendar, warnAt)
}

/** Works out due time and warnings from the clock's start, limit, extensions and finished pauses. */
export function recompute(
  clock: StageClock,
  calendar: WorkingCalendar,
  warnAt: readonly number[],
): StageClock {
  const dueAt = dueTime(clock, calendar)
  const warnAts = warnAt.map(percent => warnTime(clock, dueAt, percent, calendar))
  return { ...clock, calendarVersion: calendar.version, dueAt, warnAts }
}

/** Adds time. The new due time counts from the clock's start, so that nothing is lost by asking early. */
export function extendClock(
  clock: StageClock,
  by: Limit,
  calendar: WorkingCalendar,
  warnAt: readonly number[],
): StageClock {
  return recompute({ ...clock, extensions: [...clock.extensions, by] }, calendar, warnAt)
}

/** Stops counting; a paused clock is never due. */
export function pauseClock(clock: StageClock, at: Date): StageClock {
  if (isPaused(clock)) return clock
  return { ...clock, pauses: [...clock.pauses, { from: at, to: null }] }
}

/** Counts again; the due time moves by the time that passed in the pause. */
export function resumeClock(
  clock: StageClock,
  at: Date,
  calendar: WorkingCalendar,
  warnAt: readonly number[],
): StageClock {
  const pauses = clock.pauses.map(pause => (pause.to === null ? { ...pause, to: at } : pause))
  return recompute({ ...clock, pauses }, calendar, warnAt)
}

/** The stage is done. An open pause ends with it. */
export function stopClock(clock: StageClock, at: Date): StageClock {
  const pauses = clock.pauses.map(pause => (pause.to === null ? { ...pause, to: at } : pause))
  return { ...clock, pauses, stoppedAt: at }
}

export function isPaused(clock: StageClock): boolean {
  return clock.stoppedAt === null && clock.pauses.some(pause => pause.to === null)
}

export function isRunning(clock: StageClock): boolean {
  return clock.stoppedAt === null && !isPaused(clock)
}

/** Was it (or is it by `now`) over its due time? */
export function isOverdue(clock: StageClock, now: Date): boolean {
  if (isPaused(clock)) return false
  return (clock.stoppedAt ?? now) > clock.dueAt
}

export function lightOf(clock: StageClock, now: Date): Light {
  if (isOverdue(clock, now)) return 'red'
  const first = clock.warnAts[0]
  return isRunning(clock) && first && now >= first ? 'yellow' : 'green'
}

function dueTime(clock: StageClock, calendar: WorkingCalendar): Date {
  const limits = [clock.limit, ...clock.extensions]
  const days = sum(limits.filter(limit => limit.unit === 'wd').map(limit => limit.amount))
  const minutes = sum(
    limits.map(limit => (limit.unit === 'wd' ? 0 : limit.amount * UNIT_MINUTES[limit.unit])),
  )
  const finished = clock.pauses.flatMap(pause => (pause.to ? [{ from: pause.from, to: pause.to }] : []))

  // Working days are counted whole, so a pause gives back the working days that it swallowed.
  const pausedDays =
    days > 0 ? sum(finished.map(pause => calendar.workingDaysBetween(pause.from, pause.to))) : 0
  const base = days > 0 ? calendar.closeOfWorkingDay(clock.startedAt, days + pausedDays) : clock.startedAt
  if (minutes === 0) return base
  if (clock.hours === 'working' && days === 0) {
    const paused = sum(finished.map(pause => calendar.workingMinutesBetween(pause.from, pause.to)))
    return calendar.addWorkingMinutes(base, minutes + paused)
  }
  const paused =
    days > 0 ? 0 : sum(finished.map(pause => (pause.to.getTime() - pause.from.getTime()) / MINUTE))
  return new Date(base.getTime() + (minutes + paused) * MINUTE)
}

/** Percent of the way from start to due, in the time that the clock itself counts. */
function warnTime(clock: StageClock, dueAt: Date, percent: number, calendar: WorkingCalendar): Date {
  if (clock.hours === 'always') {
    return new Date(
      clock.startedAt.getTime() + ((dueAt.getTime() - clock.startedAt.getTime()) * percent) / 100,
    )
  }
  const minutes = calendar.workingMinutesBetween(clock.startedAt, dueAt)
  return calendar.addWorkingMinutes(clock.startedAt, Math.floor((minutes * percent) / 100))
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
