import { MINUTE } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { KnownAccount, SignOnTrial } from './staff-ports.ts'

/** A house that knows its people, e.g. by OpenID Connect. */
export interface SignOnIssuer {
  /** Where to send somebody, and what to keep until they come back. @throws AppError `sign-on-away` */
  begin(redirectUri: string): Promise<{ address: string; trial: SignOnTrial }>
  /**
   * The login of whoever came back, as the issuer vouches for it.
   * @throws AppError `sign-on-refused` when something does not fit together, `sign-on-away`
   */
  finish(callback: URL, trial: SignOnTrial): Promise<string>
}

/** For so long somebody may take to log in at the issuer. */
export const SIGN_ON_MINUTES = 10

type Staff = Pick<Line, 'clock' | 'logger'> & { store: Pick<Line['store'], 'accounts'> }

/** Begins a login by the issuer. @throws AppError `sign-on-away` */
export async function beginSignOn(
  { store, clock }: Staff,
  issuer: SignOnIssuer,
  redirectUri: string,
): Promise<{ address: string; state: string }> {
  const { address, trial } = await issuer.begin(redirectUri)
  await store.accounts.keepSignOn(trial, new Date(clock.now().getTime() + SIGN_ON_MINUTES * MINUTE))
  return { address, state: trial.state }
}

/**
 * Finishes it. Accounts are made by administrators alone: whom the issuer knows and the desk does not stays outside.
 * @param state what the browser kept since the beginning; null when it kept nothing
 * @throws AppError `sign-on-refused` for another browser's, an old and a repeated answer, `sign-on-unknown`, `account-disabled`,
 * `sign-on-away`
 */
export async function finishSignOn(
  { store, clock, logger }: Staff,
  issuer: SignOnIssuer,
  callback: URL,
  state: string | null,
): Promise<KnownAccount> {
  const told = callback.searchParams.get('state')
  if (state === null || told !== state) throw new AppError('sign-on-refused')
  const trial = await store.accounts.takeSignOn(state, clock.now())
  if (!trial) throw new AppError('sign-on-refused')
  const login = await issuer.finish(callback, trial)
  const record = await store.accounts.record({ login })
  if (!record) {
    logger.warn({ login }, 'the issuer knows somebody who has no account')
    throw new AppError('sign-on-unknown')
  }
  const { isDisabled, mustChange, hasFactor, lastSeenAt: _lastSeenAt, ...account } = record
  if (isDisabled) throw new AppError('account-disabled')
  return { account, standing: { isDisabled, mustChange, hasFactor } }
}
