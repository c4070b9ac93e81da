import type { DeskRole } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import { newCode, newId } from '../kernel/ids.ts'
import type { Line } from './line.ts'
import { checkAdministrator } from './mend-deliveries.ts'
import { checkNewPassword } from './password-rules.ts'
import type { Account } from './ports.ts'
import { checkSees } from './role-views.ts'
import type {
  AccountChange,
  AccountChangeKind,
  AccountPatch,
  AccountRecord,
  ListedAccountChange,
} from './staff-ports.ts'

type Staff = Pick<Line, 'clock' | 'chance' | 'logger'> & {
  store: Pick<Line['store'], 'accounts'>
  content: Pick<Line['content'], 'departments' | 'authority'>
}

/** Who does it: an administrator at the desk, or whoever sits at the machine and needs no account. */
export type Manager = Account | 'console'

/** A role that works for a department, and no other does. */
export const ROLE_OF_DEPARTMENT = 'handler' satisfies DeskRole
/** 31 letters: about seventy bits. */
const PASSWORD_LENGTH = 14
const LATEST_CHANGES = 500

export interface Profile {
  displayName: string
  role: DeskRole
  /** Of a handler; of no other. */
  department: string | null
}

/** A password that is told once. */
export interface GivenPassword {
  password: string
}

/** All accounts, in order of their logins. @throws AppError `action-forbidden` for all but administrators */
export async function listAccounts(line: Staff, manager: Manager): Promise<AccountRecord[]> {
  checkManager(manager)
  return line.store.accounts.records()
}

/**
 * Adds an account, with a password of one's choice or one that is made up; either must be changed at the first login.
 * @throws AppError `action-forbidden`, `login-taken`, `department-not-found`, and as `checkNewPassword`
 */
export async function addAccount(
  line: Staff,
  manager: Manager,
  { login, password, ...profile }: Profile & { login: string; password: string | null },
): Promise<{ account: Account } & GivenPassword> {
  checkManager(manager)
  checkProfile(line, profile)
  const given = passwordFor(line, password, login)
  const { role, department } = profile
  const entry = accountEntry(line, loginOf(manager), 'added', { role, department })
  const wanted = { login, ...profile }
  const account = await line.store.accounts.add(wanted, given, { mustChange: true, entry })
  line.logger.info({ account: account.login, by: loginOf(manager) }, 'an account was added')
  return { account, password: given }
}

/**
 * Gives an account another name, role or department. Its sessions go on and see at once what the new role sees.
 * @throws AppError `action-forbidden`, `account-not-found`, `department-not-found`; `own-account` when somebody changes their own
 * role; `last-administrator`
 */
export async function changeAccount(
  line: Staff,
  manager: Manager,
  accountId: string,
  profile: Profile,
): Promise<void> {
  checkProfile(line, profile)
  const before = await managed(line, manager, accountId)
  if (profile.role !== before.role) checkNotOwn(manager, before)
  const changed = (Object.keys(profile) as (keyof Profile)[]).filter(name => profile[name] !== before[name])
  if (changed.length === 0) return
  const details = Object.fromEntries(changed.map(name => [name, { from: before[name], to: profile[name] }]))
  await change(line, manager, before, { patch: { profile }, kind: 'changed', details })
}

/**
 * Gives an account the posts by which it may do steps of applications, in place of those before.
 * @throws AppError `action-forbidden`, `account-not-found`; `own-account`: nobody gives themselves an authority; `post-not-found`
 */
export async function setPosts(
  line: Staff,
  manager: Manager,
  accountId: string,
  posts: readonly string[],
): Promise<void> {
  const before = await managed(line, manager, accountId)
  checkNotOwn(manager, before)
  const known = line.content.authority.posts.map(({ id }) => id)
  const strange = posts.find(post => !known.includes(post))
  if (strange !== undefined) throw new AppError('post-not-found', { post: strange, known })
  const details = { posts: { from: before.posts ?? [], to: posts } }
  await change(line, manager, before, { patch: { posts }, kind: 'changed', details })
}

/** Nobody opens the desk with it until it is enabled again; its sessions end at once. @throws AppError as `changeAccount` */
export async function disableAccount(line: Staff, manager: Manager, accountId: string): Promise<void> {
  const before = await managed(line, manager, accountId)
  checkNotOwn(manager, before)
  if (before.isDisabled) return
  const patch = { disabledAt: line.clock.now(), endsSessions: { but: null } }
  await change(line, manager, before, { patch, kind: 'disabled' })
}

/** @throws AppError `action-forbidden`, `account-not-found` */
export async function enableAccount(line: Staff, manager: Manager, accountId: string): Promise<void> {
  const before = await managed(line, manager, accountId)
  if (before.isDisabled) await change(line, manager, before, { patch: { disabledAt: null }, kind: 'enabled' })
}

/**
 * Gives an account another password, which must be changed at the next login; its sessions end.
 * @throws AppError `action-forbidden`, `account-not-found`, `own-account`: one's own is changed with the old one; as `checkNewPassword`
 */
export async function resetPassword(
  line: Staff,
  manager: Manager,
  accountId: string,
  password: string | null,
): Promise<GivenPassword> {
  const before = await managed(line, manager, accountId)
  checkNotOwn(manager, before)
  const text = passwordFor(line, password, before.login)
  const patch = { password: { text, mustChange: true }, endsSessions: { but: null } }
  await change(line, manager, before, { patch, kind: 'password-reset' })
  return { password: text }
}

/** Ends all sessions of an account. @throws AppError `action-forbidden`, `account-not-found` */
export async function endAllSessions(line: Staff, manager: Manager, accountId: string): Promise<void> {
  const before = await managed(line, manager, accountId)
  const patch = { endsSessions: { but: null } }
  await change(line, manager, before, { patch, kind: 'sessions-ended' })
}

/**
 * Takes the second factor away, for whoever lost it; sessions end.
 * @throws AppError `action-forbidden`, `account-not-found`, `own-account`: one's own is removed with a code of it
 */
export async function resetFactor(line: Staff, manager: Manager, accountId: string): Promise<void> {
  const before = await managed(line, manager, accountId)
  checkNotOwn(manager, before)
  if (!before.hasFactor) return
  const patch = { removesFactor: true as const, endsSessions: { but: null } }
  await change(line, manager, before, { patch, kind: 'factor-removed' })
}

/** What was done to accounts, or to one, newest first. @throws AppError `action-forbidden` for who does not see that */
export async function accountChanges(
  line: Staff,
  account: Account,
  accountId?: string,
): Promise<ListedAccountChange[]> {
  checkSees(account, 'accountChanges')
  return line.store.accounts.changes({ accountId, limit: LATEST_CHANGES })
}

/** An entry of what was done to an account. `details` without secrets. */
export function accountEntry(
  { clock, chance }: Pick<Line, 'clock' | 'chance'>,
  by: string,
  change: AccountChangeKind,
  details: AccountChange['details'] = {},
): AccountChange {
  const at = clock.now()
  return { id: newId(at, chance), at, by, change, details }
}

async function change(
  line: Staff,
  manager: Manager,
  { id, login }: Account,
  what: { patch: AccountPatch; kind: AccountChangeKind; details?: AccountChange['details'] },
): Promise<void> {
  const by = loginOf(manager)
  await line.store.accounts.change(id, what.patch, accountEntry(line, by, what.kind, what.details))
  line.logger.info({ account: login, by, change: what.kind }, 'an account was changed')
}

async function managed(line: Staff, manager: Manager, id: string): Promise<AccountRecord> {
  checkManager(manager)
  const record = await line.store.accounts.record({ id })
  if (!record) throw new AppError('account-not-found')
  return record
}

function checkManager(manager: Manager): void {
  if (manager !== 'console') checkAdministrator(manager)
}

function checkNotOwn(manager: Manager, { id }: Account): void {
  if (manager !== 'console' && manager.id === id) throw new AppError('own-account')
}

function checkProfile({ content }: Staff, { role, department }: Profile): void {
  const isKnown = department !== null && content.departments.has(department)
  const fits = role === ROLE_OF_DEPARTMENT ? isKnown : department === null
  if (!fits) throw new AppError('department-not-found', { department })
}

function passwordFor({ chance }: Staff, chosen: string | null, login: string): string {
  if (chosen === null) return newCode(PASSWORD_LENGTH, chance)
  checkNewPassword(chosen, login)
  return chosen
}

function loginOf(manager: Manager): string {
  return manager === 'console' ? manager : manager.login
}
