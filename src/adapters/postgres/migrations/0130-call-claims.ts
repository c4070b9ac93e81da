import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Until when the call is the account's that has taken it. */
export const callClaims: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table calls add column claimed_until timestamptz`.execute(db)
  },
}
