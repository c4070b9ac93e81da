import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who came by a channel on which the line writes to people, such as an official account, and what may still be sent to them. */
export const contacts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table contacts (
    conversation_id text primary key,
    jurisdiction text not null,
    channel text not null,
    sealed_address bytea not null,
    is_gone boolean not null,
    heard_at timestamptz not null,
    messages_left integer not null,
    left_until timestamptz not null
  )`,
]
