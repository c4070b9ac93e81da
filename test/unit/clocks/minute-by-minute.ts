import { calendarContent, hours } from './shenfu.ts'

/**
 * A slow reference for clocks, written from the definitions and from nothing else: it walks through time minute by
 * minute and asks of each minute whether somebody works in it and whether the clock runs. A minute is known by its
 * start, in whole minutes since 1970, UTC.
 *
 * - By article 201 of the Civil Code the day on which a period begins is not counted; hours count from the moment.
 * - By article 203 a period in working days ends when the office closes on its last working day.
 * - A minute during a pause is not counted; neither is a working day whose office closes during a pause.
 * - When the time is over it is over: no later pause changes that.
 */
export type Minute = number

export interface MinutePause {
  from: Minute
  to: Minute
}

interface LocalDay {
  index: number
  kind: 'working' | 'weekend' | 'holiday' | 'make-up'
}

const free = new Set(Object.values(calendarContent.years).flatMap(year => year.holidays.map(day => day.date)))
const madeUp = new Set(
  Object.values(calendarContent.years).flatMap(year => year.makeUpDays.map(day => day.date)),
)
const days = new Map<number, LocalDay>()

/** The local day of a minute; China is eight hours ahead of UTC. */
export function dayOf(minute: Minute): LocalDay {
  const index = Math.floor((minute + 480) / 1440)
  const known = days.get(index)
  if (known) return known
  const midnight = new Date(index * 86_400_000)
  const date = midnight.toISOString().slice(0, 10)
  const isWeekend = midnight.getUTCDay() === 0 || midnight.getUTCDay() === 6
  const kind = free.has(date) ? 'holiday' : madeUp.has(date) ? 'make-up' : isWeekend ? 'weekend' : 'working'
  days.set(index, { index, kind })
  return { index, kind }
}

export function isWorkedDay(minute: Minute): boolean {
  const { kind } = dayOf(minute)
  return kind === 'working' || kind === 'make-up'
}

/** Does somebody work in the minute that starts here? */
export function isWorkedMinute(minute: Minute): boolean {
  const ofDay = (minute + 480) % 1440
  return isWorkedDay(minute) && hours.some(({ from, to }) => from <= ofDay && ofDay < to)
}

/** Does the office close for the day at the end of this minute? */
function closesAfter(minute: Minute): boolean {
  return isWorkedDay(minute) && ((minute + 480) % 1440) + 1 === hours.at(-1)!.to
}

export function addWorkingMinutes(from: Minute, count: number): Minute {
  let minute = from
  for (let counted = 0; counted < count; minute++) if (isWorkedMinute(minute)) counted++
  return minute
}

export function workingMinutesBetween(from: Minute, to: Minute): number {
  let counted = 0
  for (let minute = from; minute < to; minute++) if (isWorkedMinute(minute)) counted++
  return counted
}

export function nextWorkingMoment(from: Minute): Minute {
  let minute = from
  while (!isWorkedMinute(minute)) minute++
  return minute
}

export function closesBetween(from: Minute, to: Minute): number {
  let counted = 0
  for (let minute = from; minute < to; minute++) if (closesAfter(minute)) counted++
  return counted
}

export function closeOfWorkingDay(from: Minute, count: number): Minute {
  return dueInDays(from, count, [])
}

/** Working days that begin after `from` and have begun by `to`. */
export function workingDaysBetween(from: Minute, to: Minute): number {
  const seen = new Set<number>()
  for (let minute = from; minute <= to; minute++) if (isWorkedDay(minute)) seen.add(dayOf(minute).index)
  seen.delete(dayOf(from).index)
  return seen.size
}

/** Is the minute that starts here spent waiting? */
const isWaiting = (minute: Minute, pauses: readonly MinutePause[]) =>
  pauses.some(pause => pause.from <= minute && minute < pause.to)

type Counts = (minute: Minute) => boolean

/** When a clock of so many minutes has run out; it counts every minute, or only those that are worked. */
export function dueInMinutes(
  from: Minute,
  count: number,
  pauses: readonly MinutePause[],
  counts: Counts,
): Minute {
  let minute = from
  for (let counted = 0; counted < count; minute++) if (counts(minute) && !isWaiting(minute, pauses)) counted++
  return minute
}

/** When a clock of so many working days has run out. */
export function dueInDays(from: Minute, count: number, pauses: readonly MinutePause[]): Minute {
  const firstDay = dayOf(from).index
  let minute = from
  for (let counted = 0; counted < count; minute++) {
    if (closesAfter(minute) && dayOf(minute).index > firstDay && !isWaiting(minute, pauses)) counted++
  }
  return minute
}

/** When so many percent of the minutes that a clock counts up to its due time have passed. */
export function warningOf(
  from: Minute,
  due: Minute,
  percent: number,
  pauses: readonly MinutePause[],
  counts: Counts,
): Minute {
  let all = 0
  for (let minute = from; minute < due; minute++) if (counts(minute) && !isWaiting(minute, pauses)) all++
  return dueInMinutes(from, Math.floor((all * percent) / 100), pauses, counts)
}
