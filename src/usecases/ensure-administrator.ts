import { type Chance, newCode } from '../kernel/ids.ts'
import type { AccountStore } from './ports.ts'

const LOGIN = 'admin'
const PASSWORD_LENGTH = 14

/** Somebody must be able to open the desk: makes the first administrator when there is no account at all. */
export async function ensureAdministrator(
  accounts: AccountStore,
  chance: Chance,
): Promise<{ login: string; password: string } | null> {
  if ((await accounts.list()).length > 0) return null
  const password = newCode(PASSWORD_LENGTH, chance)
  await accounts.add({ login: LOGIN, displayName: LOGIN, role: 'admin', department: null }, password)
  return { login: LOGIN, password }
}
