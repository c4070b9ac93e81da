import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Enterprises with their stewards and where they are in life, what was done for them, and the sessions of their page. */
export const stewards: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // Whom to reach is sealed; by the key, which tells nothing, a proved number opens the enterprise's page.
  `create table enterprises (
    jurisdiction text not null,
    code text not null,
    name text not null,
    sector text not null,
    stage text not null,
    stage_since timestamptz not null,
    steps_done jsonb not null,
    steward text,
    contact bytea,
    phone_key bytea not null,
    quiet_since timestamptz,
    conversation_id text,
    created_at timestamptz not null,
    version integer not null,
    primary key (jurisdiction, code)
  )`,
  'create index enterprises_steward on enterprises (jurisdiction, steward)',
  `create table enterprise_records (
    id bigint generated always as identity primary key,
    jurisdiction text not null,
    code text not null,
    at timestamptz not null,
    what text not null,
    login text not null,
    text text not null
  )`,
  'create index enterprise_records_code on enterprise_records (jurisdiction, code, id)',
  // Ends with the key that opened it.
  `create table enterprise_sessions (
    token_hash bytea primary key,
    jurisdiction text not null,
    code text not null,
    key_id text,
    until timestamptz not null
  )`,
  // To whom a chat goes before everybody sees it.
  'alter table chats add column for_login text, add column for_login_until timestamptz',
]
