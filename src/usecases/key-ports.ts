import type { Role } from '../cases/case-state.ts'

/** On whose behalf a machine acts. */
export type KeyOwner = { kind: 'desk'; role: Role; department: string | null }

/** A key of a machine. The secret itself is told once, when the key is made, and is stored nowhere. */
export interface ApiKey {
  id: string
  /** For people, and unlike that of every other key: it stands in the history of the cases that it changed. */
  name: string
  owner: KeyOwner
  /** What it may do, in the words of the interface that it is for, e.g. `desk:read`. */
  scopes: string[]
  createdAt: Date
  /** Login of who made it. */
  createdBy: string
  revokedAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
}

/** Keys of machines, whatever interface they are for. A copy of the table opens nothing: secrets are stored hashed. */
export interface ApiKeyStore {
  /** False when another key, revoked or not, has this name. */
  add(key: ApiKey, secret: string): Promise<boolean>
  /** Those for an interface, revoked ones too, newest first. */
  list(kind: KeyOwner['kind']): Promise<ApiKey[]>
  /** The key that this secret opens and that is not revoked; notes that it was used. */
  use(secret: string, now: Date): Promise<ApiKey | null>
  /** False when there is no such key, or it was revoked before. */
  revoke(id: string, at: Date): Promise<boolean>
}
