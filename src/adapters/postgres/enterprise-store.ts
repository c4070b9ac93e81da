import type pg from 'pg'
import { AppError } from '../../kernel/errors.ts'
import { newToken, systemChance } from '../../kernel/ids.ts'
import type {
  Enterprise,
  EnterpriseContact,
  EnterpriseRecord,
  EnterpriseStore,
} from '../../usecases/enterprise-ports.ts'
import { runStatement } from './connection.ts'
import { phoneKeyOf } from './phone-proofs.ts'
import type { PasswordHasher, PersonVault } from './store-parts.ts'

interface EnterpriseRow {
  code: string
  name: string
  sector: string
  stage: string
  stage_since: Date
  steps_done: string[]
  steward: string | null
  quiet_since: Date | null
  conversation_id: string | null
  created_at: Date
  version: number
}

const COLUMNS =
  'code, name, sector, stage, stage_since, steps_done, steward, quiet_since, conversation_id, created_at, version'
const TOKEN_BYTES = 32
/** What a record is written by, in the statement of the change itself. */
const RECORD = 'insert into enterprise_records (jurisdiction, code, at, what, login, text)'
const NOBODY: EnterpriseContact = { name: null, phone: null }

type Run = <Row extends object>(name: string, text: string, values: unknown[]) => Promise<Row[]>

/** Enterprises of one city, with their contacts sealed. */
export function createEnterpriseStore(
  pool: pg.Pool,
  parts: { vault: PersonVault; passwords: Pick<PasswordHasher, 'hashToken'>; jurisdiction: string },
): EnterpriseStore {
  const run: Run = (name, text, values) => runStatement(pool, { name, text, values })
  return { ...reads(run, parts), ...changes(run, parts), ...contacts(run, parts), ...sessions(run, parts) }
}

interface City {
  jurisdiction: string
  vault: PersonVault
  passwords: Pick<PasswordHasher, 'hashToken'>
}

function reads(
  run: Run,
  { jurisdiction }: City,
): Pick<EnterpriseStore, 'one' | 'list' | 'load' | 'records' | 'unaskedSince'> {
  return {
    async one(code) {
      const text = `select ${COLUMNS} from enterprises where jurisdiction = $1 and code = $2`
      const [row] = await run<EnterpriseRow>('enterprise', text, [jurisdiction, code])
      return row ? enterpriseOf(row) : null
    },
    async list(steward) {
      const rows = await run<EnterpriseRow>(
        'enterprises',
        `select ${COLUMNS} from enterprises
         where jurisdiction = $1 and ($2::text is null or steward = $2) order by name, code`,
        [jurisdiction, steward],
      )
      return rows.map(enterpriseOf)
    },
    async load() {
      const rows = await run<{ steward: string; count: number }>(
        'stewards-load',
        `select steward, count(*)::int as count from enterprises
         where jurisdiction = $1 and steward is not null group by steward`,
        [jurisdiction],
      )
      return new Map(rows.map(({ steward, count }) => [steward, count]))
    },
    async records(code, limit) {
      return run<EnterpriseRecord>(
        'enterprise-records',
        `select at, what, login, text from enterprise_records
         where jurisdiction = $1 and code = $2 order by id desc limit $3`,
        [jurisdiction, code, limit],
      )
    },
    async unaskedSince(code, since) {
      const rows = await run<{ at: Date }>(
        'enterprise-unasked',
        `select at from enterprise_records
         where jurisdiction = $1 and code = $2 and what = 'unasked' and at >= $3`,
        [jurisdiction, code, since],
      )
      return rows.map(({ at }) => at)
    },
  }
}

function changes(run: Run, { jurisdiction, vault }: City): Pick<EnterpriseStore, 'add' | 'save' | 'record'> {
  return {
    async add(enterprise, contact, { at, what, login, text }) {
      const { code, name, sector, stage, stageSince, stepsDone, steward, createdAt } = enterprise
      const sealed = vault.sealSecret(sealName(jurisdiction, code), JSON.stringify(contact))
      const added = await run(
        'add-enterprise',
        `with added as (
           insert into enterprises (jurisdiction, code, name, sector, stage, stage_since, steps_done, steward,
             contact, phone_key, created_at, version)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) on conflict do nothing returning code
         )
         ${RECORD} select $1, code, $12::timestamptz, $13, $14, $15 from added returning id`,
        [
          ...[jurisdiction, code, name, sector, stage, stageSince, JSON.stringify(stepsDone), steward],
          ...[sealed, phoneKeyOf(vault, contact), createdAt, at, what, login, text],
        ],
      )
      return added.length > 0
    },
    async save(enterprise, record) {
      const { code, sector, stage, stageSince, stepsDone, steward, version } = enterprise
      const { quietSince, conversationId } = enterprise
      const saved = await run(
        'save-enterprise',
        `with saved as (
           update enterprises set sector = $4, stage = $5, stage_since = $6, steps_done = $7, steward = $8,
             quiet_since = $9, conversation_id = $10, version = version + 1
           where jurisdiction = $1 and code = $2 and version = $3 returning code
         ), recorded as (
           ${RECORD} select $1, code, $11::timestamptz, $12, $13, $14 from saved where $12::text is not null
         )
         select from saved`,
        [
          ...[jurisdiction, code, version, sector, stage, stageSince, JSON.stringify(stepsDone), steward],
          ...[quietSince, conversationId],
          ...[record?.at ?? null, record?.what ?? null, record?.login ?? null, record?.text ?? null],
        ],
      )
      if (saved.length === 0) throw new AppError('version-conflict')
    },
    async record(code, { at, what, login, text }) {
      const values = [jurisdiction, code, at, what, login, text]
      await run('record-enterprise', `${RECORD} values ($1, $2, $3, $4, $5, $6)`, values)
    },
  }
}

function contacts(
  run: Run,
  { jurisdiction, vault }: City,
): Pick<EnterpriseStore, 'contact' | 'setContact' | 'hasPhone'> {
  return {
    async contact(code) {
      const text = 'select contact from enterprises where jurisdiction = $1 and code = $2'
      const [row] = await run<{ contact: Buffer | null }>('enterprise-contact', text, [jurisdiction, code])
      return row?.contact
        ? (JSON.parse(vault.openSecret(sealName(jurisdiction, code), row.contact)) as EnterpriseContact)
        : NOBODY
    },
    async setContact(code, contact, { at, what, login, text }) {
      const sealed = vault.sealSecret(sealName(jurisdiction, code), JSON.stringify(contact))
      await run(
        'set-enterprise-contact',
        `with saved as (
           update enterprises set contact = $3, phone_key = $4 where jurisdiction = $1 and code = $2
           returning code
         )
         ${RECORD} select $1, code, $5::timestamptz, $6, $7, $8 from saved`,
        [jurisdiction, code, sealed, phoneKeyOf(vault, contact), at, what, login, text],
      )
    },
    async hasPhone(code, phone) {
      const found = await run(
        'is-phone-of-enterprise',
        'select from enterprises where jurisdiction = $1 and code = $2 and phone_key = $3',
        [jurisdiction, code, vault.phoneKey(phone)],
      )
      return found.length > 0
    },
  }
}

function sessions(
  run: Run,
  { jurisdiction, passwords: { hashToken } }: City,
): Pick<EnterpriseStore, 'openSession' | 'session' | 'closeSession' | 'forgetSessionsBefore'> {
  return {
    async openSession({ code, keyId }, until) {
      const token = newToken(TOKEN_BYTES, systemChance)
      await run(
        'open-enterprise-session',
        `insert into enterprise_sessions (token_hash, jurisdiction, code, key_id, until)
         values ($1, $2, $3, $4, $5)`,
        [hashToken(token), jurisdiction, code, keyId, until],
      )
      return token
    },
    async session(token, now) {
      const [row] = await run<{ code: string; key_id: string | null }>(
        'enterprise-session',
        `select code, key_id from enterprise_sessions session
         where token_hash = $1 and jurisdiction = $2 and until > $3 and (key_id is null
           or exists (select from api_keys where id = key_id and revoked_at is null))`,
        [hashToken(token), jurisdiction, now],
      )
      return row ? { code: row.code, keyId: row.key_id } : null
    },
    async closeSession(token) {
      const text = 'delete from enterprise_sessions where token_hash = $1'
      await run('close-enterprise-session', text, [hashToken(token)])
    },
    async forgetSessionsBefore(at) {
      await run('forget-enterprise-sessions', 'delete from enterprise_sessions where until < $1', [at])
    },
  }
}

/** What a contact is sealed for: it opens in no other row. */
function sealName(jurisdiction: string, code: string): string {
  return `enterprise/${jurisdiction}/${code}`
}

function enterpriseOf(row: EnterpriseRow): Enterprise {
  const { code, name, sector, stage, steward, version } = row
  return {
    code,
    name,
    sector,
    stage,
    steward,
    version,
    stageSince: row.stage_since,
    stepsDone: row.steps_done,
    quietSince: row.quiet_since,
    conversationId: row.conversation_id,
    createdAt: row.created_at,
  }
}
