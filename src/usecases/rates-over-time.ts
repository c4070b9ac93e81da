import type { Locale } from '../language/understanding.ts'
import { refreshScores } from './evaluate-period.ts'
import type { Line } from './line.ts'
import type { RatePoint } from './overview-ports.ts'
import { overviewScope } from './overview-scope.ts'
import type { Account } from './ports.ts'

export interface RatesRequest {
  /** Local dates, inclusive; the day is that of the filing. */
  from: string
  to: string
  step: 'month' | 'week'
  department?: string | undefined
}

export interface RatesOverTime {
  departments: { id: string; name: string }[]
  points: RatePoint[]
}

/** The three rates by department, month by month or week by week. @throws AppError as `overviewScope` */
export async function ratesOverTime(
  line: Line,
  account: Account,
  { from, to, step, department }: RatesRequest,
  locale: Locale,
): Promise<RatesOverTime> {
  const scope = overviewScope(line, account, department)
  await refreshScores(line)
  const points = await line.store.overviews.rates({ from, to, by: 'filed', ...scope }, step)
  const counted = Map.groupBy(points, point => point.department)
  const sizeOf = (id: string) => counted.get(id)!.reduce((sum, point) => sum + point.counted, 0)
  return {
    departments: [...counted.keys()]
      .toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a < b ? -1 : 1))
      .map(id => ({ id, name: line.names.department(id, locale) })),
    points,
  }
}
