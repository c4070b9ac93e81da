import type { Account } from '../../usecases/ports.ts'

export interface AccountRow {
  id: string
  login: string
  display_name: string
  role: Account['role']
  department: string | null
  posts: string[]
}

export const ACCOUNT_COLUMNS =
  'accounts.id, accounts.login, accounts.display_name, accounts.role, accounts.department, accounts.posts'

export function accountOf({ display_name: displayName, ...rest }: AccountRow): Account {
  const { id, login, role, department, posts } = rest
  return { id, login, displayName, role, department, posts }
}
