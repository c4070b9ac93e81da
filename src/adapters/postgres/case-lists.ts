import { type Kysely, sql } from 'kysely'
import { AppError } from '../../kernel/errors.ts'
import type { CaseFilter, ListedCase, Page } from '../../usecases/ports.ts'
import { concerns, conditions } from './case-conditions.ts'
import { SUMMARY_COLUMNS, summaryOf } from './case-rows.ts'
import { translateError } from './database-errors.ts'
import { PEOPLE } from './neighbour-rows.ts'
import type { Tables } from './tables.ts'

/** States in which nothing is owed any more. */
const DONE = ['not-accepted', 'closed', 'withdrawn', 'merged']

/** One page of cases, by due time (nearest first) or by filing (newest first), each with the id as tie-breaker. */
export async function listCases(
  db: Kysely<Tables>,
  filter: CaseFilter,
  userKey: (person: NonNullable<CaseFilter['filedBy']>) => Buffer,
): Promise<Page<ListedCase>> {
  const column = filter.sort === 'due' ? 'due_at' : 'filed_at'
  const direction = filter.sort === 'due' ? 'asc' : 'desc'
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
    const comparison = filter.sort === 'due' ? sql`>` : sql`<`
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
  const at = sort === 'due' ? last.dueAt : last.filedAt
  return Buffer.from(JSON.stringify([sort, at?.toISOString() ?? 'infinity', last.id])).toString('base64url')
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
