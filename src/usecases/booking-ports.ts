import type { BookingRules } from '../appointments/booking-rules.ts'
import type { Slot } from '../appointments/slots.ts'
import type { Locale } from '../language/understanding.ts'
import type { Person } from './ports.ts'

/**
 * `offered`: a place became free and is kept for whoever waited; `dropped`: the line took it back (a closed slot); `lapsed`: an offer
 * that was not taken in time.
 */
export const BOOKING_STATES = [
  'booked',
  'waiting',
  'offered',
  'cancelled',
  'dropped',
  'lapsed',
  'came',
  'missed',
] as const
export type BookingState = (typeof BOOKING_STATES)[number]

/** One person's time at one window. */
export interface Booking {
  id: string
  /** What people name it by, with its query code. */
  number: number
  place: string
  item: string
  startsAt: Date
  endsAt: Date
  state: BookingState
  caseId: string | null
  locale: Locale
  /** Until when an offered place is kept. */
  offerUntil: Date | null
}

/** What somebody asks for. */
export interface WantedBooking {
  id: string
  slot: Slot
  item: string
  /** The phone is needed: by it nobody books twice, and whoever has it is reminded. */
  person: Person & { phone: string }
  queryCode: string
  caseId: string | null
  locale: Locale
  /** The same request asked again gets the same booking. */
  requestKey: string | null
  remindAt: Date | null
  now: Date
}

/** `many`: so many bookings are open already; `shut-out`: the person did not come too often. */
export type BookOutcome =
  | { is: 'booked' | 'waiting'; booking: Booking }
  | { is: 'full' | 'closed' | 'twice' | 'many' }
  | { is: 'shut-out'; until: Date }

/** How full a slot is; slots that nobody ever booked are not known to the store. */
export interface SlotLoad {
  place: string
  startsAt: Date
  taken: number
  waiting: number
  isClosed: boolean
}

/** A booking with who it is of, for those who work at the window. */
export interface BookingWithPerson extends Booking {
  person: Person
}

/** The rules that the store holds against everybody who books at the same moment. */
export type HeldRules = Pick<BookingRules, 'mostOpen' | 'noShows'>

/** Bookings. Taking a place is one statement: two people never get the same one, and what is refused leaves nothing behind. */
export interface BookingStore {
  book(wanted: WantedBooking, rules: HeldRules): Promise<BookOutcome>
  /** Joins the list of those who wait for a slot that is full. */
  wait(wanted: WantedBooking, rules: HeldRules): Promise<BookOutcome>
  /** Gives the place back; false when there was none any more. */
  cancel(id: string): Promise<boolean>
  /** Takes a place in another slot and gives the one before back, or neither. */
  move(id: string, to: Slot, remindAt: Date | null): Promise<'moved' | 'full' | 'closed' | 'gone'>
  /** Takes what was offered; false when it is too late. */
  accept(id: string, now: Date, remindAt: Date | null): Promise<boolean>
  byId(id: string): Promise<Booking | null>
  /** Null too when the code is not its own. */
  byCode(number: number, queryCode: string): Promise<Booking | null>
  /** Open bookings of somebody on a channel, the next first. */
  ofUser(user: { channel: string; channelUserId: string }): Promise<Booking[]>
  loads(places: readonly string[], from: Date, to: Date): Promise<SlotLoad[]>
  /** All bookings at places in a time, in order, with their people. */
  between(places: readonly string[], from: Date, to: Date): Promise<BookingWithPerson[]>
  /** Somebody came, or did not; false when the booking was not open. */
  mark(id: string, as: 'came' | 'missed'): Promise<boolean>
  /** Nobody can have the slot any more. @returns whose place or waiting it ends */
  close(slot: Slot): Promise<BookingWithPerson[]>
  /** Offers what became free to those who wait, one a slot. */
  offerFree(now: Date, until: Date): Promise<BookingWithPerson[]>
  /** Ends offers that nobody took in time; their places are free again. @returns how many */
  lapseOffers(now: Date): Promise<number>
  /** Those whose reminder is due; each is given out once, with the time of its next. */
  takeReminders(now: Date, limit: number): Promise<BookingWithPerson[]>
  /** When the person is told next. */
  remindAgain(id: string, at: Date): Promise<void>
}
