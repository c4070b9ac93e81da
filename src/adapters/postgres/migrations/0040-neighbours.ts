import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What neighbours tell of the same thing: which open cases may be joined, and who has joined whom. */
export const neighbours: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // Null as soon as nobody may join any more, so that the index holds open cases only, whatever was ever filed.
  'alter table cases add column neighbour_key text',
  'alter table cases add column joined_to text references cases',
  `create index cases_neighbours on cases (jurisdiction, neighbour_key, filed_at desc)
    where neighbour_key is not null`,
  'create index cases_joined on cases (joined_to, state) where joined_to is not null',
  `create index cases_waiting_joined on cases (joined_to, id) where state = 'joined'`,
]
