import { currentLocale } from '../shared/texts.ts'
import { type CaseRow, call } from './desk-api.ts'

/** The query of a list of cases. */
export type ListQuery = Record<string, string>

export interface TodayNumber {
  name: string
  count: number
  filter: ListQuery
}

export interface Counts {
  open: number
  overdue: number
  recent: number
}

export type Point = [longitude: number, latitude: number]

export interface MappedPlace extends Counts {
  id: string
  name: string
}

export interface MappedStreet extends MappedPlace {
  centre: Point
  outline: Point[] | null
  communities: MappedPlace[]
}

export interface CaseMap {
  since: string
  streets: MappedStreet[]
  lines: { kind: string; name: string; path: Point[] }[]
}

export interface HotIssue {
  title: string
  people: number
  ids: string[]
  days: number[]
  change: number
}

export const RATES = ['contacted', 'resolved', 'satisfied'] as const
export type Rate = (typeof RATES)[number]

export interface RatePoint {
  department: string
  from: string
  measure: Rate
  counted: number
  met: number
}

export interface Rates {
  departments: { id: string; name: string }[]
  points: RatePoint[]
}

export interface Pass {
  sender: { id: string; name: string }
  receiver: { id: string; name: string } | null
  cases: number
  filter: ListQuery
}

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

export interface OrderNumber {
  level: string
  is: 'unanswered' | 'late' | 'answered'
  count: number
  filter: ListQuery
}

/** What the whole page is about, and the period of its rates. */
export interface OverviewQuery {
  department: string
  from: string
  to: string
  step: 'month' | 'week'
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
