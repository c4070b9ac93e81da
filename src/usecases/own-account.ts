import { AppError } from '../kernel/errors.ts'
import { newCode } from '../kernel/ids.ts'
import { base32, fromBase32, keyUri, stepOfCode, TOTP_SECRET_BYTES } from '../kernel/totp.ts'
import type { Line } from './line.ts'
import { checkCode, countTrial, type FactorRoles, type LoginNeed } from './log-in.ts'
import { accountEntry } from './manage-accounts.ts'
import { checkNewPassword } from './password-rules.ts'
import type { Account } from './ports.ts'
import type { OpenSession } from './staff-ports.ts'

type Staff = Pick<Line, 'clock' | 'chance' | 'logger'> & { store: Line['store'] }

const RECOVERY_CODES = 8
/** 31 letters: about fifty bits. */
const RECOVERY_LENGTH = 10

/**
 * Changes one's own password; all other sessions end.
 * @throws AppError `password-wrong`, `login-waits` after guessing, `password-unchanged`, and as `checkNewPassword`
 */
export async function changeOwnPassword(
  line: Staff,
  { account, sessionId }: OpenSession,
  { old, wanted, address }: { old: string; wanted: string; address: string },
): Promise<void> {
  await checkOwnPassword(line, account, { password: old, address })
  if (old.normalize('NFKC') === wanted.normalize('NFKC')) throw new AppError('password-unchanged')
  checkNewPassword(wanted, account.login)
  const patch = { password: { text: wanted, mustChange: false }, endsSessions: { but: sessionId } }
  await line.store.accounts.change(account.id, patch, accountEntry(line, account.login, 'password-changed'))
}

async function checkOwnPassword(
  { store: { accounts }, clock }: Staff,
  { login }: Account,
  { password, address }: { password: string; address: string },
): Promise<void> {
  await countTrial({ accounts, clock }, login, address)
  if (!(await accounts.verify(login, password))) throw new AppError('password-wrong')
  await accounts.loginProved(login, address, clock.now())
}

/** How somebody's second factor stands. */
export interface OwnFactor {
  isSet: boolean
  /** By the role, as the setting says. */
  isRequired: boolean
  recoveryCodesLeft: number
}

export async function ownFactor(
  { store }: Staff,
  { account, standing }: OpenSession,
  factorRoles: FactorRoles,
): Promise<OwnFactor> {
  const recoveryCodesLeft = standing.hasFactor ? await store.accounts.recoveryCodesLeft(account.id) : 0
  return {
    isSet: standing.hasFactor,
    isRequired: factorRoles.some(role => role === account.role),
    recoveryCodesLeft,
  }
}

/**
 * Begins a second factor: a secret that counts once a code of it was typed. Whoever logs in has just typed their password; else it is
 * asked for, so that an open desk is not enough.
 * @returns the secret, and the key URI for a QR code
 * @throws AppError `factor-set` when there is one, `password-wrong`, `login-waits`
 */
export async function beginFactor(
  line: Staff,
  { account, standing }: OpenSession,
  given: { need: LoginNeed | null; password: string | null; address: string; issuer: string },
): Promise<{ secret: string; uri: string }> {
  if (standing.hasFactor) throw new AppError('factor-set')
  const { address, issuer } = given
  if (given.need !== 'factor')
    await checkOwnPassword(line, account, { password: given.password ?? '', address })
  const secret = base32(line.chance.bytes(TOTP_SECRET_BYTES))
  await line.store.accounts.beginFactor(account.id, secret)
  return { secret, uri: keyUri({ secret, issuer, login: account.login }) }
}

/**
 * Sets the second factor by its first code; this session is proved by it, the others end.
 * @returns the recovery codes, told this once
 * @throws AppError `factor-missing` when none was begun, `factor-set`, `code-wrong`
 */
export async function confirmFactor(
  line: Staff,
  { account, standing, sessionId }: OpenSession,
  code: string,
): Promise<string[]> {
  if (standing.hasFactor) throw new AppError('factor-set')
  const { accounts } = line.store
  const secret = await accounts.pendingFactor(account.id)
  if (secret === null) throw new AppError('factor-missing')
  const step = stepOfCode(fromBase32(secret), code, line.clock.now())
  if (step === null) throw new AppError('code-wrong')
  const recoveryCodes = newRecoveryCodes(line)
  await accounts.setFactor(
    account.id,
    { step, recoveryCodes },
    accountEntry(line, account.login, 'factor-set'),
  )
  await accounts.proveSession(sessionId)
  await accounts.endOtherSessions(account.id, sessionId)
  return recoveryCodes.map(writtenCode)
}

/** Other recovery codes; those until now open nothing. @throws AppError as `checkCode` */
export async function renewRecoveryCodes(
  line: Staff,
  session: OpenSession,
  given: { code: string; address: string },
): Promise<string[]> {
  await checkCode(line, session, given)
  const codes = newRecoveryCodes(line)
  const { id, login } = session.account
  await line.store.accounts.renewRecoveryCodes(id, codes, accountEntry(line, login, 'recovery-codes-made'))
  return codes.map(writtenCode)
}

/** Goes on without a second factor. @throws AppError `factor-needed` when the role must have one, and as `checkCode` */
export async function removeOwnFactor(
  line: Staff,
  session: OpenSession,
  given: { code: string; address: string; factorRoles: FactorRoles },
): Promise<void> {
  const { id, login, role } = session.account
  if (given.factorRoles.some(each => each === role)) throw new AppError('factor-needed')
  await checkCode(line, session, given)
  const entry = accountEntry(line, login, 'factor-removed')
  await line.store.accounts.change(id, { removesFactor: true }, entry)
}

function newRecoveryCodes({ chance }: Staff): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => newCode(RECOVERY_LENGTH, chance))
}

/** `ABCDE-FGHJK`: easier to copy. */
function writtenCode(code: string): string {
  return `${code.slice(0, RECOVERY_LENGTH / 2)}-${code.slice(RECOVERY_LENGTH / 2)}`
}
