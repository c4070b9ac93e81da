import type { Role } from '../cases/case-state.ts'
import { HOUR } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { newId, newToken } from '../kernel/ids.ts'
import type { ApiKey, DeskOwner, EnterpriseOwner, KeyName, KeyOwner } from './key-ports.ts'
import type { Line } from './line.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import type { Account } from './ports.ts'

/** Roles in which a machine may work at the desk. None administrates: a key that leaked makes no others. */
export const MACHINE_ROLES = ['agent', 'handler', 'arbiter', 'supervisor'] as const satisfies readonly Role[]
/** What a key for the desk may do: see cases, work them, and see who asked. */
export const DESK_SCOPES = ['desk:read', 'desk:act', 'desk:person'] as const
export type DeskScopeName = (typeof DESK_SCOPES)[number]
/** What a key of an enterprise may do with the enterprise's own cases, and with what tells it of them. */
export const ENTERPRISE_SCOPES = ['cases:read', 'cases:write', 'webhooks:manage'] as const
export type EnterpriseScope = (typeof ENTERPRISE_SCOPES)[number]

/** What every secret of a key begins with, so that people and scanners know one that went astray. */
const SECRET_PREFIX = 'yk_'
const SECRET_BYTES = 32

/** For how long at most the secret before the last change still opens, in hours. */
export const MOST_GRACE_HOURS = 168

export interface WantedKey {
  name: string
  role: (typeof MACHINE_ROLES)[number]
  /** Of a handler; of no other. */
  department: string | null
  scopes: DeskScopeName[]
}

export interface WantedEnterpriseKey extends Omit<EnterpriseOwner, 'kind'> {
  name: string
  scopes: EnterpriseScope[]
}

export interface MadeKey<Owner extends KeyOwner> {
  key: ApiKey<Owner>
  /** Told this once. */
  secret: string
}

/** Keys for the desk's interface, the revoked ones too, newest first. @throws AppError `action-forbidden` for all but administrators */
export async function listKeys(line: Line, account: Account): Promise<ApiKey<DeskOwner>[]> {
  checkAdministrator(account)
  return line.store.keys.list('desk')
}

/** The same of enterprises. */
export async function listEnterpriseKeys(line: Line, account: Account): Promise<ApiKey<EnterpriseOwner>[]> {
  checkAdministrator(account)
  return line.store.keys.list('enterprise')
}

/**
 * Makes a key with which a department's system works at the desk, as an account of that role and department would.
 * @throws AppError `action-forbidden`, `department-not-found`, `name-taken`
 */
export async function addKey(
  line: Line,
  account: Account,
  { name, role, department, scopes }: WantedKey,
): Promise<MadeKey<DeskOwner>> {
  checkAdministrator(account)
  const isKnown = department !== null && line.content.departments.has(department)
  if (role === 'handler' && !isKnown) throw new AppError('department-not-found', { department })
  return make(line, account, { name, scopes, owner: { kind: 'desk', role, department } })
}

/**
 * Makes a key with which an enterprise's system files and follows the enterprise's cases; several keys of one see the same cases.
 * @throws AppError `action-forbidden`, `name-taken`; `enterprise-known` when a key that opens calls it otherwise
 */
export async function addEnterpriseKey(
  line: Line,
  account: Account,
  { name, scopes, enterprise, displayName }: WantedEnterpriseKey,
): Promise<MadeKey<EnterpriseOwner>> {
  checkAdministrator(account)
  // Under a wrong code another company would see all its cases: a name that differs is the one sign of it.
  const known = (await line.store.keys.list('enterprise')).find(
    ({ owner, revokedAt }) => owner.enterprise === enterprise && revokedAt === null,
  )
  if (known && known.owner.displayName !== displayName)
    throw new AppError('enterprise-known', { name: known.owner.displayName })
  return make(line, account, { name, scopes, owner: { kind: 'enterprise', enterprise, displayName } })
}

async function make<Owner extends KeyOwner>(
  line: Line,
  account: Account,
  wanted: Pick<ApiKey<Owner>, 'name' | 'scopes' | 'owner'>,
): Promise<MadeKey<Owner>> {
  const at = line.clock.now()
  const key: ApiKey<Owner> = {
    id: newId(at, line.chance),
    ...wanted,
    createdAt: at,
    createdBy: account.login,
    revokedAt: null,
    lastUsedAt: null,
    previousUntil: null,
  }
  const secret = newSecret(line)
  if (!(await line.store.keys.add(key, secret))) throw new AppError('name-taken')
  line.logger.info({ key: key.id, account: account.login }, 'a key was made')
  return { key, secret }
}

/**
 * Gives a key another secret. The one until now opens for so many hours more, at most `MOST_GRACE_HOURS`; none, and it opens nothing
 * at once. Of two changes in a row, the first secret ends with the second.
 * @throws AppError `key-not-found`, `action-forbidden`
 */
export async function rotateKey(
  line: Line,
  account: Account,
  name: KeyName,
  graceHours: number,
): Promise<MadeKey<KeyOwner>> {
  checkAdministrator(account)
  const until = graceHours > 0 ? new Date(line.clock.now().getTime() + graceHours * HOUR) : null
  const secret = newSecret(line)
  const key = await line.store.keys.rotate(name, secret, until)
  if (!key) throw new AppError('key-not-found')
  line.logger.info({ key: key.id, account: account.login, graceHours }, 'a key got another secret')
  return { key, secret }
}

/** From now on it opens nothing, neither by its secret nor by the one before. @throws AppError `key-not-found`, `action-forbidden` */
export async function revokeKey(line: Line, account: Account, name: KeyName): Promise<void> {
  checkAdministrator(account)
  if (!(await line.store.keys.revoke(name, line.clock.now()))) throw new AppError('key-not-found')
  line.logger.info({ key: name.id, account: account.login }, 'a key was revoked')
}

/** A secret of a key, not stored yet. */
export function newSecret({ chance }: Pick<Line, 'chance'>): string {
  return `${SECRET_PREFIX}${newToken(SECRET_BYTES, chance)}`
}

type KeyRing = Pick<Line, 'store' | 'clock'>

/**
 * The account that a secret stands for at the desk, if its key may do that.
 * @throws AppError `token-invalid` for no key, a revoked one and one of another interface, `action-forbidden` without the scope
 */
export async function accountOfSecret(
  { store, clock }: KeyRing,
  secret: string,
  scope: DeskScopeName,
): Promise<Account> {
  const key = await store.keys.use(secret, clock.now())
  if (key?.owner.kind !== 'desk') throw new AppError('token-invalid')
  if (!key.scopes.includes(scope)) throw new AppError('action-forbidden', { scope })
  const { role, department } = key.owner
  return { id: key.id, login: `key:${key.name}`, displayName: key.name, role, department }
}

/** A program of an enterprise. */
export interface EnterpriseCaller extends Omit<EnterpriseOwner, 'kind'> {
  keyId: string
  scopes: readonly string[]
}

/**
 * The enterprise that a secret stands for.
 * @throws AppError `token-invalid` for no key, a revoked one and one of another interface
 */
export async function enterpriseOfSecret(
  { store, clock }: KeyRing,
  secret: string,
): Promise<EnterpriseCaller> {
  const key = await store.keys.use(secret, clock.now())
  if (key?.owner.kind !== 'enterprise') throw new AppError('token-invalid')
  const { enterprise, displayName } = key.owner
  return { keyId: key.id, enterprise, displayName, scopes: key.scopes }
}
