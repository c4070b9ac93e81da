import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Conversations, cases with their events and clocks, sealed persons, accounts. */
export const firstSchema: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table conversations (
    id text primary key,
    jurisdiction text not null,
    channel text not null,
    user_id text not null,
    locale text not null,
    state jsonb,
    last_seq integer not null,
    version integer not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
  )`,

  `create table transcript (
    conversation_id text not null references conversations,
    seq integer not null,
    id text not null,
    speaker text not null,
    at timestamptz not null,
    reply_to integer,
    external_id text,
    body jsonb not null,
    primary key (conversation_id, seq)
  )`,
  `create unique index transcript_external_id on transcript (conversation_id, external_id)
    where external_id is not null`,

  // due_at and warn_at are 'infinity' where nothing is owed, so that lists page over them without nulls.
  `create table cases (
    id text primary key,
    jurisdiction text not null,
    number text not null,
    version integer not null,
    hash text not null,
    state text not null,
    stage text not null,
    type text not null,
    subject text,
    grade text not null,
    summary text not null,
    place text,
    street text,
    lead text,
    co_handlers text[] not null,
    channel text not null,
    is_confidential boolean not null,
    is_emergency boolean not null,
    filed_at timestamptz not null,
    changed_at timestamptz not null,
    due_at timestamptz not null,
    warn_at timestamptz not null,
    search text not null,
    user_key bytea not null,
    query_code_hash bytea not null,
    conversation_id text,
    constraint cases_number unique (number)
  )`,
  'create index cases_due on cases (due_at, id)',
  'create index cases_newest on cases (filed_at desc, id desc)',
  'create index cases_lead on cases (lead, state, due_at, id)',
  `create index cases_co_handlers on cases using gin (co_handlers) where co_handlers <> '{}'`,
  'create index cases_user on cases (user_key, filed_at desc)',

  `create table case_events (
    case_id text not null references cases,
    seq integer not null,
    jurisdiction text not null,
    type text not null,
    at timestamptz not null,
    actor jsonb not null,
    reason text,
    data jsonb not null,
    clocks jsonb not null,
    previous_hash text not null,
    hash text not null,
    primary key (case_id, seq)
  )`,
  `create function refuse_event_change() returns trigger language plpgsql as $$
    begin
      raise exception 'events of a case are only ever appended' using errcode = 'restrict_violation';
    end
  $$`,
  `create trigger case_events_are_final before update or delete or truncate on case_events
    for each statement execute function refuse_event_change()`,

  `create table case_clocks (
    case_id text not null references cases,
    kind text not null,
    jurisdiction text not null,
    alarm_at timestamptz,
    primary key (case_id, kind)
  )`,
  'create index case_clocks_alarm on case_clocks (alarm_at, case_id) where alarm_at is not null',

  `create table persons (
    case_id text primary key references cases,
    jurisdiction text not null,
    sealed bytea not null
  )`,

  `create table case_sequences (
    local_date date primary key,
    last integer not null
  )`,

  `create table accounts (
    id text primary key,
    login text not null,
    display_name text not null,
    role text not null,
    department text,
    password_hash text not null,
    constraint accounts_login unique (login)
  )`,
  `create table sessions (
    token_hash bytea primary key,
    account_id text not null references accounts,
    until timestamptz not null
  )`,
  `create table looks (
    id bigint generated always as identity primary key,
    account_id text not null references accounts,
    case_id text not null references cases,
    at timestamptz not null
  )`,
  'create index looks_case on looks (case_id, at)',

  // Called by a write with how many rows it changed and how many it meant to: all of it or nothing of it.
  `create function expect_changed(changed bigint, meant bigint) returns void language plpgsql as $$
    begin
      if changed <> meant then
        raise exception 'somebody else changed it first' using errcode = 'YH409';
      end if;
    end
  $$`,
]
