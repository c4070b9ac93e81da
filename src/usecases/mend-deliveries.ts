import { AppError } from '../kernel/errors.ts'
import { scrub } from '../kernel/logger.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

/** A job that failed every time. */
export interface DeadLetter {
  id: string
  name: string
  data: Job['data']
  failedAt: Date
  error: string
}

/** Where jobs end that failed every time. */
export interface DeadLetters {
  deadLetters(limit?: number): Promise<DeadLetter[]>
  /** Back into its queue with all its tries. False when there is no such dead letter. */
  replay(id: string): Promise<boolean>
  discard(id: string): Promise<boolean>
}

/** What could not be delivered, the oldest first. @throws AppError `action-forbidden` for all but administrators */
export async function listDeadLetters(account: Account, letters: DeadLetters): Promise<DeadLetter[]> {
  checkAdministrator(account)
  const all = await letters.deadLetters()
  return all.map(letter => ({ ...letter, error: scrub(letter.error) }))
}

/**
 * Tries a dead letter again, or gives it up for good.
 * @throws AppError `dead-letter-not-found`, `action-forbidden`
 */
export async function mendDeadLetter(
  line: Pick<Line, 'logger'>,
  account: Account,
  letters: DeadLetters,
  { id, does }: { id: string; does: 'replay' | 'discard' },
): Promise<void> {
  checkAdministrator(account)
  if (!(await letters[does](id))) throw new AppError('dead-letter-not-found')
  line.logger.info({ id, does, account: account.login }, 'somebody took care of a dead letter')
}

export function checkAdministrator({ role }: Account): void {
  if (role !== 'admin') throw new AppError('action-forbidden', { role })
}
