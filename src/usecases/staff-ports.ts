import type { Role } from '../cases/case-state.ts'

export interface Account {
  id: string
  login: string
  displayName: string
  role: Role
  department: string | null
  /** Posts that they hold there, ids of `authority.yaml`: what they may do with applications. None when left out. */
  posts?: readonly string[] | undefined
}

/** A session at the desk, as its owner sees it. */
export interface StaffSession {
  id: string
  openedAt: Date
  /** When it ends if nobody uses it, and when it ends anyway. */
  idleUntil: Date
  until: Date
  /** What the browser said it is; empty when it said nothing. */
  browser: string
}

/** What somebody proved when a session began: a password, with a code of the second factor, or that an issuer knows them. */
export type LoginProof = 'password' | 'code' | 'issuer'

/** What else stands of an account, beside who it is. */
export interface AccountStanding {
  isDisabled: boolean
  /** The password was given by somebody else and must be changed first. */
  mustChange: boolean
  hasFactor: boolean
}

export interface KnownAccount {
  account: Account
  standing: AccountStanding
}

/** An account that a session is of, what was proved for it, and what still stands against it. */
export interface OpenSession extends KnownAccount {
  sessionId: string
  proof: LoginProof
}

/** Sessions behind tokens that are kept hashed. */
export interface StaffSessions {
  /** @param session `proof` left out: a password. @returns its token */
  openSession(accountId: string, session: Omit<StaffSession, 'id'> & { proof?: LoginProof }): Promise<string>
  /**
   * Whose it is and which, while it lasts. With `idleUntil` this counts as use and it lasts until then, to the minute; with null
   * it does not. Of a disabled account there is none.
   */
  session(token: string, now: Date, idleUntil: Date | null): Promise<OpenSession | null>
  /** The code of the second factor was right in this session. */
  proveSession(sessionId: string): Promise<void>
  /** Those of an account that have not ended, newest first. */
  sessionsOf(accountId: string, now: Date): Promise<StaffSession[]>
  closeSession(token: string): Promise<void>
  /** Ends one of this account. @returns whether there was one */
  endSession(accountId: string, sessionId: string): Promise<boolean>
  /** Ends all of an account but one. @returns how many */
  endOtherSessions(accountId: string, keptId: string): Promise<number>
  /** Forgets sessions that ended before, and trials that were last before. */
  forgetSessionsBefore(at: Date): Promise<void>
}

/** How long whoever typed a wrong password waits: so many are free, then it doubles. */
export interface WaitRule {
  free: number
  firstSeconds: number
  mostSeconds: number
}

/** Wrong passwords, counted for all instances. */
export interface LoginTrials {
  /**
   * Counts one trial before the password is looked at, so that trials at the same time are counted, too.
   * @returns null when it may be looked at, else until when to wait
   */
  tryLogin(login: string, address: string, now: Date): Promise<Date | null>
  /** The password was right: nothing is held against login and address, and the address is known for this login. */
  loginProved(login: string, address: string, now: Date): Promise<void>
}

/** An account as administrators see it. */
export interface AccountRecord extends Account, AccountStanding {
  /** When it was last used, to the minute. */
  lastSeenAt: Date | null
}

/** What can happen to an account. */
export const ACCOUNT_CHANGES = [
  'added',
  'changed',
  'disabled',
  'enabled',
  'password-reset',
  'password-changed',
  'sessions-ended',
  'factor-set',
  'factor-removed',
  'recovery-codes-made',
  'recovery-code-used',
] as const
export type AccountChangeKind = (typeof ACCOUNT_CHANGES)[number]

/** One entry of what was done to accounts. Nothing is ever removed. */
export interface AccountChange {
  id: string
  at: Date
  /** Login of who did it; `console` for whoever sat at the machine. */
  by: string
  change: AccountChangeKind
  /** What it was and what it is, without secrets. */
  details: Record<string, unknown>
}

export interface ListedAccountChange extends AccountChange {
  login: string
  displayName: string
}

/** What is to be otherwise with an account. */
export interface AccountPatch {
  profile?: Pick<Account, 'displayName' | 'role' | 'department'>
  /** In place of those before. */
  posts?: readonly string[]
  /** Null: enabled again. */
  disabledAt?: Date | null
  password?: { text: string; mustChange: boolean }
  removesFactor?: true
  /** Sessions end, all or all but one. */
  endsSessions?: { but: string | null }
}

/** Accounts as they are managed. A change and its entry are one. */
export interface AccountRegister {
  /** In order of their logins. */
  records(): Promise<AccountRecord[]>
  record(by: { id: string } | { login: string }): Promise<AccountRecord | null>
  /** @throws AppError `last-administrator` when nobody would be left who may administrate */
  change(accountId: string, patch: AccountPatch, entry: AccountChange): Promise<void>
  /** Newest first. */
  changes(filter: { accountId?: string | undefined; limit: number }): Promise<ListedAccountChange[]>
}

/** Second factors: secrets sealed, recovery codes as keyed hashes. */
export interface SecondFactors {
  /** A secret that counts once it is confirmed. */
  beginFactor(accountId: string, secret: string): Promise<void>
  pendingFactor(accountId: string): Promise<string | null>
  /** The pending secret counts from now on, its codes from after this step. */
  setFactor(
    accountId: string,
    factor: { step: number; recoveryCodes: readonly string[] },
    entry: AccountChange,
  ): Promise<void>
  factor(accountId: string): Promise<string | null>
  /** Takes a step's code, once over all instances. @returns false when it, or a later one, was taken before */
  takeStep(accountId: string, step: number): Promise<boolean>
  /** Takes a recovery code, once. @returns whether there was one */
  takeRecoveryCode(accountId: string, code: string, entry: AccountChange): Promise<boolean>
  renewRecoveryCodes(accountId: string, codes: readonly string[], entry: AccountChange): Promise<void>
  recoveryCodesLeft(accountId: string): Promise<number>
}

/** What a login by an issuer needs when somebody comes back from it. */
export interface SignOnTrial {
  state: string
  nonce: string
  verifier: string
}

/** Logins by an issuer that have begun; each is finished once, on whichever instance. */
export interface SignOnTrials {
  keepSignOn(trial: SignOnTrial, until: Date): Promise<void>
  takeSignOn(state: string, now: Date): Promise<SignOnTrial | null>
}

/** Somebody at the desk, or a machine by the name of its key, saw what few may. */
export interface Look {
  login: string
  displayName: string
  at: Date
}

/** A look, and at which case. */
export interface LookAtCase extends Look {
  caseId: string
  number: string
}

export interface AccountStore
  extends StaffSessions,
    LoginTrials,
    AccountRegister,
    SecondFactors,
    SignOnTrials {
  /** The account, disabled ones too, when login and password fit, else null; takes the same time either way. */
  verify(login: string, password: string): Promise<KnownAccount | null>
  /** With an entry it is written with it. @throws AppError `login-taken` */
  add(
    account: Omit<Account, 'id'>,
    password: string,
    how?: { mustChange: boolean; entry: AccountChange },
  ): Promise<Account>
  list(): Promise<Account[]>
  /** Who looked at what: every look at a case's person data and at a confidential case, by people and by machines. */
  recordLook(accountId: string, caseId: string, at: Date): Promise<void>
  /** Who looked at a case, newest first; the latest two hundred. */
  looksAt(caseId: string): Promise<Look[]>
  /** The latest looks at any case, newest first. */
  latestLooks(limit: number): Promise<LookAtCase[]>
}
