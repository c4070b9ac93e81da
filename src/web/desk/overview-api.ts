import { currentLocale } from '../shared/texts.ts'
import { type CaseRow, call } from './desk-api.ts'
import type {
  CaseMap,
  HotIssue,
  ListQuery,
  OrderNumber,
  OverviewQuery,
  Pass,
  Rates,
  TodayNumber,
} from './overview-shapes.ts'

export interface Forecast {
  row: CaseRow
  topic: string | null
  share: number
  chance: number
  basis: { group: 'department-topic' | 'department' | 'all'; reached: number; late: number }
}

export interface Order {
  row: CaseRow
  level: string
  dueAt: string | null
  isAnswered: boolean
}

type Asked = Pick<OverviewQuery, 'department'>

export const loadToday = (asked: Asked) =>
  get<{ at: string; numbers: TodayNumber[] }>('today', scopeOf(asked))
export const loadPlaces = (asked: Asked) => get<CaseMap>('places', scopeOf(asked))
export const loadIssues = (asked: Asked) =>
  get<{ read: number; isAll: boolean; issues: HotIssue[] }>('issues', scopeOf(asked))
export const loadRates = (asked: OverviewQuery) => get<Rates>('rates', periodOf(asked))
export const loadReturns = (asked: Asked) => get<{ since: string; passes: Pass[] }>('returns', scopeOf(asked))
export const loadForecast = (asked: Asked) =>
  get<{ learned: number; running: number; expected: number; likeliest: Forecast[] }>(
    'forecast',
    scopeOf(asked),
  )
export const loadOrders = (asked: Asked) =>
  get<{ numbers: OrderNumber[]; orders: Order[] }>('orders', scopeOf(asked))

/** Where the browser gets one part as a file; who took it is recorded there. */
export function overviewFile(part: string, asked: OverviewQuery, format: 'csv' | 'xlsx'): string {
  const query = new URLSearchParams({ part, format, locale: currentLocale(), ...periodOf(asked) })
  return `/api/desk/overview/export?${query}`
}

function get<T>(part: string, query: ListQuery): Promise<T> {
  return call<T>(`/overview/${part}?${new URLSearchParams(query)}`)
}

function scopeOf({ department }: Asked): ListQuery {
  return department ? { department } : {}
}

function periodOf({ from, to, step, ...asked }: OverviewQuery): ListQuery {
  return { from, to, step, ...scopeOf(asked) }
}
