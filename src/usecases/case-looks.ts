import type { Role } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Account, Look } from './ports.ts'
import { maySee } from './work-at-desk.ts'

/** Who watches over those who look. */
const AUDITORS: readonly Role[] = ['supervisor', 'admin']

/**
 * Who looked at a confidential case or asked for the person of a case, newest first, the latest two hundred.
 * @throws AppError `action-forbidden` for all but supervisors and administrators, `case-not-found`
 */
export async function caseLooks(line: Line, account: Account, caseId: string): Promise<Look[]> {
  const { role } = account
  if (!AUDITORS.includes(role)) throw new AppError('action-forbidden', { role })
  const stored = await line.store.transact(tx => tx.caseById(caseId))
  if (!stored || !maySee(line, account, stored.case)) throw new AppError('case-not-found')
  return line.store.accounts.looksAt(caseId)
}
