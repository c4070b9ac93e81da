import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Account, Look, LookAtCase } from './ports.ts'
import { checkSees, maySee } from './role-views.ts'

const LATEST_LOOKS = 200

/**
 * Who looked at a confidential case or asked for the person of a case, newest first, the latest two hundred.
 * @throws AppError `action-forbidden` for who does not see looks, `case-not-found`
 */
export async function caseLooks(line: Line, account: Account, caseId: string): Promise<Look[]> {
  checkSees(account, 'looks')
  const stored = await line.store.transact(tx => tx.caseById(caseId))
  if (!stored || !maySee(line, account, stored.case)) throw new AppError('case-not-found')
  return line.store.accounts.looksAt(caseId)
}

/** The latest looks at any case, newest first. @throws AppError `action-forbidden` likewise */
export async function latestLooks(line: Line, account: Account): Promise<LookAtCase[]> {
  checkSees(account, 'looks')
  return line.store.accounts.latestLooks(LATEST_LOOKS)
}
