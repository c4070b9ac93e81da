import type { Slot } from '../appointments/slots.ts'
import { minutesOf, slotAt } from '../appointments/slots.ts'
import { localDateOf, startOfLocalDate } from '../clocks/working-calendar.ts'
import { HOUR, MINUTE } from '../kernel/clock.ts'
import { AppError, type ErrorCode } from '../kernel/errors.ts'
import { newCode, newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import type { Booking } from './booking-ports.ts'
import { deskFor, openDays } from './free-times.ts'
import type { Line } from './line.ts'
import type { Person } from './ports.ts'
import { localMoment } from './say-due.ts'
import { mobileNumber } from './sms-person.ts'

const CODE_LENGTH = 8
/** The evening before at this hour, local. */
const EVENING_HOUR = 18

/** What somebody asks for, as a page or a talk tells it. */
export interface TimeWanted {
  item: string
  place: string | null
  startsAt: Date
  person: Omit<Person, 'phone'> & { phone: string }
  /** When the slot is full: join those who wait for it. */
  ifFull: 'refuse' | 'wait'
  locale: Locale
  caseId: string | null
  /** The same request asked again gets the same booking. */
  requestKey: string | null
}

/** A booking with the secret that is told once. */
export interface MadeBooking {
  booking: Booking
  queryCode: string
}

/**
 * Books a time, or a place among those who wait for it.
 * @throws AppError `booking-…` and `phone-invalid`, each with the `field` that it is about
 */
export async function bookTime(line: Line, wanted: TimeWanted): Promise<MadeBooking> {
  const now = line.clock.now()
  const { item, desk } = deskFor(line, wanted.item, wanted.place)
  const slot = slotFor(line, desk.place, wanted.startsAt)
  const phone = mobileNumber(wanted.person.phone.replace(/[\s-]/g, ''))
  if (phone === null) throw new AppError('phone-invalid', { field: 'phone' })
  const queryCode = newCode(CODE_LENGTH, line.chance)
  const request = {
    id: newId(now, line.chance),
    slot,
    item: item.id,
    person: { ...wanted.person, phone },
    queryCode,
    caseId: wanted.caseId,
    locale: wanted.locale,
    requestKey: wanted.requestKey,
    now,
  }
  const { bookings } = line.store
  const rules = line.content.appointments
  let outcome = await bookings.book({ ...request, remindAt: nextReminder(slot.startsAt, now) }, rules)
  if (outcome.is === 'full' && wanted.ifFull === 'wait')
    outcome = await bookings.wait({ ...request, remindAt: null }, rules)
  if ('booking' in outcome) return { booking: outcome.booking, queryCode }
  throw refusal(outcome, wanted.locale)
}

function refusal(outcome: { is: string; until?: Date }, locale: Locale): AppError {
  const field = ['full', 'closed'].includes(outcome.is)
    ? 'startsAt'
    : outcome.is === 'twice'
      ? 'item'
      : 'phone'
  const until = outcome.until ? { until: localMoment(outcome.until, locale) } : {}
  return new AppError(`booking-${outcome.is}` as ErrorCode, { field, ...until })
}

/** The slot of a desk at a time. @throws AppError `booking-past` and the like, `booking-elsewhere` */
export function slotFor(line: Line, place: string, startsAt: Date): Slot {
  const rules = line.content.appointments
  const desk = rules.desks.find(each => each.place === place)
  if (!desk) throw new AppError('booking-elsewhere', { field: 'place' })
  const found = slotAt(desk, startsAt, line.clock.now(), { rules, days: openDays(line) })
  if ('slot' in found) return found.slot
  throw new AppError(`booking-${found.problem}`, { field: 'startsAt', days: rules.aheadDays })
}

/** When the person is told next: the evening before, then an hour before; null when it is nearer than that. */
export function nextReminder(startsAt: Date, now: Date): Date | null {
  const day = startOfLocalDate(localDateOf(startsAt)).getTime()
  const evening = new Date(day - (24 - EVENING_HOUR) * HOUR)
  const hourBefore = new Date(startsAt.getTime() - HOUR)
  return [evening, hourBefore].find(at => at > now) ?? null
}

/** Gives a time back. @throws AppError `booking-too-late`, `booking-gone` */
export async function cancelBooking(line: Line, booking: Booking): Promise<void> {
  checkChangeable(line, booking)
  if (!(await line.store.bookings.cancel(booking.id))) throw new AppError('booking-gone')
}

/** Takes another time at the same desk, or keeps the one it has. @throws AppError `booking-…` */
export async function moveBooking(line: Line, booking: Booking, startsAt: Date): Promise<Booking> {
  checkChangeable(line, booking)
  const slot = slotFor(line, booking.place, startsAt)
  if (startsAt.getTime() === booking.startsAt.getTime()) return booking
  const outcome = await line.store.bookings.move(booking.id, slot, nextReminder(startsAt, line.clock.now()))
  if (outcome === 'moved') return { ...booking, startsAt: slot.startsAt, endsAt: slot.endsAt }
  throw new AppError(`booking-${outcome}`, outcome === 'gone' ? {} : { field: 'startsAt' })
}

/** Takes the place that was offered. @throws AppError `booking-gone` when it was too late */
export async function acceptOffer(line: Line, booking: Booking): Promise<Booking> {
  const now = line.clock.now()
  if (!(await line.store.bookings.accept(booking.id, now, nextReminder(booking.startsAt, now))))
    throw new AppError('booking-gone')
  return { ...booking, state: 'booked', offerUntil: null }
}

/** Those who only wait may give up at any time. */
function checkChangeable(line: Line, { state, startsAt }: Booking): void {
  const before = minutesOf(line.content.appointments.cancelBefore) * MINUTE
  if (state === 'booked' && startsAt.getTime() - line.clock.now().getTime() < before)
    throw new AppError('booking-too-late', { phone: line.content.city.line.phone })
}

/** A booking by its number and code. @throws AppError `booking-not-found`, the same whether the number or the code is wrong */
export async function findBooking(
  line: Line,
  query: { number: string; queryCode: string },
): Promise<Booking> {
  const number = bookingNumberIn(query.number)
  const booking =
    number === null ? null : await line.store.bookings.byCode(number, query.queryCode.trim().toUpperCase())
  if (!booking) throw new AppError('booking-not-found')
  return booking
}

/** `Y000012` and what people make of it → 12; null when it is no number of a booking. */
export function bookingNumberIn(text: string): number | null {
  const digits = /^[Yy]?0*(\d{1,12})$/.exec(text.replace(/\s/g, ''))?.[1]
  return digits === undefined ? null : Number(digits)
}

/** 12 → `Y000012`. */
export function formatBookingNumber(number: number): string {
  return `Y${String(number).padStart(6, '0')}`
}
