import type { Role } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import { newId, newToken } from '../kernel/ids.ts'
import type { ApiKey } from './key-ports.ts'
import type { Line } from './line.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Account } from './ports.ts'

/** Roles in which a machine may work at the desk. None administrates: a key that leaked makes no others. */
export const MACHINE_ROLES = ['agent', 'handler', 'arbiter', 'supervisor'] as const satisfies readonly Role[]
/** What a key for the desk may do: see cases, work them, and see who asked. */
export const DESK_SCOPES = ['desk:read', 'desk:act', 'desk:person'] as const
export type DeskScopeName = (typeof DESK_SCOPES)[number]

/** What every secret of a key begins with, so that people and scanners know one that went astray. */
const SECRET_PREFIX = 'yk_'
const SECRET_BYTES = 32

export interface WantedKey {
  name: string
  role: (typeof MACHINE_ROLES)[number]
  department: string | null
  scopes: DeskScopeName[]
}

/** Keys for the desk's interface, the revoked ones too, newest first. @throws AppError `action-forbidden` for all but administrators */
export async function listKeys(line: Line, account: Account): Promise<ApiKey[]> {
  checkAdministrator(account)
  return line.store.keys.list('desk')
}

/**
 * Makes a key with which a department's system works at the desk, as an account of that role and department would.
 * @returns the key, and its secret, which is told this once
 * @throws AppError `action-forbidden`, `department-not-found`, `body-invalid` when the name is taken
 */
export async function addKey(
  line: Line,
  account: Account,
  { name, role, department, scopes }: WantedKey,
): Promise<{ key: ApiKey; secret: string }> {
  checkAdministrator(account)
  const isKnown = department !== null && line.content.departments.has(department)
  if (role === 'handler' && !isKnown) throw new AppError('department-not-found', { department })
  const at = line.clock.now()
  const key: ApiKey = {
    id: newId(at, line.chance),
    name,
    owner: { kind: 'desk', role, department: role === 'handler' ? department : null },
    scopes,
    createdAt: at,
    createdBy: account.login,
    revokedAt: null,
    lastUsedAt: null,
  }
  const secret = `${SECRET_PREFIX}${newToken(SECRET_BYTES, line.chance)}`
  if (!(await line.store.keys.add(key, secret))) throw new AppError('body-invalid', { name: 'taken' })
  line.logger.info({ key: key.id, account: account.login }, 'a key was made')
  return { key, secret }
}

/** From now on it opens nothing. @throws AppError `key-not-found`, `action-forbidden` */
export async function revokeKey(line: Line, account: Account, id: string): Promise<void> {
  checkAdministrator(account)
  if (!(await line.store.keys.revoke(id, line.clock.now()))) throw new AppError('key-not-found')
  line.logger.info({ key: id, account: account.login }, 'a key was revoked')
}

/**
 * The account that a secret stands for at the desk, if its key may do that.
 * @throws AppError `token-invalid` for no key, a revoked one and one of another interface, `action-forbidden` without the scope
 */
export async function accountOfSecret(
  { store, clock }: Pick<Line, 'store' | 'clock'>,
  secret: string,
  scope: DeskScopeName,
): Promise<Account> {
  const key = await store.keys.use(secret, clock.now())
  if (key?.owner.kind !== 'desk') throw new AppError('token-invalid')
  if (!key.scopes.includes(scope)) throw new AppError('action-forbidden', { scope })
  const { role, department } = key.owner
  return { id: key.id, login: `key:${key.name}`, displayName: key.name, role, department }
}
