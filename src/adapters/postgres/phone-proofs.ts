import { timingSafeEqual } from 'node:crypto'
import type pg from 'pg'
import { newToken, systemChance } from '../../kernel/ids.ts'
import type { PhoneProofs } from '../../usecases/phone-proof-ports.ts'
import type { Person } from '../../usecases/ports.ts'
import { mobileNumber } from '../../usecases/sms-person.ts'
import { runStatement } from './connection.ts'
import type { PasswordHasher, PersonVault } from './store-parts.ts'

const TOKEN_BYTES = 32

/** What `persons.phone_key` holds of a person: only what a short message can reach can be proved. */
export function phoneKeyOf(vault: Pick<PersonVault, 'phoneKey'>, { phone }: Pick<Person, 'phone'>): Buffer {
  const mobile = phone === null ? null : mobileNumber(phone)
  return mobile === null ? Buffer.alloc(0) : vault.phoneKey(mobile)
}

/** Codes, sessions and cases by the keyed hash of a number. */
export function createPhoneProofs(
  pool: pg.Pool,
  vault: PersonVault,
  { hashToken }: Pick<PasswordHasher, 'hashToken'>,
): PhoneProofs {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    keyOf: phone => vault.phoneKey(phone).toString('hex'),
    ...codes(run, vault),

    async openSession(phone, until) {
      const token = newToken(TOKEN_BYTES, systemChance)
      await run(
        'open-phone-session',
        'insert into phone_sessions (token_hash, phone_key, until) values ($1, $2, $3)',
        [hashToken(token), vault.phoneKey(phone), until],
      )
      return token
    },

    async session(token, now) {
      const [row] = await run<{ phone_key: Buffer }>(
        'phone-session',
        'select phone_key from phone_sessions where token_hash = $1 and until > $2',
        [hashToken(token), now],
      )
      return row ? { key: row.phone_key.toString('hex') } : null
    },

    async closeSession(token) {
      await run('close-phone-session', 'delete from phone_sessions where token_hash = $1', [hashToken(token)])
    },

    async casesOf({ key }, limit) {
      const rows = await run<{ id: string }>(
        'cases-of-phone',
        `select cases.id from persons join cases on cases.id = case_id
         where phone_key = decode($1, 'hex') and phone_key <> '' and not is_confidential
         order by filed_at desc, cases.id desc limit $2`,
        [key, limit],
      )
      return rows.map(({ id }) => id)
    },

    async isOf({ key }, caseId) {
      const rows = await run(
        'is-case-of-phone',
        `select from persons where case_id = $1 and phone_key = decode($2, 'hex') and phone_key <> ''`,
        [caseId, key],
      )
      return rows.length > 0
    },

    async keyOlderCases(limit) {
      const rows = await run<{ case_id: string; sealed: Buffer }>(
        'persons-without-phone-key',
        'select case_id, sealed from persons where phone_key is null order by case_id limit $1',
        [limit],
      )
      const keyed = rows.map(({ case_id: id, sealed }) => ({
        id,
        key: phoneKeyOf(vault, vault.open(id, sealed)).toString('hex'),
      }))
      // Whoever was told anew meanwhile has a key by now, and a better one.
      if (keyed.length > 0)
        await run(
          'key-persons',
          `update persons set phone_key = decode(row.key, 'hex')
           from json_to_recordset($1) as row(id text, key text) where case_id = row.id and phone_key is null`,
          [JSON.stringify(keyed)],
        )
      return rows.length
    },

    async forgetBefore(at) {
      await run('forget-phone-codes', 'delete from phone_codes where until < $1', [at])
      await run('forget-phone-sessions', 'delete from phone_sessions where until < $1', [at])
    },
  }
}

type Run = <Row extends object>(name: string, text: string, values: unknown[]) => Promise<Row[]>

function codes(run: Run, vault: PersonVault): Pick<PhoneProofs, 'keepCode' | 'dropCode' | 'tryCode'> {
  return {
    async keepCode(phone, code, { sentAt, until, againAfterMs }) {
      const key = vault.phoneKey(phone)
      const kept = await run(
        'keep-phone-code',
        `insert into phone_codes as old (phone_key, code_hash, sent_at, until) values ($1, $2, $3, $4)
         on conflict (phone_key) do update set code_hash = $2, sent_at = $3, until = $4, trials = 0
         where old.sent_at <= $5 returning 1`,
        [key, vault.phoneCodeHash(phone, code), sentAt, until, new Date(sentAt.getTime() - againAfterMs)],
      )
      if (kept.length > 0) return null
      const [row] = await run<{ sent_at: Date }>(
        'phone-code-sent',
        'select sent_at from phone_codes where phone_key = $1',
        [key],
      )
      return new Date((row?.sent_at ?? sentAt).getTime() + againAfterMs)
    },

    async dropCode(phone) {
      await run('drop-phone-code', 'delete from phone_codes where phone_key = $1', [vault.phoneKey(phone)])
    },

    async tryCode(phone, code, { now, mostTrials }) {
      const key = vault.phoneKey(phone)
      const [row] = await run<{ code_hash: Buffer }>(
        'try-phone-code',
        `update phone_codes set trials = trials + 1
         where phone_key = $1 and until > $2 and trials < $3 returning code_hash`,
        [key, now, mostTrials],
      )
      // Worked out also when there is none, so that both take the same time.
      const hash = vault.phoneCodeHash(phone, code)
      if (!row || !timingSafeEqual(row.code_hash, hash)) return false
      const used = await run(
        'use-phone-code',
        'delete from phone_codes where phone_key = $1 and code_hash = $2 returning 1',
        [key, hash],
      )
      return used.length > 0
    },
  }
}
