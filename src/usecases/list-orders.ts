import { SUPERVISION_LEVELS, type SupervisionLevel } from '../cases/case-inputs.ts'
import type { Locale } from '../language/understanding.ts'
import { caseConditions, type DeskFilter } from './desk-filter.ts'
import type { Line } from './line.ts'
import type { OpenOrder } from './overview-ports.ts'
import { overviewScope } from './overview-scope.ts'
import type { Account } from './ports.ts'
import { type DeskRow, listDeskCases } from './work-at-desk.ts'

const STANDINGS = ['unanswered', 'late', 'answered'] as const
const LISTED = 20

/** How many open orders of a level stand so; `late` ones are unanswered ones too. */
export interface OrderNumber {
  level: SupervisionLevel
  is: (typeof STANDINGS)[number]
  count: number
  filter: DeskFilter
}

/** Open supervision orders: how many, and the first due. @throws AppError as `overviewScope` */
export async function listOrders(
  line: Line,
  account: Account,
  asked: { department?: string | undefined },
  locale: Locale,
): Promise<{ numbers: OrderNumber[]; orders: (OpenOrder & { row: DeskRow })[] }> {
  const scope = overviewScope(line, account, asked.department)
  const wanted = SUPERVISION_LEVELS.flatMap(level =>
    STANDINGS.map(is => ({ level, is, filter: { ...scope, order: { level, is } } })),
  )
  const { overviews } = line.store
  const [counts, open] = await Promise.all([
    overviews.countEach(wanted.map(({ filter }) => caseConditions(line, account, filter))),
    overviews.orders({ ...scope, limit: LISTED }),
  ])
  const ids = open.map(({ id }) => id)
  const { rows } = await listDeskCases(line, account, { ids, sort: 'due', limit: LISTED }, locale)
  return {
    numbers: wanted.map((each, index) => ({ ...each, count: counts[index]! })),
    orders: open.flatMap(order => {
      const row = rows.find(({ id }) => id === order.id)
      return row ? [{ ...order, row }] : []
    }),
  }
}
