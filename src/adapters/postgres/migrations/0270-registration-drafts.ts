import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What founders of companies have said so far, to go on later. */
export const registrationDrafts: Migration = {
  async up(db: Kysely<unknown>) {
    // The id is the keyed hash of a code that only its owner has.
    await sql
      .raw(
        'create table registration_drafts (id bytea primary key, sealed bytea not null, until timestamptz not null)',
      )
      .execute(db)
    await sql.raw('create index registration_drafts_until on registration_drafts (until)').execute(db)
  },
}
