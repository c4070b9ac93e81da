import { MINUTE } from '../kernel/clock.ts'
import type { Limit } from './limit.ts'
import type { ClockKind, ClockLimit } from './service-levels.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** Green: in time. Yellow: the first warning has passed. Red: overdue. */
export type Light = 'green' | 'yellow' | 'red'

/**
 * One stage's clock. Everything that follows from it (`dueAt`, `warnings`, `chases`) is worked out again whenever a pause
 * or an extension changes it; the calendar's version says by which days it was worked out.
 */
export interface StageClock {
  kind: ClockKind
  /** Whose part it times; only on clocks of the kind `part`. */
  department?: string
  startedAt: Date
  limit: Limit
  hours: 'always' | 'working'
  extensions: Limit[]
  pauses: { from: Date; to: Date | null }[]
  calendarVersion: string
  dueAt: Date
  /** Instants of the warnings, in order, each with the percent of the limit that it stands for. */
  warnings: { percent: number; at: Date }[]
  /** Instants after the due time, in order, at which somebody looks again whether it is done. */
  chases?: { after: Limit; at: Date }[]
  /** When the stage was done, or null while it runs. */
  stoppedAt: Date | null
}

/** A clock's name in its case: its kind, and of a part whose part it is. */
export type ClockName = ClockKind | `part:${string}`

export function clockName({ kind, department }: Pick<StageClock, 'kind' | 'department'>): ClockName {
  return department === undefined ? kind : `part:${department}`
}

/** A pause that is over. */
interface Pause {
  from: Date
  to: Date
}

const UNIT_MINUTES = { min: 1, h: 60, d: 1440 } as const

/** Starts a clock. `warnAt` are percents of the limit; `chaseAfter` are times past the due time, shortest first. */
export function startClock(
  kind: ClockKind,
  limit: ClockLimit,
  startedAt: Date,
  calendar: WorkingCalendar,
  warnAt: readonly number[],
  { department, chaseAfter = [] }: { department?: string; chaseAfter?: readonly Limit[] } = {},
): StageClock {
  const bare = {
    kind,
    ...(department === undefined ? {} : { department }),
    ...(chaseAfter.length === 0 ? {} : { chases: chaseAfter.map(after => ({ after, at: startedAt })) }),
    startedAt,
    limit: limit.limit,
    hours: limit.hours,
    extensions: [],
    pauses: [],
    stoppedAt: null,
  }
  return recompute(
    {
      ...bare,
      calendarVersion: '',
      dueAt: startedAt,
      warnings: warnAt.toSorted((a, b) => a - b).map(percent => ({ percent, at: startedAt })),
    },
    calendar,
  )
}

/** Starts a clock that rings at an instant which was agreed on. */
export function startClockUntil(
  kind: ClockKind,
  until: Date,
  startedAt: Date,
  calendar: WorkingCalendar,
): StageClock {
  const amount = (until.getTime() - startedAt.getTime()) / MINUTE
  return startClock(kind, { limit: { amount, unit: 'min' }, hours: 'always' }, startedAt, calendar, [])
}

/** Works out due time, warnings and chases from the clock's start, limit, extensions and finished pauses. */
export function recompute(clock: StageClock, calendar: WorkingCalendar): StageClock {
  const dueAt = dueTime(clock, calendar)
  const warnings = clock.warnings.map(({ percent }) => ({
    percent,
    at: warnTime(clock, dueAt, percent, calendar),
  }))
  const chases = clock.chases?.map(({ after }) => ({ after, at: timePast(dueAt, after, calendar) }))
  return { ...clock, calendarVersion: calendar.version, dueAt, warnings, ...(chases ? { chases } : {}) }
}

/** Does it count working time anywhere, so that a corrected calendar may move it? */
export function dependsOnCalendar(clock: StageClock): boolean {
  const limits = [clock.limit, ...clock.extensions, ...(clock.chases ?? []).map(({ after }) => after)]
  return clock.hours === 'working' || limits.some(({ unit }) => unit === 'wd')
}

/** Takes another limit, counted from the same start, if that makes it due earlier: a promise is never made later. */
export function tightenClock(clock: StageClock, limit: ClockLimit, calendar: WorkingCalendar): StageClock {
  const tightened = recompute({ ...clock, limit: limit.limit, hours: limit.hours }, calendar)
  return tightened.dueAt < clock.dueAt ? tightened : clock
}

function timePast(dueAt: Date, after: Limit, calendar: WorkingCalendar): Date {
  if (after.unit === 'wd') return calendar.closeOfWorkingDay(dueAt, after.amount)
  return new Date(dueAt.getTime() + after.amount * UNIT_MINUTES[after.unit] * MINUTE)
}

/** Adds time. The new due time counts from the clock's start, so that nothing is lost by asking early. */
export function extendClock(clock: StageClock, by: Limit, calendar: WorkingCalendar): StageClock {
  return recompute({ ...clock, extensions: [...clock.extensions, by] }, calendar)
}

/** Stops counting; a paused clock is never due. */
export function pauseClock(clock: StageClock, at: Date): StageClock {
  if (isPaused(clock)) return clock
  return { ...clock, pauses: [...clock.pauses, { from: at, to: null }] }
}

/** Counts again; the due time moves by the time that passed in the pause, if there was time left when it began. */
export function resumeClock(clock: StageClock, at: Date, calendar: WorkingCalendar): StageClock {
  const pauses = clock.pauses.map(pause => (pause.to === null ? { ...pause, to: at } : pause))
  return recompute({ ...clock, pauses }, calendar)
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
  const first = clock.warnings[0]?.at
  return isRunning(clock) && first && now >= first ? 'yellow' : 'green'
}

/**
 * The due time with every finished pause given back. A pause that begins when the time is already over comes too late:
 * else an overdue department would be in time again by asking the resident something.
 */
function dueTime(clock: StageClock, calendar: WorkingCalendar): Date {
  const pauses: Pause[] = []
  let dueAt = dueTimeWith(clock, pauses, calendar)
  for (const { from, to } of clock.pauses) {
    if (!to || from >= dueAt) continue
    pauses.push({ from, to })
    dueAt = dueTimeWith(clock, pauses, calendar)
  }
  return dueAt
}

function dueTimeWith(clock: StageClock, pauses: readonly Pause[], calendar: WorkingCalendar): Date {
  const limits = [clock.limit, ...clock.extensions]
  const days = sum(limits.filter(limit => limit.unit === 'wd').map(limit => limit.amount))
  const minutes = sum(
    limits.map(limit => (limit.unit === 'wd' ? 0 : limit.amount * UNIT_MINUTES[limit.unit])),
  )
  const base = days > 0 ? closeOfDays(clock.startedAt, days, pauses, calendar) : clock.startedAt
  if (minutes === 0) return base
  if (days > 0) return new Date(base.getTime() + minutes * MINUTE)
  const { between, after } = timeOf(clock, calendar)
  return after(base, minutes + sum(pauses.map(pause => between(pause.from, pause.to))))
}

/**
 * Working days are counted whole, when the office closes: one that closes during a pause does not count. The day on
 * which the clock starts is not counted anyway, so a pause of that day gives nothing back.
 */
function closeOfDays(
  startedAt: Date,
  days: number,
  pauses: readonly Pause[],
  calendar: WorkingCalendar,
): Date {
  const firstClose = calendar.closeOfWorkingDay(startedAt, 0)
  const paused = pauses.map(({ from, to }) =>
    Math.min(calendar.closesBetween(from, to), calendar.closesBetween(firstClose, to)),
  )
  return calendar.closeOfWorkingDay(startedAt, days + sum(paused))
}

/** Percent of the way from start to due, in the time that the clock itself counts: pauses are no part of the way. */
function warnTime(clock: StageClock, dueAt: Date, percent: number, calendar: WorkingCalendar): Date {
  const { between, after, whole } = timeOf(clock, calendar)
  const pauses = clock.pauses.filter((pause): pause is Pause => pause.to !== null && pause.from < dueAt)
  const paused = sum(pauses.map(pause => between(pause.from, pause.to)))
  let left = whole(((between(clock.startedAt, dueAt) - paused) * percent) / 100)
  let at = clock.startedAt
  for (const pause of pauses) {
    const run = between(at, pause.from)
    if (run >= left) break
    left -= run
    at = pause.to
  }
  return after(at, left)
}

/** Minutes as the clock counts them: all of them, or those in which somebody works. */
function timeOf(clock: StageClock, calendar: WorkingCalendar) {
  if (clock.hours === 'working') {
    return {
      between: (from: Date, to: Date) => calendar.workingMinutesBetween(from, to),
      after: (from: Date, minutes: number) => calendar.addWorkingMinutes(from, minutes),
      whole: Math.floor,
    }
  }
  return {
    between: (from: Date, to: Date) => (to.getTime() - from.getTime()) / MINUTE,
    after: (from: Date, minutes: number) => new Date(from.getTime() + Math.round(minutes * MINUTE)),
    whole: (minutes: number) => minutes,
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
