import { checkFilter } from './check-filter.ts'
import type { StateCount } from './handler-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { type DeskFilter, matchFor } from './work-at-desk.ts'

/** How many open cases an account's list would show, by state. @throws AppError `body-invalid` as `checkFilter` */
export function countDeskCases(line: Line, account: Account, filter: DeskFilter): Promise<StateCount[]> {
  checkFilter(line, filter)
  return line.store.countByState(matchFor(line, account, filter), line.clock.now())
}
