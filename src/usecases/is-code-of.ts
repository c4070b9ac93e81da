import type { Case } from '../cases/case.ts'
import type { Transaction } from './ports.ts'

/** Does the query code open the case? That of the case from which it was split does, too: nobody was told another one. */
export async function isCodeOf(tx: Transaction, current: Case, queryCode: string): Promise<boolean> {
  if (await tx.isQueryCodeOf(current.id, queryCode)) return true
  const original = current.splitFrom === undefined ? null : await tx.caseById(current.splitFrom)
  return original !== null && isCodeOf(tx, original.case, queryCode)
}
