import { type Kysely, sql } from 'kysely'
import { AppError } from '../../kernel/errors.ts'
import type { CaseConditions, CaseFilter } from '../../usecases/case-filter.ts'
import type { StateCount } from '../../usecases/handler-ports.ts'
import type { ListedCase, Page } from '../../usecases/ports.ts'
import { concerns, conditions, IS_REWORKED } from './case-conditions.ts'
import { SUMMARY_COLUMNS, summaryOf } from './case-rows.ts'
import { translateError } from './database-errors.ts'
import { PEOPLE } from './neighbour-rows.ts'
import type { Tables } from './tables.ts'

/** States in which nothing is owed any more. */
const DONE = ['not-accepted', 'closed', 'withdrawn', 'merged']

const ORDERS = {
  due: { column: 'due_at', direction: 'asc' },
  next: { column: 'next_due_at', direction: 'asc' },
  newest: { column: 'filed_at', direction: 'desc' },
} as const

/** One page of cases, by a due time (nearest first) or by filing (newest first), each with the id as tie-breaker. */
export async function listCases(
  db: Kysely<Tables>,
  filter: CaseFilter,
  userKey: (person: NonNullable<CaseFilter['filedBy']>) => Buffer,
): Promise<Page<ListedCase>> {
  const { column, direction } = ORDERS[filter.sort]
  let query = db
    .selectFrom('cases')
    .select(SUMMARY_COLUMNS)
    .select(sql<number>`${sql.raw(PEOPLE)}`.as('people'))
    .where(builder => conditions(builder, filter))
    .$if(filter.filedBy !== undefined, own => own.where('user_key', '=', userKey(filter.filedBy!)))
    .orderBy(column, direction)
    .orderBy('id', direction)
    .limit(filter.limit + 1)
  if (filter.cursor) {
    const { at, id } = decodeCursor(filter.cursor, filter.sort)
    const comparison = direction === 'asc' ? sql`>` : sql`<`
    query = query.where(
      sql<boolean>`(${sql.ref(column)}, id) ${comparison} (${at}::timestamptz, ${id}::text)`,
    )
  }
  const rows = await query.execute().catch(error => {
    throw translateError(error)
  })
  const page = rows.slice(0, filter.limit).map(row => ({ ...summaryOf(row), people: row.people }))
  const last = page.at(-1)
  const nextCursor = rows.length > filter.limit && last ? encodeCursor(last, filter.sort) : null
  return { rows: page, nextCursor }
}

function encodeCursor(last: ListedCase, sort: CaseFilter['sort']): string {
  const at = sort === 'newest' ? last.filedAt : sort === 'due' ? last.dueAt : nextDueOf(last)
  return Buffer.from(JSON.stringify([sort, at?.toISOString() ?? 'infinity', last.id])).toString('base64url')
}

function nextDueOf({ dueAt, signDueAt }: ListedCase): Date | null {
  if (!dueAt || !signDueAt) return dueAt ?? signDueAt
  return dueAt < signDueAt ? dueAt : signDueAt
}

/** @throws AppError `body-invalid` for a cursor that this list did not give out */
function decodeCursor(cursor: string, sort: CaseFilter['sort']): { at: string; id: string } {
  try {
    const [made, at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    const isOurs =
      made === sort &&
      typeof id === 'string' &&
      typeof at === 'string' &&
      (at === 'infinity' || !Number.isNaN(Date.parse(at)))
    if (isOurs) return { at, id }
  } catch {
    // Falls through: no JSON is no cursor either.
  }
  throw new AppError('body-invalid', { cursor })
}

/** Counts for the desk's head, over all cases or those that a department leads or co-handles. */
export async function countCases(db: Kysely<Tables>, filter: { department?: string }, now: Date) {
  const rows = await db
    .selectFrom('cases')
    .select(({ fn, ref }) => [
      'state',
      fn.countAll<number>().as('all'),
      fn.countAll<number>().filterWhere(ref('due_at'), '<', now).as('overdue'),
      fn
        .countAll<number>()
        .filterWhere(ref('due_at'), '>=', now)
        .filterWhere(ref('warn_at'), '<=', now)
        .as('warned'),
    ])
    .$if(filter.department !== undefined, query =>
      query.where(builder => concerns(builder, filter.department!)),
    )
    .groupBy('state')
    .execute()
    .catch(error => {
      throw translateError(error)
    })
  const open = rows.filter(row => !DONE.includes(row.state))
  const sum = (counted: typeof rows, key: 'all' | 'overdue' | 'warned') =>
    counted.reduce((total, row) => total + Number(row[key]), 0)
  return {
    open: sum(open, 'all'),
    overdue: sum(open, 'overdue'),
    warned: sum(open, 'warned'),
    byState: Object.fromEntries(rows.map(row => [row.state, Number(row.all)])),
  }
}

/** The cases that match, counted by state and whether they came back; those in which nothing is owed any more are not counted. */
export async function countByState(
  db: Kysely<Tables>,
  filter: CaseConditions,
  now: Date,
): Promise<StateCount[]> {
  const rows = await db
    .selectFrom('cases')
    .where(builder => conditions(builder, filter))
    .where('state', 'not in', DONE)
    .select(({ fn, ref }) => [
      'state',
      IS_REWORKED.as('isReworked'),
      fn.countAll<number>().as('all'),
      fn.countAll<number>().filterWhere(ref('next_due_at'), '<', now).as('overdue'),
      fn
        .countAll<number>()
        .filterWhere(ref('next_due_at'), '>=', now)
        .filterWhere(ref('warn_at'), '<=', now)
        .as('warned'),
    ])
    .groupBy(['state', 'isReworked'])
    .execute()
    .catch(error => {
      throw translateError(error)
    })
  return rows.map(row => ({
    ...row,
    all: Number(row.all),
    overdue: Number(row.overdue),
    warned: Number(row.warned),
  }))
}
