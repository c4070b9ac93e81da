import type { Light } from '../clocks/stage-clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { CaseConditions, CaseFilter, LightOf } from './case-filter.ts'
import { checkFilter } from './check-filter.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { viewOf } from './role-views.ts'

/** What the desk asks for; lights and orders are those of now, and who may see what is decided here. */
export type DeskFilter = Omit<CaseConditions, 'includeConfidential' | 'light' | 'order'> & {
  filedBy?: NonNullable<CaseFilter['filedBy']>
  light?: Light
  /** The promise's, if nothing is said. */
  lightOf?: LightOf
  order?: Omit<NonNullable<CaseFilter['order']>, 'at'>
}

export type ListPage = Pick<CaseFilter, 'sort' | 'limit' | 'cursor'>

/** Which cases an account means by a filter: those of a list, and those of a number that opens it. @throws AppError as `checkFilter` */
export function caseConditions(
  line: Pick<Line, 'content' | 'clock'>,
  account: Account,
  { light, lightOf = 'promise', order, ...filter }: DeskFilter,
): Omit<CaseFilter, 'sort' | 'limit' | 'cursor'> {
  checkFilter(line, filter)
  const view = viewOf(line, account)
  const own = view.cases === 'every' ? {} : { department: departmentOf(account) }
  const at = line.clock.now()
  // What was told in confidence is nowhere, else a place would say who told it.
  const isAboutPlace = filter.street !== undefined || filter.community !== undefined
  return {
    ...filter,
    ...own,
    ...(light ? { light: { is: light, of: lightOf, at } } : {}),
    ...(order ? { order: { ...order, at } } : {}),
    includeConfidential: !isAboutPlace && view.confidential !== 'none',
  }
}

/** Of whoever works for one. @throws AppError `action-forbidden` for an account without */
export function departmentOf(account: Account): string {
  if (!account.department) throw new AppError('action-forbidden', { role: account.role })
  return account.department
}
