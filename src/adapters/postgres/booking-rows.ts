import type { Locale } from '../../language/understanding.ts'
import type { Booking, BookingState, BookingWithPerson } from '../../usecases/booking-ports.ts'
import type { PersonVault } from './store-parts.ts'

/** A booking as its table has it. */
export interface BookingRow {
  id: string
  number: string
  place: string
  item: string
  starts_at: Date
  ends_at: Date
  state: BookingState
  case_id: string | null
  locale: Locale
  offer_until: Date | null
  sealed: Buffer
}

/** The columns of `BookingRow`. */
export const BOOKING_COLUMNS =
  'id, number, place, item, starts_at, ends_at, state, case_id, locale, offer_until, sealed'

/** A booking out of its row. */
export function bookingOf(row: BookingRow): Booking {
  return {
    id: row.id,
    number: Number(row.number),
    place: row.place,
    item: row.item,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    state: row.state,
    caseId: row.case_id,
    locale: row.locale,
    offerUntil: row.offer_until,
  }
}

/** The same with its person. */
export function bookingWithPerson(row: BookingRow, vault: PersonVault): BookingWithPerson {
  return { ...bookingOf(row), person: vault.open(row.id, row.sealed) }
}
