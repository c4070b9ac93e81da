import type { Light } from '../clocks/stage-clock.ts'
import type { CaseConditions, CaseFilter } from './case-filter.ts'
import { checkFilter } from './check-filter.ts'
import type { Line } from './line.ts'
import { CENTRE, departmentOf, maySeeConfidential } from './may-see.ts'
import type { Account } from './ports.ts'

/** What the desk asks for; lights and orders are those of now, and who may see what is decided here. */
export type DeskFilter = Omit<CaseConditions, 'includeConfidential' | 'light' | 'order'> & {
  filedBy?: NonNullable<CaseFilter['filedBy']>
  light?: Light
  order?: Omit<NonNullable<CaseFilter['order']>, 'at'>
}

export type ListPage = Pick<CaseFilter, 'sort' | 'limit' | 'cursor'>

/** Which cases an account means by a filter: those of a list, and those of a number that opens it. @throws AppError as `checkFilter` */
export function caseConditions(
  line: Pick<Line, 'content' | 'clock'>,
  account: Account,
  { light, order, ...filter }: DeskFilter,
): Omit<CaseFilter, 'sort' | 'limit' | 'cursor'> {
  checkFilter(line, filter)
  const own = CENTRE.includes(account.role) ? {} : { department: departmentOf(account) }
  const at = line.clock.now()
  // What was told in confidence is nowhere, else a place would say who told it.
  const isAboutPlace = filter.street !== undefined || filter.community !== undefined
  return {
    ...filter,
    ...own,
    ...(light ? { light: { is: light, at } } : {}),
    ...(order ? { order: { ...order, at } } : {}),
    // What a department is to handle it must find; the centre's agents need not know of reports.
    includeConfidential: !isAboutPlace && (account.role === 'handler' || maySeeConfidential(line, account)),
  }
}
