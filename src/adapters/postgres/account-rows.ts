import type { Account } from '../../usecases/ports.ts'
import type { AccountRecord, KnownAccount } from '../../usecases/staff-ports.ts'
import type { Statement } from './connection.ts'

export interface AccountRow {
  id: string
  login: string
  display_name: string
  role: Account['role']
  department: string | null
  posts: string[]
  is_disabled: boolean
  must_change: boolean
  has_factor: boolean
  last_seen_at: Date | null
}

export const ACCOUNT_COLUMNS = `accounts.id, accounts.login, accounts.display_name, accounts.role, accounts.department,
  accounts.posts,
  accounts.disabled_at is not null as is_disabled, accounts.must_change, accounts.factor_secret is not null as has_factor,
  accounts.last_seen_at`

export function accountOf({ display_name: displayName, ...rest }: AccountRow): Account {
  const { id, login, role, department, posts } = rest
  return { id, login, displayName, role, department, posts }
}

export function knownAccountOf(row: AccountRow): KnownAccount {
  const { is_disabled: isDisabled, must_change: mustChange, has_factor: hasFactor } = row
  return { account: accountOf(row), standing: { isDisabled, mustChange, hasFactor } }
}

export function recordOf(row: AccountRow): AccountRecord {
  const { account, standing } = knownAccountOf(row)
  return { ...account, ...standing, lastSeenAt: row.last_seen_at }
}

/** Logins differ neither by case nor by width. */
export function keyOf(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase()
}

/** A statement with its values, run in a transaction of several. */
export function statementOf(name: string, text: string, values: unknown[]): Statement {
  return { name, text, values }
}
