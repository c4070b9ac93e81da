import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** By which calendar each open clock was worked out, and where the same matter happens again and again. */
export const clockCalendars: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  'alter table case_clocks add column calendar_version text',
  // The last event that names a clock says how it stands.
  `update case_clocks set calendar_version = (
    select clock->>'calendarVersion' from case_events event, jsonb_array_elements(event.clocks) clock
    where event.case_id = case_clocks.case_id and clock->>'kind' = case_clocks.kind
      and clock->>'hours' = 'working' and clock->>'stoppedAt' is null
    order by event.seq desc limit 1
  ) where alarm_at is not null`,
  // Versions sort as text, byte by byte, as the code compares them.
  `create index case_clocks_calendar on case_clocks (calendar_version collate "C")
    where calendar_version is not null`,
  `create index cases_subject_place on cases (subject, place, filed_at)
    where subject is not null and place is not null`,
]
