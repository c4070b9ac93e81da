import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Locale } from '../../language/understanding.ts'
import type { OverviewExport } from '../../usecases/export-overview.ts'
import type { FindHotIssues } from '../../usecases/find-hot-issues.ts'
import type { ForecastLate } from '../../usecases/forecast-late.ts'
import type { listOrders } from '../../usecases/list-orders.ts'
import type { mapCases } from '../../usecases/map-cases.ts'
import type { Account } from '../../usecases/ports.ts'
import type { ratesOverTime } from '../../usecases/rates-over-time.ts'
import type { superviseToday } from '../../usecases/supervise-today.ts'
import type { ExportedTable, ExportFormat } from '../../usecases/take-out.ts'
import type { traceReturns } from '../../usecases/trace-returns.ts'
import { presentRow } from './desk-schemas.ts'
import { type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { queryOfFilter } from './list-filter.ts'
import { localeOfHeader } from './match-locale.ts'
import * as schemas from './overview-schemas.ts'
import { sendTable } from './table-file.ts'

/** A use case with its line bound. */
type Bound<UseCase> = UseCase extends (line: never, ...rest: infer Rest) => infer Answer
  ? (...rest: Rest) => Answer
  : never

export interface OverviewParts {
  today: Bound<typeof superviseToday>
  places: Bound<typeof mapCases>
  issues: FindHotIssues
  rates: Bound<typeof ratesOverTime>
  returns: Bound<typeof traceReturns>
  forecast: ForecastLate
  orders: Bound<typeof listOrders>
  exportPart(
    account: Account,
    request: OverviewExport,
    as: { format: ExportFormat; locale: Locale },
  ): Promise<ExportedTable>
}

/** The supervisor's page: numbers that open their lists, and each part as a file that says who took it. */
export function overviewRoutes(parts: OverviewParts): DeskRoutes {
  return scope => {
    addNumbers(scope, parts)
    addTrends(scope, parts)
    addWork(scope, parts)
    addExport(scope, parts)
  }
}

function addNumbers(scope: DeskScope, parts: OverviewParts): void {
  const app = typedApp(scope)
  app.get(
    '/overview/today',
    described('What there is to look at today', schemas.todaySchema),
    async request => {
      const { at, numbers } = await parts.today(await scope.account(request), request.query)
      return { at: at.toISOString(), numbers: numbers.map(withQuery) }
    },
  )
  app.get('/overview/places', described('Where cases are', schemas.placesSchema), async request => {
    const map = await parts.places(await scope.account(request), request.query, localeOf(request))
    return { ...map, since: map.since.toISOString() }
  })
}

function addTrends(scope: DeskScope, parts: OverviewParts): void {
  const app = typedApp(scope)
  app.get('/overview/issues', described('What many tell of', schemas.issuesSchema), async request => {
    const found = await parts.issues(await scope.account(request), request.query)
    return { ...found, since: found.since.toISOString() }
  })
  app.get(
    '/overview/rates',
    {
      schema: {
        ...described('The three rates by department over time', schemas.ratesSchema).schema,
        querystring: schemas.ratesQuery,
      },
    },
    async request => parts.rates(await scope.account(request), request.query, localeOf(request)),
  )
  app.get(
    '/overview/returns',
    described('Who returns what, and who then gets it', schemas.returnsSchema),
    async request => {
      const account = await scope.account(request)
      const { since, passes } = await parts.returns(account, request.query, localeOf(request))
      return { since: since.toISOString(), passes: passes.map(withQuery) }
    },
  )
}

function addWork(scope: DeskScope, parts: OverviewParts): void {
  const app = typedApp(scope)
  app.get(
    '/overview/forecast',
    described('What is likeliest to be late, and why', schemas.forecastSchema),
    async request => {
      const found = await parts.forecast(await scope.account(request), request.query, localeOf(request))
      return { ...found, likeliest: found.likeliest.map(each => ({ ...each, row: presentRow(each.row) })) }
    },
  )
  app.get('/overview/orders', described('Open supervision orders', schemas.ordersSchema), async request => {
    const account = await scope.account(request)
    const { numbers, orders } = await parts.orders(account, request.query, localeOf(request))
    return {
      numbers: numbers.map(withQuery),
      orders: orders.map(({ row, dueAt, level, isAnswered }) => ({
        row: presentRow(row),
        level,
        dueAt: dueAt?.toISOString() ?? null,
        isAnswered,
      })),
    }
  })
}

function addExport(scope: DeskScope, parts: OverviewParts): void {
  typedApp(scope).get(
    '/overview/export',
    {
      schema: {
        tags,
        summary: 'One part of the page as CSV or XLSX; recorded and marked with who took it',
        querystring: schemas.overviewExportQuery,
        response: { 200: z.any().meta({ description: 'The file' }), '4xx': errorBody },
      },
    },
    async (request, reply) => {
      const { format, locale = localeOf(request), ...asked } = request.query
      const table = await parts.exportPart(await scope.account(request), asked, { format, locale })
      return sendTable(reply, table, format)
    },
  )
}

function described<Answer extends z.ZodType>(summary: string, answer: Answer) {
  return {
    schema: {
      tags,
      summary,
      querystring: schemas.overviewQuery,
      response: { 200: answer, '4xx': errorBody },
    },
  }
}

function withQuery<Counted extends { filter: Parameters<typeof queryOfFilter>[0] }>(counted: Counted) {
  return { ...counted, filter: queryOfFilter(counted.filter) }
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
