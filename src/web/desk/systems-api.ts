import { call } from './desk-api.ts'

export const MACHINE_ROLES = ['handler', 'agent', 'arbiter', 'supervisor'] as const
export const SCOPES = ['desk:read', 'desk:act', 'desk:person'] as const

export const ENTERPRISE_SCOPES = ['cases:read', 'cases:write', 'webhooks:manage'] as const
/** For how many hours the secret until now may go on, as the form offers it. */
export const GRACE_HOURS = [24, 168, 0] as const

/** For the desk, or for an enterprise: where it is asked for. */
export type KeyKind = 'keys' | 'enterprise-keys'

interface AnyKey {
  id: string
  name: string
  scopes: string[]
  createdAt: string
  createdBy: string
  revokedAt: string | null
  lastUsedAt: string | null
  /** Until when the secret before the last change works, too. */
  previousUntil: string | null
}

/** A key with which a system works at the desk. */
export interface ApiKey extends AnyKey {
  role: string
  department: string | null
}

/** A key with which an enterprise's system follows the enterprise's cases. */
export interface EnterpriseKey extends AnyKey {
  enterprise: string
  displayName: string
}
export type WantedEnterpriseKey = Pick<EnterpriseKey, 'name' | 'enterprise' | 'displayName' | 'scopes'>

export interface WantedKey {
  name: string
  role: string
  department: string | null
  scopes: string[]
}

/** A system that is told of events. */
export interface Webhook {
  id: string
  /** Whose it is: a department, or an enterprise by its credit code. */
  department: string | null
  enterprise: string | null
  url: string
  events: string[]
  createdAt: string
}

export async function listKeys(): Promise<ApiKey[]> {
  return (await call<{ rows: ApiKey[] }>('/keys')).rows
}

export async function listEnterpriseKeys(): Promise<EnterpriseKey[]> {
  return (await call<{ rows: EnterpriseKey[] }>('/enterprise-keys')).rows
}

/** The secret is told this once. `key` is that of the filled form: sent again after a lost connection, it makes one. */
export async function addKey(
  kind: KeyKind,
  wanted: WantedKey | WantedEnterpriseKey,
  key: string,
): Promise<string | null> {
  return (await add<{ secret: string | null }>(`/${kind}`, wanted, key)).secret
}

/** As `addKey`. */
export async function rotateKey(
  kind: KeyKind,
  id: string,
  graceHours: number,
  key: string,
): Promise<string | null> {
  const path = `/${kind}/${encodeURIComponent(id)}/rotation`
  return (await add<{ secret: string | null }>(path, { graceHours }, key)).secret
}

export async function revokeKey(kind: KeyKind, id: string): Promise<void> {
  await remove(`/${kind}/${encodeURIComponent(id)}`)
}

/** With the events that may be told. */
export function listWebhooks(): Promise<{ rows: Webhook[]; events: string[] }> {
  return call('/webhooks')
}

/** As `addKey`. */
export async function addWebhook(
  wanted: { department: string; url: string; events: string[] },
  key: string,
): Promise<string | null> {
  return (await add<{ secret: string | null }>('/webhooks', wanted, key)).secret
}

export async function removeWebhook(id: string): Promise<void> {
  await remove(`/webhooks/${encodeURIComponent(id)}`)
}

function add<T>(path: string, body: object, key: string): Promise<T> {
  return call(path, { body, headers: { 'idempotency-key': key } })
}

async function remove(path: string): Promise<void> {
  await call(path, { method: 'DELETE', body: {} })
}
