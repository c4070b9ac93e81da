import { DAY } from '../kernel/clock.ts'
import { caseConditions, type DeskFilter } from './desk-filter.ts'
import type { Line } from './line.ts'
import { overviewScope, startOfDay } from './overview-scope.ts'
import type { Account } from './ports.ts'

/** What is counted, in the order of the page. */
export const TODAY = [
  'arrived',
  'due',
  'overdue',
  'unsigned',
  'returned',
  'doubtful',
  'extension',
  'out-of-duty',
  'review',
  'order',
] as const
export type TodayName = (typeof TODAY)[number]

/** Doubts of so many days count. */
const DOUBT_DAYS = 30

/** A number, and the filter of the list that it opens. */
export interface TodayNumber {
  name: TodayName
  count: number
  filter: DeskFilter
}

/**
 * What there is to look at today: arrived, due until tonight, overdue, not signed, returned and not ruled, doubtful in the last
 * thirty days, and what waits for the centre. Each number counts by the conditions of its list.
 * @throws AppError as `overviewScope`
 */
export async function superviseToday(
  line: Line,
  account: Account,
  asked: { department?: string | undefined },
): Promise<{ at: Date; numbers: TodayNumber[] }> {
  const scope = overviewScope(line, account, asked.department)
  const at = line.clock.now()
  const filters = filtersOf(at)
  const wanted = TODAY.map(name => ({ name, filter: { ...filters[name], ...scope } }))
  const counts = await line.store.overviews.countEach(
    wanted.map(({ filter }) => caseConditions(line, account, filter)),
  )
  return { at, numbers: wanted.map((each, index) => ({ ...each, count: counts[index]! })) }
}

function filtersOf(now: Date): Record<TodayName, DeskFilter> {
  const tonight = startOfDay(new Date(now.getTime() + DAY))
  return {
    arrived: { filedSince: startOfDay(now) },
    due: { dueFrom: now, dueBefore: tonight },
    overdue: { light: 'red' },
    unsigned: { states: ['dispatched'] },
    returned: { awaits: 'ruling' },
    doubtful: { doubtfulSince: startOfDay(now, DOUBT_DAYS) },
    extension: { awaits: 'extension' },
    'out-of-duty': { awaits: 'out-of-duty' },
    review: { reviewBefore: tonight },
    order: { order: { is: 'unanswered' } },
  }
}
