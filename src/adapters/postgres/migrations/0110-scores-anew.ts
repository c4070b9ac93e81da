import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What counts as out of duty has changed, so every case is scored again when the evaluation is next asked for. */
export const scoresAnew: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`delete from case_scores`.execute(db)
  },
}
