import { localDateOf, startOfLocalDate, type WorkingCalendar } from '../clocks/working-calendar.ts'
import { DAY, MINUTE } from '../kernel/clock.ts'
import type { BookingRules, Desk } from './booking-rules.ts'

/** A time at a place, for so many people. */
export interface Slot {
  place: string
  startsAt: Date
  endsAt: Date
  capacity: number
}

/** The city's days, and its hours where a desk has none of its own. */
export interface OpenDays {
  calendar: WorkingCalendar
  hours: readonly { from: number; to: number }[]
}

/** Why somebody cannot have a time; `null` when they can. */
export type SlotProblem = 'past' | 'too-soon' | 'too-far' | 'holiday' | 'weekend' | 'no-slot'

/** The slots of a desk on a local day; a rest at the end of its hours that is shorter than a slot is none. */
export function slotsOn(desk: Desk, date: string, days: OpenDays): Slot[] {
  const start = startOfLocalDate(date)
  return hoursOn(desk, start, days).flatMap(({ from, to }) => {
    const count = Math.floor((to - from) / desk.slotMinutes)
    return Array.from({ length: count }, (_, i) => {
      const startsAt = new Date(start.getTime() + (from + i * desk.slotMinutes) * MINUTE)
      const endsAt = new Date(startsAt.getTime() + desk.slotMinutes * MINUTE)
      return { place: desk.place, startsAt, endsAt, capacity: desk.capacity }
    })
  })
}

function hoursOn(
  desk: Desk,
  day: Date,
  { calendar, hours }: OpenDays,
): readonly { from: number; to: number }[] {
  switch (calendar.dayKind(day)) {
    case 'working':
    case 'make-up':
      return desk.hours ?? hours
    case 'weekend':
      return desk.weekend ?? []
    default:
      return []
  }
}

/** The local days on which one may book from now on, today included. */
export function bookableDates(now: Date, { aheadDays }: Pick<BookingRules, 'aheadDays'>): string[] {
  return Array.from({ length: aheadDays + 1 }, (_, i) => localDateOf(new Date(now.getTime() + i * DAY)))
}

/** Whether a time can be booked at a desk, and if not why: said in the order in which people understand it. */
export function slotAt(
  desk: Desk,
  startsAt: Date,
  now: Date,
  { rules, days }: { rules: BookingRules; days: OpenDays },
): { slot: Slot } | { problem: SlotProblem } {
  if (startsAt <= now) return { problem: 'past' }
  const date = localDateOf(startsAt)
  if (date > bookableDates(now, rules).at(-1)!) return { problem: 'too-far' }
  const slots = slotsOn(desk, date, days)
  if (slots.length === 0)
    return { problem: days.calendar.dayKind(startsAt) === 'holiday' ? 'holiday' : 'weekend' }
  const slot = slots.find(each => each.startsAt.getTime() === startsAt.getTime())
  if (!slot) return { problem: 'no-slot' }
  return startsAt.getTime() - now.getTime() < minutesOf(rules.bookBefore) * MINUTE
    ? { problem: 'too-soon' }
    : { slot }
}

const UNIT_MINUTES = { min: 1, h: 60, d: 1440, wd: 1440 } as const

/** Before a booking people count hours and days as they pass. */
export function minutesOf({ amount, unit }: BookingRules['bookBefore']): number {
  return amount * UNIT_MINUTES[unit]
}
