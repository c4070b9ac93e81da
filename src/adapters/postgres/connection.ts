import pg from 'pg'
import type { Logger } from '../../kernel/logger.ts'
import { isUnavailable, translateError } from './database-errors.ts'

/** A statement that is prepared once per connection under its name. */
export interface Statement {
  name: string
  text: string
  values: unknown[]
}

/** How many milliseconds to wait before saying that the database is away. */
const CONNECT_TIMEOUT = 3000
const ANSWER_TIMEOUT = 8000

/**
 * A pool whose clients send queries without waiting for the answers to those before (pipelining), and whose idle
 * clients may die without ending the process.
 */
export function openPool(options: {
  connection: pg.PoolConfig
  size: number
  logger: Logger
  /** Statements may take as long as they need: migrations. */
  isUnhurried?: boolean
}): pg.Pool {
  const timeouts = {
    query_timeout: ANSWER_TIMEOUT,
    // A little less, so that a slow statement ends on the server before we cut the connection.
    statement_timeout: ANSWER_TIMEOUT - 1000,
    idle_in_transaction_session_timeout: ANSWER_TIMEOUT,
  }
  const pool = new pg.Pool({
    ...options.connection,
    max: options.size,
    pipeline: true,
    application_name: 'yihao',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    ...(options.isUnhurried ? {} : timeouts),
    keepAlive: true,
  })
  pool.on('error', error => options.logger.warn({ err: error }, 'an idle database connection was lost'))
  // The pool listens only to idle clients; an unheard error of a busy one would end the process.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

/**
 * Runs one named statement on a pooled connection. Unlike `pool.query` it keeps the connection after an error that is
 * the statement's own (a version conflict).
 * @throws AppError as `translateError` says
 */
export async function runStatement<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: Statement,
): Promise<Row[]> {
  return withClient(pool, async client => (await client.query<Row>(statement)).rows)
}

/**
 * Runs statements in one transaction and (pipelined) one round trip.
 * @throws AppError as `translateError` says, for the first that went wrong; then nothing was written
 */
export async function runTogether(pool: pg.Pool, statements: readonly Statement[]): Promise<void> {
  await withClient(pool, async client => {
    const sent = ['begin', ...statements, 'commit'].map(statement => client.query(statement))
    // After a failure PostgreSQL refuses the rest and the commit rolls back, so every answer is awaited.
    const answers = await Promise.allSettled(sent)
    const failure = answers.find(answer => answer.status === 'rejected')
    if (failure) throw failure.reason
    const end = answers.at(-1) as PromiseFulfilledResult<pg.QueryResult>
    if (end.value.command !== 'COMMIT') throw new Error(`the transaction ended with ${end.value.command}`)
  })
}

/** Reads that all see the same moment. */
export interface ReadingTogether {
  read<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>
  /** Gives the connection back; must be called. */
  end(): Promise<void>
}

/**
 * Begins a transaction that can only read.
 * @throws AppError as `translateError` says
 */
export async function readTogether(pool: pg.Pool): Promise<ReadingTogether> {
  const client = await pool.connect().catch(error => {
    throw translateError(error)
  })
  let isLost = false
  const run = async <Row extends pg.QueryResultRow>(query: Statement | string) => {
    try {
      return (await client.query<Row>(query as Statement)).rows
    } catch (error) {
      isLost ||= isUnavailable(error)
      throw translateError(error)
    }
  }
  await run('begin transaction isolation level repeatable read read only')
  return {
    read: run,
    async end() {
      if (!isLost) await run('rollback').catch(() => {})
      client.release(isLost)
    },
  }
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient | undefined
  try {
    client = await pool.connect()
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    // Its state is unknown after a lost connection or a timeout: never back to the pool.
    client?.release(isUnavailable(error))
    throw translateError(error)
  }
}
