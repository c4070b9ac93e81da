import type { Role } from '../cases/case-state.ts'

/** On whose behalf a machine acts: as somebody at the desk, or as an enterprise that follows its own cases. */
export type KeyOwner = DeskOwner | EnterpriseOwner
export interface DeskOwner {
  kind: 'desk'
  role: Role
  department: string | null
}
export interface EnterpriseOwner {
  kind: 'enterprise'
  /** Unified social credit code (统一社会信用代码). */
  enterprise: string
  /** Its name, for people. */
  displayName: string
}

/** A key of a machine. The secret itself is told once, when it is made, and is stored nowhere. */
export interface ApiKey<Owner extends KeyOwner = KeyOwner> {
  id: string
  /** For people, and unlike that of every other key: it stands in the history of the cases that it changed. */
  name: string
  owner: Owner
  /** What it may do, in the words of the interface that it is for, e.g. `desk:read`. */
  scopes: string[]
  createdAt: Date
  /** Login of who made it. */
  createdBy: string
  revokedAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
  /** Until when the secret before the last change still opens; null when it does not. */
  previousUntil: Date | null
}

/** Which key of which interface. */
export interface KeyName {
  id: string
  kind: KeyOwner['kind']
}

/** Keys of machines, whatever interface they are for. A copy of the table opens nothing: secrets are stored hashed. */
export interface ApiKeyStore {
  /** False when another key, revoked or not, has this name. */
  add(key: ApiKey, secret: string): Promise<boolean>
  /** Those for an interface, revoked ones too, newest first. */
  list<Kind extends KeyOwner['kind']>(kind: Kind): Promise<ApiKey<Extract<KeyOwner, { kind: Kind }>>[]>
  /** The key that this secret, or the one before it while that still opens, stands for and that is not revoked; notes that it was used. */
  use(secret: string, now: Date): Promise<ApiKey | null>
  /** Gives it another secret; the one until now opens until `previousUntil`, any older one no more. Null as with `revoke`. */
  rotate(key: KeyName, secret: string, previousUntil: Date | null): Promise<ApiKey | null>
  /** False when there is no such key for this interface, or it was revoked before. */
  revoke(key: KeyName, at: Date): Promise<boolean>
}
