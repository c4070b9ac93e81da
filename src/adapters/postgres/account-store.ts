import type pg from 'pg'
import { AppError } from '../../kernel/errors.ts'
import { newId, systemChance } from '../../kernel/ids.ts'
import type { AccountStore } from '../../usecases/ports.ts'
import { ACCOUNT_COLUMNS, type AccountRow, accountOf } from './account-rows.ts'
import { runStatement } from './connection.ts'
import { createLoginTrials } from './login-trials.ts'
import { createStaffSessions } from './staff-sessions.ts'
import { BY_WHOM, WHO, type WhoRow, whoOf } from './who.ts'

/** What the store needs of the crypto adapter for passwords and tokens. */
export interface PasswordHasher {
  hashPassword(password: string): Promise<string>
  /** With no stored hash it takes the same time and says no. */
  fitsPassword(password: string, stored: string | null): Promise<boolean>
  /** Was it made in a way that is no longer today's? */
  isOutdatedHash(stored: string): boolean
  hashToken(token: string): Buffer
}

/** Accounts, their sessions, what was tried at their doors, and what they looked at. */
export function createAccountStore(pool: pg.Pool, passwords: PasswordHasher): AccountStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    ...createStaffSessions(pool, passwords.hashToken),
    ...createLoginTrials(pool, { keyOf, hash: passwords.hashToken }),

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
      return accountOf(row)
    },

    async add({ login, displayName, role, department, posts = [] }, password) {
      const account = {
        id: newId(new Date(), systemChance),
        login: keyOf(login),
        displayName,
        role,
        department,
        posts,
      }
      const added = await run(
        'add-account',
        `insert into accounts (id, login, display_name, role, department, password_hash, posts) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (login) do nothing returning id`,
        [
          account.id,
          account.login,
          displayName,
          role,
          department,
          await passwords.hashPassword(password),
          posts,
        ],
      )
      if (added.length === 0) throw new AppError('body-invalid', { login: 'taken' })
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

    async setPosts(accountId, posts) {
      await run('set-posts', 'update accounts set posts = $2 where id = $1', [accountId, posts])
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
  }
}

/** Logins differ neither by case nor by width. */
function keyOf(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase()
}
