import type pg from 'pg'
import { AppError } from '../../kernel/errors.ts'
import { newId, systemChance } from '../../kernel/ids.ts'
import type { AccountStore } from '../../usecases/ports.ts'
import type { AccountChange } from '../../usecases/staff-ports.ts'
import { createAccountRegister, entryValues } from './account-changes.ts'
import { ACCOUNT_COLUMNS, type AccountRow, accountOf, keyOf, knownAccountOf } from './account-rows.ts'
import { runStatement } from './connection.ts'
import { createLoginTrials } from './login-trials.ts'
import { createSecondFactors } from './second-factors.ts'
import { createSignOnTrials } from './sign-on-trials.ts'
import { createStaffSessions } from './staff-sessions.ts'
import type { PasswordHasher, PersonVault } from './store-parts.ts'
import { BY_WHOM, WHO, type WhoRow, whoOf } from './who.ts'

const ADD = `insert into accounts (id, login, display_name, role, department, password_hash, must_change)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict (login) do nothing returning id`
/** With the entry that says who added it. */
const ADD_WITH_ENTRY = `with added as (${ADD})
  insert into account_changes (id, at, account_id, by_login, change, details)
  select $8, $9::timestamptz, id, $10, $11, $12::jsonb from added returning id`

/** Accounts, their sessions, what was tried at their doors, what was done to them, and what they looked at. */
export function createAccountStore(
  pool: pg.Pool,
  passwords: PasswordHasher,
  vault: PersonVault,
): AccountStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    ...createStaffSessions(pool, passwords.hashToken),
    ...createLoginTrials(pool, { keyOf, hash: passwords.hashToken }),
    ...createAccountRegister(pool, passwords.hashPassword),
    ...createSecondFactors(pool, vault),
    ...createSignOnTrials(pool, passwords.hashToken),

    async verify(login, password) {
      const [row] = await run<AccountRow & { password_hash: string }>(
        'account-by-login',
        `select ${ACCOUNT_COLUMNS}, password_hash from accounts where login = $1`,
        [keyOf(login)],
      )
      const isRight = await passwords.fitsPassword(password, row?.password_hash ?? null)
      if (!isRight || !row) return null
      if (passwords.isOutdatedHash(row.password_hash))
        // Unless somebody gave it another one meanwhile.
        await run(
          'renew-password-hash',
          'update accounts set password_hash = $3 where id = $1 and password_hash = $2',
          [row.id, row.password_hash, await passwords.hashPassword(password)],
        )
      return knownAccountOf(row)
    },

    async add({ login, displayName, role, department }, password, how) {
      const account = {
        id: newId(new Date(), systemChance),
        login: keyOf(login),
        displayName,
        role,
        department,
      }
      const hash = await passwords.hashPassword(password)
      const values = [
        account.id,
        account.login,
        displayName,
        role,
        department,
        hash,
        how?.mustChange ?? false,
      ]
      const added = how
        ? await run('add-account-with-entry', ADD_WITH_ENTRY, [...values, ...withoutAccount(how.entry)])
        : await run('add-account', ADD, values)
      if (added.length === 0) throw new AppError('login-taken')
      return account
    },

    async list() {
      const rows = await run<AccountRow>(
        'accounts',
        `select ${ACCOUNT_COLUMNS} from accounts order by login`,
        [],
      )
      return rows.map(accountOf)
    },

    async recordLook(accountId, caseId, at) {
      await run('record-look', 'insert into looks (account_id, case_id, at) values ($1, $2, $3)', [
        accountId,
        caseId,
        at,
      ])
    },

    async looksAt(caseId) {
      const rows = await run<WhoRow & { at: Date }>(
        'looks-at',
        `select ${WHO}, looks.at from looks ${BY_WHOM} where case_id = $1 order by looks.at desc, looks.id desc limit 200`,
        [caseId],
      )
      return rows.map(row => ({ ...whoOf(row), at: row.at }))
    },

    async latestLooks(limit) {
      const rows = await run<WhoRow & { at: Date; case_id: string; number: string }>(
        'latest-looks',
        `select ${WHO}, looks.at, looks.case_id, cases.number from looks ${BY_WHOM}
         join cases on cases.id = looks.case_id order by looks.at desc, looks.id desc limit $1`,
        [limit],
      )
      return rows.map(row => ({ ...whoOf(row), at: row.at, caseId: row.case_id, number: row.number }))
    },
  }
}

/** The values of an entry of an account that is only being added. */
function withoutAccount(entry: AccountChange): unknown[] {
  return entryValues('', entry).filter((_, index) => index !== 2)
}
