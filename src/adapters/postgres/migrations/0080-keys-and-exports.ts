import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Keys of machines, which look at cases as people do, what leaves the house as a file, and what evaluations count. */
export const keysAndExports: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table api_keys (
    id text primary key,
    name text not null,
    owner jsonb not null,
    scopes text[] not null,
    secret_hash bytea not null,
    created_at timestamptz not null,
    created_by text not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint api_keys_name unique (name),
    constraint api_keys_secret unique (secret_hash)
  )`,

  // A department's numbers hold all that it handles; what a list tells of a confidential case is decided there.
  'alter table case_scores drop column is_confidential',

  // Whoever looks is an account or a key; neither is ever deleted.
  'alter table looks drop constraint looks_account_id_fkey',

  `create table exports (
    id text primary key,
    account_id text not null,
    format text not null,
    request jsonb not null,
    rows integer not null,
    at timestamptz not null
  )`,
  'create index exports_at on exports (at)',
]
