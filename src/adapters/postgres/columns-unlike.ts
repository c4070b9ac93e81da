import { type Case, foldCase } from '../../cases/case.ts'
import { clockRows, type EventRow, eventOf, filedColumnsOf, projectionOf } from './case-rows.ts'
import { CASE_COLUMNS } from './write-statement.ts'

/** Columns of `cases` that follow from the events of the case. */
export const DERIVED_COLUMNS = [
  ...Object.keys(CASE_COLUMNS),
  ...['jurisdiction', 'number', 'channel', 'filed_at'],
] as (keyof DerivedRow)[]

export type DerivedRow = ReturnType<typeof projectionOf> & ReturnType<typeof filedColumnsOf>
export type ClockRow = ReturnType<typeof clockRows>[number]

/**
 * Names of the columns of a case's rows, in `cases` and in `case_clocks`, that are not what its events come to; null when the
 * events make no case.
 */
export function columnsUnlike(
  row: DerivedRow,
  clocks: readonly ClockRow[],
  events: readonly EventRow[],
): string[] | null {
  const current = caseOf(events)
  if (!current) return null
  const derived: DerivedRow = { ...projectionOf(current), ...filedColumnsOf(current) }
  const unlike = DERIVED_COLUMNS.filter(column => !isSame(row[column], derived[column]))
  return [...unlike.map(column => `cases.${column}`), ...clocksUnlike(clocks, clockRows(current))]
}

/** Somebody may have chained anything, rightly hashed: what cannot be folded was not written by the line. */
function caseOf(events: readonly EventRow[]): Case | null {
  try {
    return foldCase(events.map(eventOf))
  } catch {
    return null
  }
}

function clocksUnlike(stored: readonly ClockRow[], derived: readonly ClockRow[]): string[] {
  const byKind = new Map(stored.map(row => [row.kind, row]))
  const known = new Set<string>(derived.map(({ kind }) => kind))
  const strangers = stored.filter(({ kind }) => !known.has(kind))
  return [
    ...derived.flatMap(row => clockUnlike(byKind.get(row.kind), row)),
    ...strangers.map(({ kind }) => `case_clocks.${kind}`),
  ]
}

function clockUnlike(stored: ClockRow | undefined, derived: ClockRow): string[] {
  if (!stored) return [`case_clocks.${derived.kind}`]
  const columns = Object.keys(derived) as (keyof ClockRow)[]
  return columns
    .filter(column => !isSame(stored[column], derived[column]))
    .map(column => `case_clocks.${derived.kind}.${column}`)
}

type Value = DerivedRow[keyof DerivedRow] | ClockRow[keyof ClockRow]

/** As it is read and as it is written: an infinite instant is read as a number and written as a word. */
function isSame(stored: Value | number, derived: Value): boolean {
  if (stored === derived) return true
  if (derived instanceof Date) return stored instanceof Date && stored.getTime() === derived.getTime()
  if (Array.isArray(derived)) return JSON.stringify(stored) === JSON.stringify(derived)
  return stored === Number.POSITIVE_INFINITY && derived === 'infinity'
}
