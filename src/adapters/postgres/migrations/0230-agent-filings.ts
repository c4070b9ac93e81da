import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What became of the help that an agent was given for one filing: kinds, outcomes, seconds and keys; no words and no case. */
export const agentFilings: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table agent_filings (
    account_id text not null,
    at timestamptz not null,
    cases integer not null,
    seconds integer not null,
    keys integer not null,
    outcomes jsonb not null
  )`,
  'create index agent_filings_at on agent_filings (at)',
]
