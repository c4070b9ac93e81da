import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How far the feeds are read that vendors keep for us. */
export const feedCursors: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table feed_cursors (
    jurisdiction text not null,
    channel text not null,
    feed text not null,
    cursor text not null,
    since timestamptz not null,
    primary key (jurisdiction, channel, feed)
  )`,
]
