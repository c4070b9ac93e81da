import type { Locale } from '../language/understanding.ts'
import type { DeskFilter } from './desk-filter.ts'
import type { Line } from './line.ts'
import { overviewScope, startOfDay } from './overview-scope.ts'
import type { Account } from './ports.ts'

/** So many days, with today, are looked back. */
const DAYS = 90

/** Cases that one department sent back and another then got. */
export interface Pass {
  sender: { id: string; name: string }
  /** Null while nobody has ruled. */
  receiver: { id: string; name: string } | null
  cases: number
  filter: DeskFilter
}

/** Who sends to whom: returns of the last ninety days and where they went. @throws AppError as `overviewScope` */
export async function traceReturns(
  line: Line,
  account: Account,
  asked: { department?: string | undefined },
  locale: Locale,
): Promise<{ since: Date; passes: Pass[] }> {
  const scope = overviewScope(line, account, asked.department)
  const since = startOfDay(line.clock.now(), DAYS - 1)
  const named = (id: string) => ({ id, name: line.names.department(id, locale) })
  const counts = await line.store.overviews.passes({ ...scope, since })
  return {
    since,
    passes: counts.map(({ sender, receiver, cases }) => ({
      sender: named(sender),
      receiver: receiver === null ? null : named(receiver),
      cases,
      filter: { ...scope, passed: { by: sender, to: receiver, since } },
    })),
  }
}
