import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What handlers keep beside the cases: filters under names of their own, and files that were put to a case for its reply. */
export const handlersDesk: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table desk_filters (
    id text primary key,
    account_id text not null,
    name text not null,
    filter jsonb not null,
    -- Null: for its owner alone. Empty: for the whole centre.
    shared_with text,
    created_at timestamptz not null
  )`,
  'create index desk_filters_account on desk_filters (account_id)',
  'create index desk_filters_shared on desk_filters (shared_with) where shared_with is not null',
  `create table case_files (
    case_id text not null,
    name text not null,
    account_id text not null,
    at timestamptz not null,
    primary key (case_id, name)
  )`,
]
