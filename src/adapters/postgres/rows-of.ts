import type { Kysely, RawBuilder } from 'kysely'
import { translateError } from './database-errors.ts'
import type { Tables } from './tables.ts'

/** Rows of a query written as SQL. @throws AppError as `translateError` */
export async function rowsOf<Row>(db: Kysely<Tables>, query: RawBuilder<unknown>): Promise<Row[]> {
  const result = await query.execute(db).catch(error => {
    throw translateError(error)
  })
  return result.rows as Row[]
}
