import { localDateOf, localMinuteOf } from '../clocks/working-calendar.ts'
import type { Locale } from '../language/understanding.ts'
import type { FindHotIssues } from './find-hot-issues.ts'
import type { ForecastLate } from './forecast-late.ts'
import type { Line } from './line.ts'
import { listOrders } from './list-orders.ts'
import { mapCases } from './map-cases.ts'
import type { Account } from './ports.ts'
import { type RatesRequest, ratesOverTime } from './rates-over-time.ts'
import { superviseToday } from './supervise-today.ts'
import { type ExportedTable, type ExportFormat, type TableRow, takeOut } from './take-out.ts'
import { traceReturns } from './trace-returns.ts'
import type { DeskRow } from './work-at-desk.ts'

/** The parts of the supervisor's page; each leaves as a table of its own. */
export const OVERVIEW_PARTS = ['today', 'places', 'issues', 'rates', 'returns', 'forecast', 'orders'] as const
export type OverviewPart = (typeof OVERVIEW_PARTS)[number]

/** What is asked for; the period is that of the rates. */
export interface OverviewExport extends RatesRequest {
  part: OverviewPart
}

/** What keeps its answers for a while. */
export interface KeptOverviews {
  issues: FindHotIssues
  forecast: ForecastLate
}

interface Asker {
  line: Line
  account: Account
  request: OverviewExport
  locale: Locale
}

/** One part of the page as a table; recorded, and marked with who took it. @throws AppError as `overviewScope` */
export async function exportOverview(
  line: Line,
  kept: KeptOverviews,
  account: Account,
  request: OverviewExport,
  { format, locale }: { format: ExportFormat; locale: Locale },
): Promise<ExportedTable> {
  const { part } = request
  const { columns, rows } = await tables[part]({ line, account, request, locale }, kept)
  const head = columns.map(column => line.content.texts.of(locale, `overview.column.${column}`))
  const name = `overview-${part}-${localDateOf(line.clock.now())}`
  const asked = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))
  return takeOut(line, account, { name, request: asked, format, locale }, [head, ...rows])
}

interface Table {
  /** Keys of `overview.column`. */
  columns: string[]
  rows: TableRow[]
}

const tables: Record<OverviewPart, (asker: Asker, kept: KeptOverviews) => Promise<Table>> = {
  async today({ line, account, request, locale }) {
    const { numbers } = await superviseToday(line, account, request)
    const text = (name: string) => line.content.texts.of(locale, `overview.today.${name}`)
    return { columns: ['what', 'cases'], rows: numbers.map(({ name, count }) => [text(name), count]) }
  },

  async places({ line, account, request, locale }) {
    const { streets } = await mapCases(line, account, request, locale)
    const cells = (each: { open: number; overdue: number; recent: number }) => [
      each.open,
      each.overdue,
      each.recent,
    ]
    return {
      columns: ['street', 'community', 'open', 'overdue', 'recent'],
      rows: streets.flatMap(street => [
        [street.name, null, ...cells(street)],
        ...street.communities.map(each => [street.name, each.name, ...cells(each)]),
      ]),
    }
  },

  async issues({ account, request }, { issues }) {
    const found = await issues(account, request)
    return {
      columns: ['issue', 'place', 'people', 'cases', 'change'],
      rows: found.issues.map(({ title, place, people, ids, change }) => [
        title,
        place,
        people,
        ids.length,
        change,
      ]),
    }
  },

  async rates({ line, account, request, locale }) {
    const { departments, points } = await ratesOverTime(line, account, request, locale)
    const names = new Map(departments.map(({ id, name }) => [id, name]))
    const text = (measure: string) => line.content.texts.of(locale, `evaluation.measure.${measure}`)
    return {
      columns: ['department', 'from', 'measure', 'counted', 'met', 'rate'],
      rows: points.map(({ department, from, measure, counted, met }) => [
        names.get(department) ?? department,
        from,
        text(measure),
        counted,
        met,
        counted > 0 ? Number((met / counted).toFixed(4)) : null,
      ]),
    }
  },

  async returns({ line, account, request, locale }) {
    const { passes } = await traceReturns(line, account, request, locale)
    const nobody = line.content.texts.of(locale, 'overview.nobody')
    return {
      columns: ['sender', 'receiver', 'cases'],
      rows: passes.map(({ sender, receiver, cases }) => [sender.name, receiver?.name ?? nobody, cases]),
    }
  },

  async forecast({ account, request, locale }, { forecast }) {
    const { likeliest } = await forecast(account, request, locale)
    return {
      columns: ['number', 'department', 'summary', 'due', 'chance', 'share', 'reached', 'late'],
      rows: likeliest.map(({ row, chance, share, basis }) => [
        ...caseCells(row),
        row.dueAt && localMinuteOf(row.dueAt),
        Number(chance.toFixed(3)),
        Number(share.toFixed(3)),
        basis.reached,
        basis.late,
      ]),
    }
  },

  async orders({ line, account, request, locale }) {
    const { orders } = await listOrders(line, account, request, locale)
    const text = (key: string) => line.content.texts.of(locale, `overview.${key}`)
    return {
      columns: ['number', 'department', 'summary', 'level', 'due', 'standing'],
      rows: orders.map(({ row, level, dueAt, isAnswered }) => [
        ...caseCells(row),
        text(`level.${level}`),
        dueAt && localMinuteOf(dueAt),
        text(`order.${isAnswered ? 'answered' : 'unanswered'}`),
      ]),
    }
  },
}

/** Nothing is told of what was said in confidence: a file is no place for it. */
function caseCells({ number, departmentName, summary, isConfidential }: DeskRow): TableRow {
  return [number, departmentName, isConfidential ? null : summary]
}
