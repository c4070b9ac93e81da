import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import type { StaffSession } from './staff-ports.ts'

type Staff = Pick<Line, 'clock' | 'logger'> & { store: Pick<Line['store'], 'accounts'> }

/** Sessions of an account that go on, newest first: one's own, or anybody's for administrators. @throws AppError `action-forbidden` */
export async function listSessions(line: Staff, account: Account, ownerId: string): Promise<StaffSession[]> {
  checkOwner(account, ownerId)
  return line.store.accounts.sessionsOf(ownerId, line.clock.now())
}

/** Ends a session at once. @throws AppError `action-forbidden`, `session-not-found` */
export async function endSession(
  line: Staff,
  account: Account,
  ownerId: string,
  sessionId: string,
): Promise<void> {
  checkOwner(account, ownerId)
  if (!(await line.store.accounts.endSession(ownerId, sessionId))) throw new AppError('session-not-found')
  line.logger.info({ by: account.id, owner: ownerId }, 'a session at the desk was ended')
}

/** Ends all of one's sessions but this. @returns how many */
export async function endOtherSessions(line: Staff, account: Account, keptId: string): Promise<number> {
  const ended = await line.store.accounts.endOtherSessions(account.id, keptId)
  line.logger.info({ by: account.id, ended }, 'other sessions at the desk were ended')
  return ended
}

function checkOwner({ id, role }: Account, ownerId: string): void {
  if (id !== ownerId && role !== 'admin') throw new AppError('action-forbidden', { role })
}
