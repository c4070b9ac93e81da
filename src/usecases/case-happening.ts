import { type Case, foldCase } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import type { Transaction } from './ports.ts'

/** An event with the case as it was right after it: what is told is the same at each try, whatever has happened since. */
export interface CaseHappening {
  case: Case
  event: CaseEvent
}

/** Null when there is no such event. */
export async function happenedAt(
  tx: Transaction,
  caseId: string,
  seq: number,
): Promise<CaseHappening | null> {
  const stored = await tx.caseById(caseId)
  const event = stored?.events.find(each => each.seq === seq)
  return stored && event ? { case: foldCase(stored.events.slice(0, seq)), event } : null
}
