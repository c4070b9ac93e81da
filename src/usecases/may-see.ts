import type { Role } from '../cases/case-state.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

/** Roles that see every department's cases. */
export const CENTRE: readonly Role[] = ['agent', 'arbiter', 'supervisor', 'admin']
/** Roles that see every confidential matter, and who told of it. */
const TRUSTED: readonly Role[] = ['arbiter', 'supervisor', 'admin']

/** Trusted with any confidential case and with who told of it: some roles, and departments that receive reports themselves. */
export function maySeeConfidential(line: Pick<Line, 'content'>, account: Account): boolean {
  if (TRUSTED.includes(account.role)) return true
  return line.content.departments.get(account.department ?? '')?.confidential === true
}

/** Of whoever works for one. @throws AppError `action-forbidden` for an account without */
export function departmentOf(account: Account): string {
  if (!account.department) throw new AppError('action-forbidden', { role: account.role })
  return account.department
}
