import type pg from 'pg'
import type { AnyJob } from '../../usecases/job.ts'
import type { Person } from '../../usecases/ports.ts'
import type { Statement } from './connection.ts'

/** What the store needs of the crypto adapter's vault. */
export interface PersonVault {
  seal(caseId: string, person: Person): Buffer
  open(caseId: string, sealed: Uint8Array): Person
  userKey(person: { channel: string; channelUserId: string }): Buffer
  queryCodeHash(caseId: string, queryCode: string): Buffer
  isQueryCode(caseId: string, queryCode: string, hash: Uint8Array): boolean
  phoneKey(phone: string): Buffer
  phoneCodeHash(phone: string, code: string): Buffer
  linkToken(userKey: Uint8Array): string
  linkHash(token: string): Buffer
  recoveryHash(accountId: string, code: string): Buffer
  sealSecret(id: string, secret: string): Buffer
  openSecret(id: string, sealed: Uint8Array): string
}

/** What the store needs of the crypto adapter for passwords and tokens. */
export interface PasswordHasher {
  hashPassword(password: string): Promise<string>
  /** With no stored hash it takes the same time and says no. */
  fitsPassword(password: string, stored: string | null): Promise<boolean>
  /** Was it made in a way that is no longer today's? */
  isOutdatedHash(stored: string): boolean
  hashToken(token: string): Buffer
}

/** What the store needs of the job queue: the statements that put jobs into it, to run in the store's transaction. */
export interface JobWriter {
  statementsFor(jobs: readonly AnyJob[]): Promise<Statement[]>
  /** Called after the commit; left out by commands that work no jobs. */
  wake?(jobs: readonly AnyJob[]): void
}

/** Parts from outside: adapters do not know one another. */
export interface StoreParts {
  pool: pg.Pool
  vault: PersonVault
  jobs: JobWriter
  passwords: PasswordHasher
  /** City that this installation serves, written on every conversation; cases carry their own. */
  jurisdiction: string
}
