import type pg from 'pg'
import type {
  AccountChange,
  AccountPatch,
  AccountRegister,
  ListedAccountChange,
} from '../../usecases/staff-ports.ts'
import { ACCOUNT_COLUMNS, type AccountRow, keyOf, recordOf, statementOf } from './account-rows.ts'
import { runStatement, runTogether, type Statement } from './connection.ts'

const ADD_ENTRY = `insert into account_changes (id, at, account_id, by_login, change, details)
  values ($1, $2, $3, $4, $5, $6)`

/** The values of an entry, in the order of its columns. */
export function entryValues(accountId: string, { id, at, by, change, details }: AccountChange): unknown[] {
  return [id, at, accountId, by, change, details]
}

/** Writes what was done to an account. */
export function entryStatement(accountId: string, entry: AccountChange): Statement {
  return statementOf('add-account-change', ADD_ENTRY, entryValues(accountId, entry))
}

/** Forgets the second factor with everything that belongs to it. */
function withoutFactor(accountId: string): Statement[] {
  return [
    statementOf(
      'remove-factor',
      'update accounts set factor_secret = null, factor_pending = null, factor_step = null where id = $1',
      [accountId],
    ),
    statementOf('forget-recovery-codes', 'delete from recovery_codes where account_id = $1', [accountId]),
  ]
}

async function statementsOf(
  accountId: string,
  { profile, posts, disabledAt, password, removesFactor, endsSessions }: AccountPatch,
  hashPassword: (password: string) => Promise<string>,
): Promise<Statement[]> {
  const all: Statement[] = []
  if (profile)
    all.push(
      statementOf(
        'change-profile',
        'update accounts set display_name = $2, role = $3, department = $4 where id = $1',
        [accountId, profile.displayName, profile.role, profile.department],
      ),
    )
  if (posts)
    all.push(statementOf('set-posts', 'update accounts set posts = $2 where id = $1', [accountId, posts]))
  if (disabledAt !== undefined)
    all.push(
      statementOf('disable-account', 'update accounts set disabled_at = $2 where id = $1', [
        accountId,
        disabledAt,
      ]),
    )
  if (password)
    all.push(
      statementOf('set-password', 'update accounts set password_hash = $2, must_change = $3 where id = $1', [
        accountId,
        await hashPassword(password.text),
        password.mustChange,
      ]),
    )
  if (removesFactor) all.push(...withoutFactor(accountId))
  if (endsSessions)
    all.push(
      statementOf(
        'end-all-sessions',
        `delete from sessions where account_id = $1 and id <> coalesce($2, '')`,
        [accountId, endsSessions.but],
      ),
    )
  return all
}

/** Accounts as they are managed; each change is written with its entry in one transaction. */
export function createAccountRegister(
  pool: pg.Pool,
  hashPassword: (password: string) => Promise<string>,
): AccountRegister {
  const run = <Row extends object>(name: string, text: string, values: unknown[]) =>
    runStatement<Row>(pool, { name, text, values })
  return {
    async records() {
      const all = `select ${ACCOUNT_COLUMNS} from accounts order by login`
      return (await run<AccountRow>('accounts', all, [])).map(recordOf)
    },

    async record(by) {
      const [column, value] = 'id' in by ? ['id', by.id] : ['login', keyOf(by.login)]
      const one = `select ${ACCOUNT_COLUMNS} from accounts where ${column} = $1`
      const [row] = await run<AccountRow>(`account-record-by-${column}`, one, [value])
      return row ? recordOf(row) : null
    },

    async change(accountId, patch, entry) {
      const statements = await statementsOf(accountId, patch, hashPassword)
      await runTogether(pool, [...statements, entryStatement(accountId, entry)])
    },

    async changes({ accountId, limit }) {
      return run<ListedAccountChange>(
        'account-changes',
        `select changes.id, at, by_login as by, change, details, login, display_name as "displayName"
         from account_changes changes join accounts on accounts.id = account_id
         where $1::text is null or account_id = $1 order by at desc, seq desc limit $2`,
        [accountId ?? null, limit],
      )
    },
  }
}
