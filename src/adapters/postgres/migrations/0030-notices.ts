import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What people are told and want to be told, calls to make, subscriptions of departments, answers kept for repeats. */
export const notices: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table notices (
    case_id text not null references cases,
    seq integer not null,
    jurisdiction text not null,
    event text not null,
    at timestamptz not null,
    told_at timestamptz,
    how text,
    primary key (case_id, seq)
  )`,
  'create index notices_waiting on notices (case_id) where told_at is null',

  `create table notice_wishes (
    user_key bytea primary key,
    wants text not null,
    link_hash bytea not null,
    changed_at timestamptz not null,
    constraint notice_wishes_link unique (link_hash)
  )`,

  `create table calls (
    id text primary key,
    case_id text not null references cases,
    jurisdiction text not null,
    purpose text not null,
    seq integer not null,
    not_before timestamptz not null,
    tries integer not null,
    ended_at timestamptz,
    outcome text,
    account_id text
  )`,
  'create index calls_waiting on calls (not_before, id) where ended_at is null',

  `create table webhooks (
    id text primary key,
    department text not null,
    url text not null,
    events text[] not null,
    sealed_secret bytea not null,
    created_at timestamptz not null
  )`,
  'create index webhooks_department on webhooks (department)',

  `create table kept_answers (
    account_id text not null,
    key text not null,
    request text not null,
    body jsonb,
    at timestamptz not null,
    primary key (account_id, key)
  )`,
  'create index kept_answers_at on kept_answers (at)',
]
