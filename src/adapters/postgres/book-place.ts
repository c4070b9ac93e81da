import type pg from 'pg'
import type { BookOutcome, HeldRules, WantedBooking } from '../../usecases/booking-ports.ts'
import { BOOKING_COLUMNS, type BookingRow, bookingOf } from './booking-rows.ts'
import { runStatement } from './connection.ts'
import { phoneKeyOf } from './phone-proofs.ts'
import type { PersonVault } from './store-parts.ts'

/** Somebody asked at the same moment with the same phone and took the person's place that we had seen free. */
const MOST_TRIES = 5

/** A place of a slot, or one on its waiting list, by one statement. */
export async function bookPlace(
  pool: pg.Pool,
  { vault, jurisdiction }: { vault: PersonVault; jurisdiction: string },
  { wanted, rules, as }: { wanted: WantedBooking; rules: HeldRules; as: 'booked' | 'waiting' },
): Promise<BookOutcome> {
  const values = valuesOf(wanted, rules, { vault, jurisdiction, as })
  const statement = { name: `book-${as}`, text: as === 'booked' ? BOOK : WAIT, values }
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    const constraint = await runStatement<BookingRow>(pool, statement).then(
      ([row]) => (row ? { row } : null),
      violatedBy,
    )
    if (constraint === null) return whyNot(pool, wanted, { rules, jurisdiction, key: values[6] as Buffer })
    if (typeof constraint === 'object') return { is: as, booking: bookingOf(constraint.row) }
    const earlier = await earlierOf(pool, vault, wanted)
    if (earlier)
      return { is: earlier.state === 'waiting' ? 'waiting' : 'booked', booking: bookingOf(earlier) }
    if (constraint === 'bookings_person_item') return { is: 'twice' }
  }
  return { is: 'many' }
}

/** Which rule of the table refused it. @throws anything else */
function violatedBy(error: unknown): string {
  const { code, constraint } = error as { code?: string; constraint?: string }
  if (code === '23505' && constraint?.startsWith('bookings_')) return constraint
  throw error
}

function valuesOf(
  { id, slot, item, person, queryCode, caseId, locale, requestKey, remindAt, now }: WantedBooking,
  { mostOpen, noShows }: HeldRules,
  { vault, jurisdiction, as }: { vault: PersonVault; jurisdiction: string; as: string },
): unknown[] {
  return [
    id,
    jurisdiction,
    slot.place,
    item,
    slot.startsAt,
    slot.endsAt,
    phoneKeyOf(vault, person),
    person.channelUserId === '' ? Buffer.alloc(0) : vault.userKey(person),
    vault.queryCodeHash(id, queryCode),
    vault.seal(id, person),
    caseId,
    locale,
    requestKey,
    remindAt,
    now,
    as,
    slot.capacity,
    mostOpen,
    noShows.times,
    noShows.withinDays,
    noShows.shutOutDays,
  ]
}

const OPEN = `('booked', 'offered', 'waiting')`

/** Until when somebody who did not come is shut out; no row when they are not. */
const SHUT_OUT = `select max(starts_at) + make_interval(days => $21::int) as until from bookings
    where phone_key = $7 and state = 'missed' and starts_at > $15::timestamptz - make_interval(days => $20::int)
    having count(*) >= $19::int and max(starts_at) + make_interval(days => $21::int) > $15::timestamptz`

/** The person's first free place among those that one person may have. */
const PERSON_PLACE = `select n from generate_series(1, $18::int) n
    where not exists (${SHUT_OUT}) and not exists (
      select from bookings where jurisdiction = $2 and phone_key = $7 and person_place = n and state in ${OPEN})
    order by n limit 1`

const INSERT = `insert into bookings (id, jurisdiction, place, item, starts_at, ends_at, phone_key, user_key, code_hash,
    sealed, case_id, locale, request_key, remind_at, created_at, state, person_place)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, n from held, free
  returning ${BOOKING_COLUMNS}`

// Whoever takes the last place locks the slot's row; the next one reads it as it is then. Those who wait come first.
const BOOK = `with free as (${PERSON_PLACE}), held as (
    insert into booking_slots as slot (jurisdiction, place, starts_at, capacity, taken)
    select $2, $3, $5, $17::int, 1 from free
    on conflict (jurisdiction, place, starts_at) do update set taken = slot.taken + 1, capacity = excluded.capacity
      where slot.taken < excluded.capacity and slot.waiting = 0 and not slot.is_closed
    returning 1
  ) ${INSERT}`

const WAIT = `with free as (${PERSON_PLACE}), held as (
    update booking_slots set waiting = waiting + 1
    where jurisdiction = $2 and place = $3 and starts_at = $5 and not is_closed
      and (taken >= $17::int or waiting > 0) and exists (select from free)
    returning 1
  ) ${INSERT}`

/** What the same request got before. Its answer was lost, and the code with it: the one that is told now holds. */
async function earlierOf(
  pool: pg.Pool,
  vault: PersonVault,
  { requestKey, queryCode }: WantedBooking,
): Promise<BookingRow | null> {
  if (requestKey === null) return null
  const [row] = await runStatement<BookingRow>(pool, {
    name: 'booking-by-request',
    text: `select ${BOOKING_COLUMNS} from bookings where request_key = $1`,
    values: [requestKey],
  })
  if (!row) return null
  const values = [row.id, vault.queryCodeHash(row.id, queryCode)]
  const text = 'update bookings set code_hash = $2 where id = $1'
  await runStatement(pool, { name: 'booking-code-anew', text, values })
  return row
}

interface Standing {
  until: Date | null
  open: string
  has_item: boolean
  is_closed: boolean | null
}

async function whyNot(
  pool: pg.Pool,
  { slot, item, now }: WantedBooking,
  { rules, jurisdiction, key }: { rules: HeldRules; jurisdiction: string; key: Buffer },
): Promise<BookOutcome> {
  const { times, withinDays, shutOutDays } = rules.noShows
  const [row] = await runStatement<Standing>(pool, {
    name: 'why-no-booking',
    text: `select (
        select max(starts_at) + make_interval(days => $8::int) from bookings
        where phone_key = $2 and state = 'missed' and starts_at > $5::timestamptz - make_interval(days => $7::int)
        having count(*) >= $6::int
      ) as until,
      count(*) filter (where state in ${OPEN}) as open,
      coalesce(bool_or(state in ${OPEN} and item = $3), false) as has_item,
      (select is_closed from booking_slots where jurisdiction = $1 and place = $4 and starts_at = $9) as is_closed
      from bookings where jurisdiction = $1 and phone_key = $2`,
    values: [jurisdiction, key, item, slot.place, now, times, withinDays, shutOutDays, slot.startsAt],
  })
  if (row?.until && row.until > now) return { is: 'shut-out', until: row.until }
  if (row?.has_item) return { is: 'twice' }
  if (Number(row?.open) >= rules.mostOpen) return { is: 'many' }
  return { is: row?.is_closed ? 'closed' : 'full' }
}
