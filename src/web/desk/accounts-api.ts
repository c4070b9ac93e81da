import { type Account, call } from './desk-api.ts'

/** Roles of accounts, as forms offer them. */
export const ROLES = ['agent', 'handler', 'arbiter', 'supervisor', 'admin', 'auditor'] as const
/** The one role that works for a department. */
export const ROLE_OF_DEPARTMENT = 'handler'

export interface AccountRecord extends Account {
  isDisabled: boolean
  mustChange: boolean
  hasFactor: boolean
  lastSeenAt: string | null
}

export interface Profile {
  displayName: string
  role: string
  department: string | null
}

export interface AccountChange {
  id: string
  at: string
  by: string
  change: string
  details: Record<string, unknown>
  login: string
  displayName: string
}

export interface LookAtCase {
  login: string
  displayName: string
  at: string
  caseId: string
  number: string
}

export interface TakenFile {
  id: string
  login: string
  displayName: string
  format: string
  rows: number
  at: string
}

/** What an administrator does with an account in one step. */
export type AccountStep = 'disabling' | 'enabling' | 'factor-removal' | 'sessions-end'

export async function listAccounts(): Promise<AccountRecord[]> {
  return (await call<{ rows: AccountRecord[] }>('/accounts')).rows
}

/** The first password is told this once. `key` is that of the filled form: sent again after a lost connection, it adds one. */
export async function addAccount(
  wanted: Profile & { login: string; password: string | null },
  key: string,
): Promise<string | null> {
  const headers = { 'idempotency-key': key }
  return (await call<{ password: string | null }>('/accounts', { body: wanted, headers })).password
}

export async function changeAccount(id: string, profile: Profile): Promise<void> {
  await call(`/accounts/${encodeURIComponent(id)}`, { body: profile })
}

/** The new password is told this once. */
export async function resetPassword(id: string): Promise<string | null> {
  return (
    await call<{ password: string | null }>(`/accounts/${encodeURIComponent(id)}/password`, { body: {} })
  ).password
}

export async function takeStep(id: string, step: AccountStep): Promise<void> {
  await call(`/accounts/${encodeURIComponent(id)}/${step}`, { body: {} })
}

/** What was done to accounts, or to one. */
export async function accountChanges(id?: string): Promise<AccountChange[]> {
  const query = id ? `?account=${encodeURIComponent(id)}` : ''
  return (await call<{ rows: AccountChange[] }>(`/account-changes${query}`)).rows
}

export async function latestLooks(): Promise<LookAtCase[]> {
  return (await call<{ rows: LookAtCase[] }>('/looks')).rows
}

export async function takenFiles(): Promise<TakenFile[]> {
  return (await call<{ rows: TakenFile[] }>('/evaluation/exports')).rows
}
