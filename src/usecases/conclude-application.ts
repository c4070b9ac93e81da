import { isToBeConcluded } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { DAY } from '../kernel/clock.ts'
import { actOnCase } from './act-on-case.ts'
import { itemOf } from './application-words.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { THE_LINE } from './record-filing.ts'

/** Ends an application of which nothing is left to do, in the transaction of its last step: the applicant is told with what they get. */
export function concludeIfDone(line: Line, tx: Transaction, current: Case): Case {
  if (!isToBeConcluded(current)) return current
  const { outcome, text } = current.decision!
  const input = {
    outcome,
    text,
    certificate: certificateNumber(line, current),
    validUntil: outcome === 'approved' ? validUntil(line, current) : null,
  }
  return actOnCase(line, tx, current, { action: 'conclude', actor: THE_LINE, input }).case
}

/** The item's code, the case's number, and after a rework which time it is. */
function certificateNumber(line: Line, { application, number, reworkCount }: Case): string {
  const code = itemOf(line, application!)?.code ?? 'SF'
  return [code, number, ...(reworkCount > 0 ? [reworkCount + 1] : [])].join('-')
}

/** The last day on which it is valid: the day before the same date, so many years on. */
function validUntil(line: Line, { application }: Case): string | null {
  const years = itemOf(line, application!)?.result.validYears
  if (years === undefined) return null
  const [year, month, day] = localDateOf(line.clock.now()).split('-').map(Number) as [number, number, number]
  return new Date(Date.UTC(year + years, month - 1, day) - DAY).toISOString().slice(0, 10)
}
