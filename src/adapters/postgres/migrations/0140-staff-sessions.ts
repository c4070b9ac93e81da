import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Sessions that their owners can list and end and that end when nobody uses them; what was tried at the desk's door. */
export const staffSessions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table sessions
    add column id text not null default gen_random_uuid()::text,
    add column opened_at timestamptz not null default now(),
    add column idle_until timestamptz not null default now() + interval '1 hour',
    add column browser text not null default '',
    add constraint sessions_id unique (id)`,
  'create index sessions_account on sessions (account_id)',
  // The key is a hash of a login, or of a login and an address: the table tells of nobody.
  `create table login_trials (
    key bytea primary key,
    wrong integer not null,
    tried_at timestamptz not null,
    wait_until timestamptz,
    proved_at timestamptz
  )`,
]
