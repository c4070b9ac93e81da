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
