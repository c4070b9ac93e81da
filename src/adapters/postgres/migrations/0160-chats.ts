import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Chats in which a person is called or talks, what happened to them, and who has which seat. */
export const chats: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table chats (
    id text primary key,
    jurisdiction text not null,
    conversation_id text not null references conversations,
    channel text not null,
    because text not null,
    state text not null,
    asked_at timestamptz not null,
    place_asked integer not null,
    held_by text,
    held_at timestamptz,
    heard_at timestamptz not null,
    danger_at timestamptz,
    late_at timestamptz,
    pushed_seq integer not null,
    ended_at timestamptz,
    ended_how text,
    version integer not null,
    constraint chats_held check ((state = 'held') = (held_by is not null))
  )`,
  // One conversation has one person; a second that asks at the same moment finds the first.
  `create unique index chats_open on chats (conversation_id) where state <> 'ended'`,
  `create index chats_queue on chats (jurisdiction, asked_at, id) where state <> 'ended'`,
  `create index chats_taken on chats (jurisdiction, held_at desc) where held_at is not null`,

  `create table chat_records (
    id bigint generated always as identity primary key,
    chat_id text not null references chats,
    at timestamptz not null,
    what text not null,
    account_id text,
    data jsonb not null
  )`,
  'create index chat_records_chat on chat_records (chat_id, id)',

  // Residents see a number; whoever watches finds the account by it.
  `create table chat_seats (
    account_id text primary key,
    number integer generated always as identity (start with 101),
    seen_at timestamptz
  )`,
]
