import type { DeskRole, Role } from '../cases/case-state.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { fromBase32, stepOfCode } from '../kernel/totp.ts'
import type { Line } from './line.ts'
import { accountEntry } from './manage-accounts.ts'
import type { AccountStore } from './ports.ts'
import type { KnownAccount, OpenSession } from './staff-ports.ts'

/** What is still asked of somebody whose password was right: the code of their second factor, another password, a second factor. */
export const LOGIN_NEEDS = ['code', 'password', 'factor'] as const
export type LoginNeed = (typeof LOGIN_NEEDS)[number]

/** The next thing that stands between a session and the desk; null: it is open. */
export function loginNeed(
  { account, standing, proof }: Pick<OpenSession, 'account' | 'standing' | 'proof'>,
  factorRoles: readonly Role[],
): LoginNeed | null {
  // Whoever comes by an issuer has no password here, and a second factor is the issuer's business.
  if (proof === 'issuer') return null
  if (standing.hasFactor && proof !== 'code') return 'code'
  if (standing.mustChange) return 'password'
  return !standing.hasFactor && factorRoles.includes(account.role) ? 'factor' : null
}

type Door = { accounts: Pick<AccountStore, 'tryLogin' | 'loginProved' | 'verify'>; clock: Clock }

/**
 * Looks at a password. With a second factor the trials stay counted until its code was right, too: else each right password would
 * pay for guesses at the code.
 * @throws AppError `login-waits` with `retryAfterSeconds` after too many wrong ones, `login-failed`; `account-disabled` to whoever
 * knows the password
 */
export async function checkPassword(
  { accounts, clock }: Door,
  { login, password, address }: { login: string; password: string; address: string },
): Promise<KnownAccount> {
  await countTrial({ accounts, clock }, login, address)
  const known = await accounts.verify(login, password)
  if (!known) throw new AppError('login-failed')
  if (known.standing.isDisabled) throw new AppError('account-disabled')
  if (!known.standing.hasFactor) await accounts.loginProved(login, address, clock.now())
  return known
}

/** @throws AppError `login-waits` with `retryAfterSeconds` */
export async function countTrial(
  { accounts, clock }: { accounts: Pick<AccountStore, 'tryLogin'>; clock: Clock },
  login: string,
  address: string,
): Promise<void> {
  const waitUntil = await accounts.tryLogin(login, address, clock.now())
  if (!waitUntil) return
  const left = Math.ceil((waitUntil.getTime() - clock.now().getTime()) / 1000)
  throw new AppError('login-waits', { retryAfterSeconds: Math.max(1, left) })
}

/**
 * Looks at a code of the second factor, or a recovery code; each opens once. Counted like a password.
 * @throws AppError `login-waits`, `code-wrong`, also for a code that was used; `factor-missing`
 */
export async function checkCode(
  line: Pick<Line, 'store' | 'clock' | 'chance'>,
  { account }: Pick<OpenSession, 'account'>,
  { code, address }: { code: string; address: string },
): Promise<void> {
  const { accounts } = line.store
  const secret = await accounts.factor(account.id)
  if (secret === null) throw new AppError('factor-missing')
  await countTrial({ accounts, clock: line.clock }, account.login, address)
  const now = line.clock.now()
  const step = stepOfCode(fromBase32(secret), code, now)
  const isTaken =
    step === null
      ? await accounts.takeRecoveryCode(
          account.id,
          plainRecoveryCode(code),
          accountEntry(line, account.login, 'recovery-code-used'),
        )
      : await accounts.takeStep(account.id, step)
  if (!isTaken) throw new AppError('code-wrong')
  await accounts.loginProved(account.login, address, now)
}

/** The same however it was typed: hyphens, spaces and small letters. */
export function plainRecoveryCode(code: string): string {
  return code.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
}

/** The code at a login: the session is proved by it. @throws AppError as `checkCode` */
export async function proveByCode(
  line: Pick<Line, 'store' | 'clock' | 'chance'>,
  session: OpenSession,
  given: { code: string; address: string },
): Promise<void> {
  await checkCode(line, session, given)
  await line.store.accounts.proveSession(session.sessionId)
}

/** Roles as a setting names them. */
export type FactorRoles = readonly DeskRole[]
