import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Until when a case is to be signed for, beside its promise, and which of the two is due first. */
export const signDue: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table cases add column sign_due_at timestamptz not null default 'infinity'`,
  // The last that the events say of each case's clock of signing, where it still runs.
  `update cases set sign_due_at = (last_sign.clock->>'dueAt')::timestamptz
    from (
      select distinct on (case_id) case_id, clock
      from case_events cross join lateral jsonb_array_elements(clocks) as clock
      where clock->>'kind' = 'sign'
      order by case_id, seq desc
    ) as last_sign
    where last_sign.case_id = cases.id and last_sign.clock->>'stoppedAt' is null`,
  `alter table cases alter column sign_due_at drop default,
    add column next_due_at timestamptz generated always as (least(due_at, sign_due_at)) stored`,
  'create index cases_next on cases (next_due_at, id)',
]
