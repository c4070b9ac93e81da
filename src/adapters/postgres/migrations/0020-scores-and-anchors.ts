import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Daily anchors over all cases, and what each case counts for in the evaluation. */
export const scoresAndAnchors: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table anchors (
    day date primary key,
    previous_hash text not null,
    hash text not null,
    heads jsonb not null
  )`,
  `create trigger anchors_are_final before update or delete or truncate on anchors
    for each statement execute function refuse_event_change()`,
  // Events are written in the order in which they happen, so a few bytes for each hundred pages find a day.
  'create index case_events_at on case_events using brin (at) with (pages_per_range = 32, autosummarize = on)',

  // One row for each department that ever had the case; worked out from its events, and thrown away at will.
  `create table case_scores (
    case_id text not null references cases,
    department text not null,
    version integer not null,
    is_responsible boolean not null,
    is_confidential boolean not null,
    subject text,
    street text,
    channel text not null,
    type text not null,
    filed_on date not null,
    concluded_on date,
    counted text[] not null,
    met text[] not null,
    hops integer,
    exclusion text,
    exclusion_seq integer,
    primary key (case_id, department)
  )`,
  'create index case_scores_filed on case_scores (filed_on)',
  'create index case_scores_concluded on case_scores (concluded_on)',
  // Finds the cases that changed since they were scored, without reading the cases themselves.
  'create index cases_version on cases (id) include (version)',
  'create index case_scores_version on case_scores (case_id) include (version) where is_responsible',
]
