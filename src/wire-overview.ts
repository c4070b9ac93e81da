import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { overviewRoutes } from './adapters/http/overview-routes.ts'
import { exportOverview } from './usecases/export-overview.ts'
import { createHotIssues } from './usecases/find-hot-issues.ts'
import { createForecasts } from './usecases/forecast-late.ts'
import type { Line } from './usecases/line.ts'
import { listOrders } from './usecases/list-orders.ts'
import { mapCases } from './usecases/map-cases.ts'
import { ratesOverTime } from './usecases/rates-over-time.ts'
import { superviseToday } from './usecases/supervise-today.ts'
import { traceReturns } from './usecases/trace-returns.ts'

/** The supervisor's page with its use cases bound. */
export function wireOverview(line: Line): DeskRoutes {
  const kept = { issues: createHotIssues(line), forecast: createForecasts(line) }
  return overviewRoutes({
    ...kept,
    today: (...asked) => superviseToday(line, ...asked),
    places: (...asked) => mapCases(line, ...asked),
    rates: (...asked) => ratesOverTime(line, ...asked),
    returns: (...asked) => traceReturns(line, ...asked),
    orders: (...asked) => listOrders(line, ...asked),
    exportPart: (...asked) => exportOverview(line, kept, ...asked),
  })
}
