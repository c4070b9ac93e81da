import { localDateOf, startOfLocalDate } from '../clocks/working-calendar.ts'
import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { checkFilter } from './check-filter.ts'
import { departmentOf } from './desk-filter.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { viewOf } from './role-views.ts'

/** What is overseen: all departments, or one. */
export interface OverviewScope {
  department?: string
}

/**
 * Supervisors, arbiters and administrators oversee all, or the department that they ask for; a handler the own one.
 * @throws AppError `action-forbidden` for who sees no figures, `body-invalid` for a department that there is not
 */
export function overviewScope(line: Pick<Line, 'content'>, account: Account, asked?: string): OverviewScope {
  const { role } = account
  const { figures } = viewOf(line, account)
  if (figures === 'own') return { department: departmentOf(account) }
  if (figures === 'none') throw new AppError('action-forbidden', { role })
  if (asked === undefined) return {}
  checkFilter(line, { department: asked })
  return { department: asked }
}

/** Local midnight so many days ago; 0 is that of today. */
export function startOfDay(now: Date, daysAgo = 0): Date {
  return startOfLocalDate(localDateOf(new Date(now.getTime() - daysAgo * DAY)))
}
