import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Scores say whose they are, as every other table of cases does, so that all of a jurisdiction can be kept in one place. */
export const scoreJurisdictions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  'alter table case_scores add column jurisdiction text',
  'update case_scores set jurisdiction = cases.jurisdiction from cases where cases.id = case_scores.case_id',
  'alter table case_scores alter column jurisdiction set not null',
]
