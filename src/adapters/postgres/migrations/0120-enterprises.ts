import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Keys of enterprises and their change, the numbers by which enterprises know their cases, and their webhooks. */
export const enterprises: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // The secret before the last change, while it still opens.
  'alter table api_keys add column previous_hash bytea, add column previous_until timestamptz',
  'create unique index api_keys_previous on api_keys (previous_hash)',

  // Whose id it is stands there as in cases: a keyed hash.
  `create table external_ids (
    user_key bytea not null,
    external_id text not null,
    jurisdiction text not null,
    case_id text not null references cases,
    request text not null,
    primary key (user_key, external_id),
    constraint external_ids_case unique (case_id)
  )`,

  'alter table webhooks alter column department drop not null, add column enterprise text',
  `alter table webhooks add constraint webhooks_owner check ((department is null) <> (enterprise is null))`,
  'create index webhooks_enterprise on webhooks (enterprise) where enterprise is not null',
  // Of what was registered twice before, which secret its receiver checks is not known here: both go on.
  'alter table webhooks add column is_only boolean not null default true',
  `update webhooks set is_only = false from webhooks earlier
    where earlier.department = webhooks.department and earlier.url = webhooks.url and earlier.id < webhooks.id`,
  `create unique index webhooks_address on webhooks (department, enterprise, url)
    nulls not distinct where is_only`,
]
