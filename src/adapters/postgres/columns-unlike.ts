import { type Case, foldCase } from '../../cases/case.ts'
import type { CaseEvent } from '../../cases/case-event.ts'
import { scoreCase } from '../../followup/three-rates.ts'
import { clockRows, type EventRow, eventOf, filedColumnsOf, projectionOf } from './case-rows.ts'
import { type ScoreRow, scoreRow } from './score-rows.ts'
import { CASE_COLUMNS } from './write-statement.ts'

/** Columns of `cases` that follow from the events of the case. */
export const DERIVED_COLUMNS = [
  ...Object.keys(CASE_COLUMNS),
  ...['jurisdiction', 'number', 'channel', 'filed_at'],
] as (keyof DerivedRow)[]

export type DerivedRow = ReturnType<typeof projectionOf> & ReturnType<typeof filedColumnsOf>
export type ClockRow = ReturnType<typeof clockRows>[number]

/** The row of a case, and whose the row of its person says that it is. */
export type AuditedHead = DerivedRow & { person_jurisdiction: string | null }

/** All rows of one case as they are stored. */
interface StoredRows {
  row: AuditedHead
  clocks: readonly ClockRow[]
  /** None while the evaluation has not been asked for. */
  scores: readonly ScoreRow[]
  events: readonly EventRow[]
}

/**
 * Names of the columns of a case's rows that are not what its events come to, in `cases`, `case_clocks` and `case_scores`, and
 * of those that say whose its other rows are; null when the events make no case. Not compared, since no event says them:
 * `cases.user_key`, `query_code_hash`, `conversation_id`, and the sealed person.
 */
export function columnsUnlike({ row, clocks, scores, events: rows }: StoredRows): string[] | null {
  const read = readOf(rows)
  if (!read) return null
  const { current, events } = read
  const derived: DerivedRow = { ...projectionOf(current), ...filedColumnsOf(current) }
  const unlike = DERIVED_COLUMNS.filter(column => !isSame(row[column], derived[column]))
  const { jurisdiction } = current
  return [
    ...unlike.map(column => `cases.${column}`),
    ...(rows.every(event => event.jurisdiction === jurisdiction) ? [] : ['case_events.jurisdiction']),
    ...(row.person_jurisdiction === jurisdiction ? [] : ['persons.jurisdiction']),
    ...rowsUnlike('case_clocks', clocks, clockRows(current), 'kind'),
    ...scoresUnlike(scores, events),
  ]
}

/**
 * Scores may be of an earlier version, since they are made when the evaluation is asked for: they are compared with what the
 * case counted for then. While nobody was given the case the duty desk is responsible, which only the content knows.
 */
function scoresUnlike(stored: readonly ScoreRow[], events: readonly CaseEvent[]): string[] {
  const [first] = stored
  if (!first) return []
  const then = events.slice(0, first.version)
  if (then.length !== first.version || then.length === 0) return ['case_scores.version']
  const derived = scoreCase(then, first.department).map(scoreRow)
  return rowsUnlike('case_scores', stored, derived, 'department')
}

/** Somebody may have chained anything, rightly hashed: what cannot be folded was not written by the line. */
function readOf(rows: readonly EventRow[]): { current: Case; events: CaseEvent[] } | null {
  try {
    const events = rows.map(eventOf)
    return { current: foldCase(events), events }
  } catch {
    return null
  }
}

/** Rows of one table that each case may have several of, told apart by `key`. */
function rowsUnlike<Row extends object>(
  table: string,
  stored: readonly Row[],
  derived: readonly Row[],
  key: keyof Row,
): string[] {
  const byKey = new Map(stored.map(row => [row[key], row]))
  const known = new Set(derived.map(row => row[key]))
  const strangers = stored.filter(row => !known.has(row[key]))
  return [
    ...derived.flatMap(row => rowUnlike(`${table}.${row[key]}`, byKey.get(row[key]), row)),
    ...strangers.map(row => `${table}.${row[key]}`),
  ]
}

function rowUnlike<Row extends object>(name: string, stored: Row | undefined, derived: Row): string[] {
  if (!stored) return [name]
  const columns = Object.keys(derived) as (keyof Row & string)[]
  return columns.filter(column => !isSame(stored[column], derived[column])).map(column => `${name}.${column}`)
}

/** As it is read and as it is written: an infinite instant is read as a number and written as a word. */
function isSame(stored: unknown, derived: unknown): boolean {
  if (stored === derived) return true
  if (derived instanceof Date) return stored instanceof Date && stored.getTime() === derived.getTime()
  if (Array.isArray(derived)) return JSON.stringify(stored) === JSON.stringify(derived)
  return stored === Number.POSITIVE_INFINITY && derived === 'infinity'
}
