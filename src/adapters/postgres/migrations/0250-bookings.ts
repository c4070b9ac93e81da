import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Times at windows that people have, wait for or were offered; how many of each slot are taken. */
export const bookings: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // What nobody may overdraw: the row is locked by whoever takes a place, and the check holds against any mistake.
  `create table booking_slots (
    jurisdiction text not null,
    place text not null,
    starts_at timestamptz not null,
    capacity integer not null,
    taken integer not null default 0,
    waiting integer not null default 0,
    is_closed boolean not null default false,
    primary key (jurisdiction, place, starts_at),
    check (taken >= 0 and taken <= capacity),
    check (waiting >= 0)
  )`,
  `create index booking_slots_waiting on booking_slots (starts_at) where waiting > 0`,
  `create sequence booking_numbers`,
  `create table bookings (
    id text primary key,
    jurisdiction text not null,
    number bigint not null default nextval('booking_numbers') unique,
    place text not null,
    item text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    state text not null,
    case_id text,
    locale text not null,
    phone_key bytea not null,
    user_key bytea not null,
    person_place smallint not null,
    code_hash bytea not null,
    sealed bytea not null,
    request_key text unique,
    offer_until timestamptz,
    remind_at timestamptz,
    created_at timestamptz not null
  )`,
  // Nobody has the same matter twice, nor more bookings than the city allows.
  `create unique index bookings_person_item on bookings (jurisdiction, phone_key, item)
    where state in ('booked', 'offered', 'waiting')`,
  `create unique index bookings_person_place on bookings (jurisdiction, phone_key, person_place)
    where state in ('booked', 'offered', 'waiting')`,
  `create index bookings_user on bookings (user_key) where user_key <> ''`,
  'create index bookings_slot on bookings (jurisdiction, place, starts_at)',
  `create index bookings_missed on bookings (phone_key, starts_at) where state = 'missed'`,
  `create index bookings_offers on bookings (offer_until) where state = 'offered'`,
  'create index bookings_reminders on bookings (remind_at) where remind_at is not null',
]
