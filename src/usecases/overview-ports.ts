import type { SupervisionLevel } from '../cases/case-inputs.ts'
import type { Finishes } from '../followup/lateness.ts'
import type { CaseConditions } from './case-filter.ts'
import type { ScoreScope } from './score-scope.ts'

/** How many cases are, or were told, at one place. `community` is null for what is only known by its street. */
export interface PlaceCount {
  street: string
  community: string | null
  open: number
  overdue: number
  /** Told since the day that was asked for. */
  recent: number
}

/** How many cases a department returned that then went to `receiver`; null while nobody has ruled. */
export interface PassCount {
  sender: string
  receiver: string | null
  cases: number
}

/** One of the three rates of a department in a month or week. */
export interface RatePoint {
  department: string
  /** First local day of the month or week. */
  from: string
  measure: 'contacted' | 'resolved' | 'satisfied'
  counted: number
  met: number
}

/** A department's time to handle that runs. */
export interface RunningTime {
  id: string
  department: string
  /** Widest class of the subject; empty while it is not known. */
  topic: string
  from: Date
  dueAt: Date
}

/** What somebody told, as far as issues are made of it. */
export interface ToldCase {
  id: string
  /** Stands for the person; says nothing of them. */
  user: string
  at: Date
  summary: string
  place: string | null
  subject: string | null
}

/** An order that is open. */
export interface OpenOrder {
  id: string
  level: SupervisionLevel
  dueAt: Date | null
  isAnswered: boolean
}

/** Counts over many cases at once. Never writes. */
export interface OverviewStore {
  /** How many cases each filter means, in their order. */
  countEach(filters: readonly CaseConditions[]): Promise<number[]>
  /** By street and community; confidential cases are nowhere. */
  places(scope: { department?: string; since: Date; now: Date }): Promise<PlaceCount[]>
  /** Returns since and where they went, by the conditions of `CaseFilter.passed`. */
  passes(scope: { department?: string; since: Date }): Promise<PassCount[]>
  /** By month or week of the scope's day. */
  rates(scope: ScoreScope, step: 'month' | 'week'): Promise<RatePoint[]>
  /** How far their times were when departments replied, from the newest replies before an instant, so many at most. */
  finishes(among: { from: Date; before: Date; limit: number }): Promise<Finishes[]>
  /** Every time to handle that runs. */
  runningTimes(scope: { department?: string }): Promise<RunningTime[]>
  /** What was told since, newest first; nothing confidential, nothing that was taken back. */
  toldSince(scope: { department?: string; since: Date; limit: number }): Promise<ToldCase[]>
  /** The first due first. */
  orders(scope: { department?: string; limit: number }): Promise<OpenOrder[]>
}
