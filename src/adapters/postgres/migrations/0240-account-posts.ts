import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Posts that an account holds in its department: what it may do with applications, by the city's `authority.yaml`. */
export const accountPosts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(`alter table accounts add column posts text[] not null default '{}'`).execute(db)
  },
}
