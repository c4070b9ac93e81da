import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Cases found by a telephone number that somebody has proved to have: codes sent, sessions opened by them. */
export const phoneProofs: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // A keyed hash of the mobile number; empty: the person left none; null: filed before there was this column.
  'alter table persons add column phone_key bytea',
  `create index persons_phone on persons (phone_key) where phone_key <> ''`,
  'create index persons_without_phone_key on persons (case_id) where phone_key is null',
  `create table phone_codes (
    phone_key bytea primary key,
    code_hash bytea not null,
    sent_at timestamptz not null,
    until timestamptz not null,
    trials integer not null default 0
  )`,
  `create table phone_sessions (
    token_hash bytea primary key,
    phone_key bytea not null,
    until timestamptz not null
  )`,
]
