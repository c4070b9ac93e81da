import type pg from 'pg'
import { AppError } from '../../kernel/errors.ts'
import { newId, newToken, systemChance } from '../../kernel/ids.ts'
import type { Account, AccountStore } from '../../usecases/ports.ts'
import { runStatement } from './connection.ts'
import { BY_WHOM, WHO, type WhoRow, whoOf } from './who.ts'

/** What the store needs of the crypto adapter for passwords and tokens. */
export interface PasswordHasher {
  hashPassword(password: string): Promise<string>
  /** With no stored hash it takes the same time and says no. */
  fitsPassword(password: string, stored: string | null): Promise<boolean>
  hashToken(token: string): Buffer
}

interface AccountRow {
  id: string
  login: string
  display_name: string
  role: Account['role']
  department: string | null
}

const COLUMNS = 'id, login, display_name, role, department'
const TOKEN_BYTES = 32

/** Accounts and sessions; a session's token is stored hashed, so that a copy of the table opens nothing. */
export function createAccountStore(pool: pg.Pool, passwords: PasswordHasher): AccountStore {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })

  return {
    async verify(login, password) {
      const [row] = await run<AccountRow & { password_hash: string }>(
        'account-by-login',
        `select ${COLUMNS}, password_hash from accounts where login = $1`,
        [keyOf(login)],
      )
      const isRight = await passwords.fitsPassword(password, row?.password_hash ?? null)
      return isRight && row ? accountOf(row) : null
    },

    async add({ login, displayName, role, department }, password) {
      const account = {
        id: newId(new Date(), systemChance),
        login: keyOf(login),
        displayName,
        role,
        department,
      }
      const added = await run(
        'add-account',
        `insert into accounts (${COLUMNS}, password_hash) values ($1, $2, $3, $4, $5, $6)
         on conflict (login) do nothing returning id`,
        [account.id, account.login, displayName, role, department, await passwords.hashPassword(password)],
      )
      if (added.length === 0) throw new AppError('body-invalid', { login: 'taken' })
      return account
    },

    async list() {
      const rows = await run<AccountRow>('accounts', `select ${COLUMNS} from accounts order by login`, [])
      return rows.map(accountOf)
    },

    async openSession(accountId, until) {
      const token = newToken(TOKEN_BYTES, systemChance)
      await run('open-session', 'insert into sessions (token_hash, account_id, until) values ($1, $2, $3)', [
        passwords.hashToken(token),
        accountId,
        until,
      ])
      return token
    },

    async session(token, now) {
      const [row] = await run<AccountRow>(
        'session',
        `select ${COLUMNS} from accounts
         where id = (select account_id from sessions where token_hash = $1 and until > $2)`,
        [passwords.hashToken(token), now],
      )
      return row ? accountOf(row) : null
    },

    async closeSession(token) {
      await run('close-session', 'delete from sessions where token_hash = $1', [passwords.hashToken(token)])
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

function accountOf({ display_name: displayName, id, login, role, department }: AccountRow): Account {
  return { id, login, displayName, role, department }
}
