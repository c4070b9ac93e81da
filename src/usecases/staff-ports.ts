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

/** Sessions behind tokens that are kept hashed. */
export interface StaffSessions {
  /** @returns its token */
  openSession(accountId: string, session: Omit<StaffSession, 'id'>): Promise<string>
  /**
   * Whose it is and which, while it lasts. With `idleUntil` this counts as use and it lasts until then, to the minute; with null
   * it does not.
   */
  session(
    token: string,
    now: Date,
    idleUntil: Date | null,
  ): Promise<{ account: Account; sessionId: string } | null>
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
