import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The hall: numbers of a day, who sits at which window, and what was done with each number. */
export const hall: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table hall_counters (
    jurisdiction text not null,
    day date not null,
    prefix text not null,
    last integer not null,
    primary key (jurisdiction, day, prefix)
  )`,
  `create table hall_tickets (
    id text collate "C" primary key,
    jurisdiction text not null,
    day date not null,
    code text not null unique,
    -- Of whoever asked: the same request again gets the same number.
    request text,
    label text not null,
    "group" text not null,
    state text not null,
    taken_by text not null,
    conversation_id text,
    credit_minutes integer not null,
    only_window text,
    "window" text,
    calls integer not null default 0,
    taken_at timestamptz not null,
    called_at timestamptz,
    finished_at timestamptz,
    told_at timestamptz,
    unique (jurisdiction, day, label)
  )`,
  'create unique index hall_tickets_request on hall_tickets (jurisdiction, request) where request is not null',
  // The call of the next one, and a window that serves one at a time.
  `create index hall_tickets_waiting on hall_tickets (jurisdiction, day) where state = 'waiting'`,
  `create unique index hall_tickets_at_window on hall_tickets (jurisdiction, day, "window") where state in ('called', 'serving')`,
  'create index hall_tickets_conversation on hall_tickets (conversation_id, taken_at) where conversation_id is not null',
  `create table hall_windows (
    jurisdiction text not null,
    "window" text not null,
    day date not null,
    account_id text not null,
    is_open boolean not null,
    since timestamptz not null,
    primary key (jurisdiction, "window")
  )`,
  `create table hall_events (
    ticket_id text collate "C" not null references hall_tickets (id),
    seq integer generated always as identity,
    what text not null,
    "window" text,
    account_id text,
    at timestamptz not null,
    primary key (ticket_id, seq)
  )`,
]
