import type { Account } from '../../usecases/ports.ts'

export interface AccountRow {
  id: string
  login: string
  display_name: string
  role: Account['role']
  department: string | null
}

export const ACCOUNT_COLUMNS =
  'accounts.id, accounts.login, accounts.display_name, accounts.role, accounts.department'

export function accountOf({ display_name: displayName, id, login, role, department }: AccountRow): Account {
  return { id, login, displayName, role, department }
}
