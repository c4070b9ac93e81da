import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Logger } from '../../kernel/logger.ts'
import { openPool } from './connection.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate } from './migrate.ts'
import { PostgresStore } from './postgres-store.ts'
import type { StoreParts } from './store-parts.ts'

/** A database that is up, migrated and has a pool. */
export interface OpenDatabase {
  pool: pg.Pool
  /** How to reach the same database by other connections (the job queue has its own). */
  connection: ConnectionSettings
  /** The store on it, once the parts from the other adapters are there. */
  createStore(parts: Omit<StoreParts, 'pool'>): PostgresStore
  /** Closes the pool and, when it is ours and nobody else uses it, the server. Stop the job queue first. */
  stop(): Promise<void>
}

/** The part of `pg`'s settings that says where the database is. */
export type ConnectionSettings =
  | { connectionString: string }
  | { host: string; user: string; database: string }

export interface DatabaseOptions {
  /** A PostgreSQL server; without it the embedded one of the data folder. */
  databaseUrl?: string | undefined
  dataDir: string
  logger: Logger
  /** Connections of the pool; 10 when not given. */
  poolSize?: number
}

/**
 * Opens the database: the server that the URL names, or the embedded one, started or adopted.
 * @throws when it cannot be reached or migrated
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { databaseUrl, dataDir, logger, poolSize = 10 } = options
  const embedded = databaseUrl ? null : await startEmbeddedPostgres({ dataDir, logger })
  const connection = embedded?.connection ?? { connectionString: databaseUrl! }
  try {
    await migrateAt(connection, logger)
  } catch (error) {
    await embedded?.stop()
    throw error
  }
  const pool = openPool({ connection, size: poolSize, logger })
  return {
    pool,
    connection,
    createStore: parts => new PostgresStore({ ...parts, pool }),
    async stop() {
      await pool.end()
      await embedded?.stop()
    },
  }
}

/** On a small pool of its own, since a migration may take longer than a turn is allowed to. */
async function migrateAt(connection: ConnectionSettings, logger: Logger): Promise<void> {
  const pool = openPool({ connection, size: 2, logger, isUnhurried: true })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
}
