import type { Case } from '../cases/case.ts'
import type { Transaction } from './ports.ts'

/** How many of those who joined are shown by name; the count is of all. */
const SHOWN = 50

/** What a case has to do with those of others about the same thing, for the desk. */
export interface JoinedView {
  /** People who told of it: its own teller and those who joined. Its answer goes to all of them. */
  people: number
  /** The case that is handled for this one. */
  to: { id: string; number: string } | null
  /** Cases that wait for its answer, oldest first. */
  cases: { id: string; number: string; summary: string; place: string | null; filedAt: string }[]
}

export async function describeJoined(
  tx: Transaction,
  current: Case,
  handled: Case | null,
): Promise<JoinedView> {
  const [people, waiting] = await Promise.all([
    tx.peopleOf(current.id),
    tx.joinedTo(current.id, { after: '', limit: SHOWN }),
  ])
  return {
    people,
    to: handled && { id: handled.id, number: handled.number },
    cases: waiting.map(({ id, number, summary, place, filedAt }) => ({
      id,
      number,
      summary,
      place,
      filedAt: filedAt.toISOString(),
    })),
  }
}
