import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the supervisor's desk counts: where cases are, since when their promise runs, what they wait for, their orders. */
export const overviews: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [COLUMNS, ...BACKFILL, ...INDEXES]) await sql.raw(statement).execute(db)
  },
}

/** The last of these events of each case, with what it said. */
const lastOf = (types: string) => `(select distinct on (case_id) case_id, type, data from case_events
  where type in (${types}) order by case_id, seq desc)`

/** The last word of each case about a clock of this kind. */
const clockOf = (kind: string) => `(select distinct on (event.case_id) event.case_id, clock
  from case_events event, jsonb_array_elements(event.clocks) clock
  where clock->>'kind' = '${kind}' order by event.case_id, event.seq desc)`

const COLUMNS = `alter table cases
    add column community text,
    add column promise_from timestamptz,
    add column awaits text[] not null default '{}',
    add column review_at timestamptz not null default 'infinity',
    add column supervision_level text,
    add column supervision_due_at timestamptz`

/** Cases of before, as the code works the columns out of the events; the audit compares both. */
export const BACKFILL = [
  `update cases set community = filed.data->'elements'->>'community'
    from case_events filed where filed.case_id = cases.id and filed.seq = 1`,
  // In this order the promise is taken.
  ...['acceptance', 'dispatch', 'handle', 'follow-up'].map(
    kind => `update cases set promise_from = (clock.clock->>'startedAt')::timestamptz from ${clockOf(kind)} clock
    where clock.case_id = cases.id and cases.due_at < 'infinity' and clock.clock->>'stoppedAt' is null
      and (cases.state = 'replied') = (clock.clock->>'kind' = 'follow-up')`,
  ),
  `update cases set awaits = array['ruling'] where state = 'returned'`,
  `update cases set awaits = awaits || 'extension'::text from ${lastOf(
    `'extension-requested', 'extension-approved', 'extension-refused', 'dispatched', 'ruled', 'reworked', 'neighbours-joined'`,
  )} last
    where last.case_id = cases.id and last.type = 'extension-requested' and state in ('handling', 'waiting-resident')`,
  `update cases set awaits = awaits || 'out-of-duty'::text from ${lastOf(
    `'replied', 'reply-shared', 'reworked', 'out-of-duty-approved', 'out-of-duty-refused'`,
  )} last
    where last.case_id = cases.id and state in ('replied', 'closed')
      and coalesce(last.data->'reply'->>'isWithinDuty', last.data->>'isWithinDuty') = 'false'`,
  `update cases set review_at = (clock.clock->>'dueAt')::timestamptz from ${clockOf('review')} clock
    where clock.case_id = cases.id and state = 'suspended'`,
  `update cases set supervision_level = last.data->>'level' from ${lastOf(
    `'supervision-ordered', 'supervision-closed'`,
  )} last where last.case_id = cases.id and last.type = 'supervision-ordered'
      and state not in ('withdrawn', 'merged', 'not-accepted', 'joined')`,
  `update cases set awaits = awaits || 'order'::text from ${lastOf(
    `'supervision-ordered', 'supervision-answered'`,
  )} last
    where last.case_id = cases.id and supervision_level is not null and last.type = 'supervision-ordered'`,
  `update cases set supervision_due_at = (clock.clock->>'dueAt')::timestamptz from ${clockOf('supervision')} clock
    where clock.case_id = cases.id and supervision_level is not null`,
]

const INDEXES = [
  // Open cases are few among all that were ever told; what is counted of them reads only these.
  `create index cases_open on cases (lead, state) where state in ('received', 'incomplete', 'accepted', 'returned',
    'dispatched', 'handling', 'waiting-resident', 'suspended', 'joined', 'replied')`,
  `create index cases_awaits on cases using gin (awaits) where awaits <> '{}'`,
  `create index cases_review on cases (review_at) where review_at < 'infinity'`,
  `create index cases_supervised on cases (supervision_due_at, id) where supervision_level is not null`,
  `create index case_events_returned on case_events (at) where type = 'returned'`,
  `create index case_events_replied on case_events (at) where type = 'replied'`,
  `create index case_events_refuted on case_events (at)
    where type in ('followed-up', 'reworked') and (data->>'contacted' = 'false' or data->>'resolved' = 'false')`,
]
