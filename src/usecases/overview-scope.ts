import type { Role } from '../cases/case-state.ts'
import { localDateOf, startOfLocalDate } from '../clocks/working-calendar.ts'
import { DAY } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { checkFilter } from './check-filter.ts'
import type { Line } from './line.ts'
import { departmentOf } from './may-see.ts'
import type { Account } from './ports.ts'

/** Roles that oversee every department. */
const OVERSEE: readonly Role[] = ['arbiter', 'supervisor', 'admin']

/** What is overseen: all departments, or one. */
export interface OverviewScope {
  department?: string
}

/**
 * Supervisors, arbiters and administrators oversee all, or the department that they ask for; a handler the own one.
 * @throws AppError `action-forbidden` for agents, `body-invalid` for a department that there is not
 */
export function overviewScope(line: Pick<Line, 'content'>, account: Account, asked?: string): OverviewScope {
  const { role } = account
  if (role === 'handler') return { department: departmentOf(account) }
  if (!OVERSEE.includes(role)) throw new AppError('action-forbidden', { role })
  if (asked === undefined) return {}
  checkFilter(line, { department: asked })
  return { department: asked }
}

/** Local midnight so many days ago; 0 is that of today. */
export function startOfDay(now: Date, daysAgo = 0): Date {
  return startOfLocalDate(localDateOf(new Date(now.getTime() - daysAgo * DAY)))
}
