import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Accounts that are managed: disabled, to change their password, with a second factor; and what was done to them. */
export const accounts: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table accounts
    add column disabled_at timestamptz,
    add column must_change boolean not null default false,
    add column last_seen_at timestamptz,
    add column factor_pending bytea,
    add column factor_secret bytea,
    add column factor_step bigint`,
  `alter table sessions add column proof text not null default 'password'`,
  `create table recovery_codes (
    account_id text not null references accounts,
    code_hash bytea not null,
    primary key (account_id, code_hash)
  )`,
  `create table account_changes (
    id text primary key,
    seq bigint generated always as identity,
    at timestamptz not null,
    account_id text not null references accounts,
    by_login text not null,
    change text not null,
    details jsonb not null
  )`,
  'create index account_changes_at on account_changes (at)',
  'create index account_changes_account on account_changes (account_id, at)',
  'create index looks_at on looks (at)',
  `create table sign_ons (
    state_hash bytea primary key,
    nonce text not null,
    verifier text not null,
    until timestamptz not null
  )`,
  // Whoever changes accounts, and by whatever way: what was written of it stays.
  `create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'entries of this table stay as they are';
    end
  $$`,
  `create trigger account_changes_stay before update or delete or truncate on account_changes
    for each statement execute function refuse_change()`,
  // One at a time, so that of two administrators who disable each other at once one stays.
  `create function keep_administrator() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(8890180);
      if not exists (select 1 from accounts where role = 'admin' and disabled_at is null) then
        raise exception 'nobody would be left who may administrate' using errcode = 'YH410';
      end if;
      return null;
    end
  $$`,
  `create trigger accounts_administrator after update on accounts for each row
    when (old.role = 'admin' and old.disabled_at is null and (new.role <> 'admin' or new.disabled_at is not null))
    execute function keep_administrator()`,
]
