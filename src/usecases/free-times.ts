import type { Desk } from '../appointments/booking-rules.ts'
import { bookableDates, slotAt, slotsOn } from '../appointments/slots.ts'
import { startOfLocalDate } from '../clocks/working-calendar.ts'
import type { Item } from '../guidance/item.ts'
import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'

/** A slot that has not begun, with what is left of it; `waiting`: people who wait for it. */
export interface FreeTime {
  startsAt: Date
  endsAt: Date
  left: number
  waiting: number
  isClosed: boolean
}

/** A day on which one may book, or why nobody can come then. */
export interface FreeDay {
  date: string
  rest: 'holiday' | 'weekend' | null
  times: FreeTime[]
}

/** The calendar's days and the city's hours. */
export function openDays({ content }: Pick<Line, 'content'>) {
  return { calendar: content.calendar, hours: content.city.hours.workday }
}

/** The desks at which an item is done by appointment, in the item's own order. */
export function desksOf({ content }: Pick<Line, 'content'>, item: Item): Desk[] {
  return item.places.flatMap(place => content.appointments.desks.filter(desk => desk.place === place))
}

/**
 * The item and its desk. Without a place it is the item's first.
 * @throws AppError `guide-not-found`, `booking-elsewhere` when the item is not done there by appointment
 */
export function deskFor(line: Line, itemId: string, place: string | null): { item: Item; desk: Desk } {
  const item = line.content.items.find(({ id }) => id === itemId)
  if (!item) throw new AppError('guide-not-found')
  const desks = desksOf(line, item)
  const desk = place === null ? desks[0] : desks.find(each => each.place === place)
  if (!desk) throw new AppError('booking-elsewhere', { field: 'place' })
  return { item, desk }
}

/** All days on which one may book at a desk, with what is free. */
export async function freeTimes(line: Line, desk: Desk): Promise<FreeDay[]> {
  const now = line.clock.now()
  const rules = line.content.appointments
  const days = openDays(line)
  const dates = bookableDates(now, rules)
  const from = startOfLocalDate(dates[0]!)
  const to = new Date(startOfLocalDate(dates.at(-1)!).getTime() + DAY)
  const loads = await line.store.bookings.loads([desk.place], from, to)
  const byStart = new Map(loads.map(load => [load.startsAt.getTime(), load]))
  return dates.map(date => {
    const slots = slotsOn(desk, date, days)
    const times = slots
      .filter(({ startsAt }) => 'slot' in slotAt(desk, startsAt, now, { rules, days }))
      .map(({ startsAt, endsAt, capacity }) => {
        const load = byStart.get(startsAt.getTime())
        const waiting = load?.waiting ?? 0
        const isClosed = load?.isClosed ?? false
        const left = isClosed || waiting > 0 ? 0 : Math.max(0, capacity - (load?.taken ?? 0))
        return { startsAt, endsAt, left, waiting, isClosed }
      })
    const kind = days.calendar.dayKind(startOfLocalDate(date))
    const rest = slots.length > 0 ? null : kind === 'holiday' ? ('holiday' as const) : ('weekend' as const)
    return { date, rest, times }
  })
}
