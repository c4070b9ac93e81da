import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Calls that the telephone system tells of, and what was said in them. */
export const phoneCalls: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // What people said holds names and numbers, so it is sealed like the caller's own number.
  `create table phone_calls (
    id text primary key,
    jurisdiction text not null,
    version integer not null,
    direction text,
    sealed_caller bytea,
    dnis text,
    queue text,
    agent_id text,
    locale text,
    started_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    duration_ms integer,
    recording_ref text,
    received jsonb not null,
    last_position integer not null,
    heard_at timestamptz not null
  )`,
  'create index phone_calls_running on phone_calls (heard_at desc) where ended_at is null',

  `create table utterances (
    call_id text not null references phone_calls,
    position integer not null,
    utterance_id text not null,
    revision integer not null,
    role text not null,
    sealed_text bytea not null,
    begin_ms integer not null,
    end_ms integer not null,
    confidence real,
    primary key (call_id, position),
    constraint utterances_id unique (call_id, utterance_id)
  )`,
]
