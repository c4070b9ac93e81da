import { call } from './desk-api.ts'

export const MACHINE_ROLES = ['handler', 'agent', 'arbiter', 'supervisor'] as const
export const SCOPES = ['desk:read', 'desk:act', 'desk:person'] as const

/** A key with which a system works at the desk. */
export interface ApiKey {
  id: string
  name: string
  role: string
  department: string | null
  scopes: string[]
  createdAt: string
  createdBy: string
  revokedAt: string | null
  lastUsedAt: string | null
}

export interface WantedKey {
  name: string
  role: string
  department: string | null
  scopes: string[]
}

/** A system that is told of events. */
export interface Webhook {
  id: string
  department: string
  url: string
  events: string[]
  createdAt: string
}

export async function listKeys(): Promise<ApiKey[]> {
  return (await call<{ rows: ApiKey[] }>('/keys')).rows
}

/** The secret is told this once. `key` is that of the filled form: sent again after a lost connection, it makes one. */
export async function addKey(wanted: WantedKey, key: string): Promise<string | null> {
  return (await add<{ secret: string | null }>('/keys', wanted, key)).secret
}

export async function revokeKey(id: string): Promise<void> {
  await remove(`/keys/${encodeURIComponent(id)}`)
}

/** With the events that may be told. */
export function listWebhooks(): Promise<{ rows: Webhook[]; events: string[] }> {
  return call('/webhooks')
}

/** As `addKey`. */
export async function addWebhook(
  wanted: Pick<Webhook, 'department' | 'url' | 'events'>,
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
