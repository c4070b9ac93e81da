import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Long work of the desk; how each channel has done, hour by hour; which instances there are. */
export const deskTasks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table desk_tasks (
    id text primary key,
    kind text not null,
    state text not null,
    progress jsonb not null,
    result jsonb,
    login text not null,
    display_name text not null,
    is_cancelled boolean not null default false,
    started_at timestamptz not null,
    heard_at timestamptz not null,
    ended_at timestamptz
  )`,
  // One of each kind at a time, whoever asks wherever.
  `create unique index desk_tasks_running on desk_tasks (kind) where state = 'running'`,
  'create index desk_tasks_latest on desk_tasks (kind, started_at desc)',
  `create table channel_pulses (
    channel text not null,
    hour timestamptz not null,
    heard integer not null,
    answered integer not null,
    failed integer not null,
    heard_at timestamptz,
    answered_at timestamptz,
    failed_at timestamptz,
    failure text,
    token_at timestamptz,
    primary key (channel, hour)
  )`,
  'create index channel_pulses_hour on channel_pulses (hour)',
  `create table line_instances (
    id text primary key,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    model text,
    content text not null
  )`,
]
