import { caseConditions, type DeskFilter } from './desk-filter.ts'
import type { StateCount } from './handler-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

/** How many open cases an account's list would show, by state. @throws AppError `body-invalid` as `checkFilter` */
export function countDeskCases(line: Line, account: Account, filter: DeskFilter): Promise<StateCount[]> {
  return line.store.countByState(caseConditions(line, account, filter), line.clock.now())
}
