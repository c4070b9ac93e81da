import type pg from 'pg'
import type { Booking, BookingStore, BookingWithPerson } from '../../usecases/booking-ports.ts'
import { bookPlace } from './book-place.ts'
import { BOOKING_COLUMNS, type BookingRow, bookingOf, bookingWithPerson } from './booking-rows.ts'
import { runStatement } from './connection.ts'
import type { PersonVault } from './store-parts.ts'

type Run = <Row extends object>(name: string, text: string, values: unknown[]) => Promise<Row[]>

/** Bookings of one jurisdiction. */
export function createBookingStore(pool: pg.Pool, vault: PersonVault, jurisdiction: string): BookingStore {
  const run: Run = (name, text, values) => runStatement(pool, { name, text, values })
  const parts = { vault, jurisdiction }
  return {
    book: (wanted, rules) => bookPlace(pool, parts, { wanted, rules, as: 'booked' }),
    wait: (wanted, rules) => bookPlace(pool, parts, { wanted, rules, as: 'waiting' }),
    ...changes(run, jurisdiction),
    ...reads(run, vault, jurisdiction),
    ...sweeps(run, vault, jurisdiction),
  }
}

const OPEN = `('booked', 'offered', 'waiting')`

/** Rows are locked in one order everywhere: the booking, then its slots by time. */
function changes(
  run: Run,
  jurisdiction: string,
): Pick<BookingStore, 'cancel' | 'move' | 'accept' | 'mark' | 'remindAgain'> {
  return {
    cancel: async id => (await run('cancel-booking', CANCEL, [id, jurisdiction])).length > 0,

    async move(id, to, remindAt) {
      await run('open-booking-slot', OPEN_SLOT, [jurisdiction, to.place, to.startsAt, to.capacity])
      const values = [id, jurisdiction, to.place, to.startsAt, to.endsAt, to.capacity, remindAt]
      const [row] = await run<{ was_open: boolean; is_closed: boolean; moved: boolean }>(
        'move-booking',
        MOVE,
        values,
      )
      if (!row?.was_open) return 'gone'
      if (row.moved) return 'moved'
      return row.is_closed ? 'closed' : 'full'
    },

    accept: async (id, now, remindAt) =>
      (
        await run(
          'accept-booking',
          `update bookings set state = 'booked', offer_until = null, remind_at = $3
           where id = $1 and state = 'offered' and offer_until > $2 returning 1`,
          [id, now, remindAt],
        )
      ).length > 0,

    mark: async (id, as) =>
      (
        await run(
          'mark-booking',
          `update bookings set state = $2, remind_at = null
           where id = $1 and jurisdiction = $3 and state in ('booked', 'came', 'missed') returning 1`,
          [id, as, jurisdiction],
        )
      ).length > 0,

    async remindAgain(id, at) {
      await run('remind-again', `update bookings set remind_at = $2 where id = $1 and state = 'booked'`, [
        id,
        at,
      ])
    },
  }
}

const CANCEL = `with before as (
    select id, state from bookings where id = $1 and jurisdiction = $2 and state in ${OPEN} for update
  ), gone as (
    update bookings set state = 'cancelled', remind_at = null, offer_until = null
    from before where bookings.id = before.id
    returning bookings.place, bookings.starts_at, before.state
  )
  update booking_slots slot set
    taken = taken - (gone.state <> 'waiting')::int, waiting = waiting - (gone.state = 'waiting')::int
  from gone where slot.jurisdiction = $2 and slot.place = gone.place and slot.starts_at = gone.starts_at
  returning 1`

const OPEN_SLOT = `insert into booking_slots (jurisdiction, place, starts_at, capacity) values ($1, $2, $3, $4)
  on conflict do nothing`

const MOVE = `with before as (
    select id, place, starts_at from bookings
    where id = $1 and jurisdiction = $2 and state = 'booked' and (place, starts_at) <> ($3, $4::timestamptz) for update
  ), locked as (
    select slot.place, slot.starts_at, slot.taken, slot.waiting, slot.is_closed,
      (slot.place, slot.starts_at) = ($3, $4::timestamptz) as is_new
    from booking_slots slot, before
    where slot.jurisdiction = $2
      and (slot.place, slot.starts_at) in ((before.place, before.starts_at), ($3, $4::timestamptz))
    order by slot.starts_at, slot.place for update of slot
  ), fits as (
    select from locked where is_new and taken < $6::int and waiting = 0 and not is_closed
  ), moved as (
    update booking_slots slot set taken = slot.taken + case when locked.is_new then 1 else -1 end,
      capacity = case when locked.is_new then $6::int else slot.capacity end
    from locked where exists (select from fits)
      and slot.jurisdiction = $2 and slot.place = locked.place and slot.starts_at = locked.starts_at
    returning 1
  ), changed as (
    update bookings set place = $3, starts_at = $4, ends_at = $5, remind_at = $7
    from before where bookings.id = before.id and exists (select from moved) returning 1
  )
  select exists (select from before) as was_open, exists (select from changed) as moved,
    coalesce((select is_closed from locked where is_new), false) as is_closed`

function reads(
  run: Run,
  vault: PersonVault,
  jurisdiction: string,
): Pick<BookingStore, 'byId' | 'byCode' | 'ofUser' | 'loads' | 'between'> {
  const one = async (rows: Promise<BookingRow[]>): Promise<Booking | null> => {
    const [row] = await rows
    return row ? bookingOf(row) : null
  }
  return {
    byId: id =>
      one(
        run('booking', `select ${BOOKING_COLUMNS} from bookings where id = $1 and jurisdiction = $2`, [
          id,
          jurisdiction,
        ]),
      ),

    async byCode(number, queryCode) {
      const [row] = await run<BookingRow & { code_hash: Buffer }>(
        'booking-by-number',
        `select ${BOOKING_COLUMNS}, code_hash from bookings where number = $1 and jurisdiction = $2`,
        [number, jurisdiction],
      )
      return row && vault.isQueryCode(row.id, queryCode, row.code_hash) ? bookingOf(row) : null
    },

    async ofUser(user) {
      const rows = await run<BookingRow>(
        'bookings-of-user',
        `select ${BOOKING_COLUMNS} from bookings
         where user_key = $1 and user_key <> '' and jurisdiction = $2 and state in ${OPEN} order by starts_at, id`,
        [vault.userKey(user), jurisdiction],
      )
      return rows.map(bookingOf)
    },

    async loads(places, from, to) {
      const rows = await run<LoadRow>(
        'booking-loads',
        `select place, starts_at, taken, waiting, is_closed from booking_slots
         where jurisdiction = $1 and place = any($2) and starts_at >= $3 and starts_at < $4`,
        [jurisdiction, places, from, to],
      )
      return rows.map(({ starts_at: startsAt, is_closed: isClosed, ...row }) => ({
        ...row,
        startsAt,
        isClosed,
      }))
    },

    async between(places, from, to) {
      const rows = await run<BookingRow>(
        'bookings-between',
        `select ${BOOKING_COLUMNS} from bookings
         where jurisdiction = $1 and place = any($2) and starts_at >= $3 and starts_at < $4
         order by starts_at, place, number`,
        [jurisdiction, places, from, to],
      )
      return rows.map(row => bookingWithPerson(row, vault))
    },
  }
}

interface LoadRow {
  place: string
  starts_at: Date
  taken: number
  waiting: number
  is_closed: boolean
}

function sweeps(
  run: Run,
  vault: PersonVault,
  jurisdiction: string,
): Pick<BookingStore, 'close' | 'offerFree' | 'lapseOffers' | 'takeReminders'> {
  const people = async (rows: Promise<BookingRow[]>): Promise<BookingWithPerson[]> =>
    (await rows).map(row => bookingWithPerson(row, vault))
  return {
    close: ({ place, startsAt, capacity }) =>
      people(run('close-booking-slot', CLOSE, [jurisdiction, place, startsAt, capacity])),
    offerFree: (now, until) => people(run('offer-free-places', OFFER, [jurisdiction, now, until])),
    lapseOffers: async now => (await run('lapse-offers', LAPSE, [jurisdiction, now])).length,
    takeReminders: (now, limit) =>
      people(
        run(
          'take-reminders',
          `update bookings set remind_at = null where id in (
             select id from bookings where jurisdiction = $1 and remind_at <= $2
             order by remind_at limit $3 for update skip locked)
           returning ${BOOKING_COLUMNS}`,
          [jurisdiction, now, limit],
        ),
      ),
  }
}

const CLOSE = `with slot as (
    insert into booking_slots as slot (jurisdiction, place, starts_at, capacity, is_closed) values ($1, $2, $3, $4, true)
    on conflict (jurisdiction, place, starts_at) do update set is_closed = true, taken = 0, waiting = 0
    returning 1
  )
  update bookings set state = 'dropped', remind_at = null, offer_until = null
  where exists (select from slot) and jurisdiction = $1 and place = $2 and starts_at = $3 and state in ${OPEN}
  returning ${BOOKING_COLUMNS}`

const OFFER = `with next as (
    select first.* from booking_slots slot, lateral (
      select id, place, starts_at from bookings
      where jurisdiction = $1 and place = slot.place and starts_at = slot.starts_at and state = 'waiting'
      order by number limit 1 for update skip locked
    ) first
    where slot.jurisdiction = $1 and slot.waiting > 0 and slot.taken < slot.capacity and not slot.is_closed
      and slot.starts_at > $2
  ), kept as (
    update booking_slots slot set taken = slot.taken + 1, waiting = slot.waiting - 1
    from next where slot.jurisdiction = $1 and slot.place = next.place and slot.starts_at = next.starts_at
      and slot.taken < slot.capacity
    returning next.id
  )
  update bookings set state = 'offered', offer_until = least($3, starts_at)
  where id in (select id from kept) returning ${BOOKING_COLUMNS}`

const LAPSE = `with due as (
    select id from bookings where jurisdiction = $1 and state = 'offered' and offer_until <= $2 for update skip locked
  ), gone as (
    update bookings set state = 'lapsed', offer_until = null where id in (select id from due)
    returning place, starts_at
  ), counted as (
    select place, starts_at, count(*)::int as places from gone group by place, starts_at
  )
  update booking_slots slot set taken = taken - counted.places from counted
  where slot.jurisdiction = $1 and slot.place = counted.place and slot.starts_at = counted.starts_at
  returning 1`
