import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../kernel/logger.ts'
import { openPool } from './connection.ts'
import type { ConnectionSettings } from './open-database.ts'

/** What a database is, and how far its schema is behind this checkout; nothing is changed. */
export interface DatabaseExamination {
  /** `18.4`. */
  version: string
  migrations: {
    run: string[]
    /** Known here, not run there: the next start runs them. */
    open: string[]
    /** Run there, not known here: the database is newer than this checkout. */
    unknown: string[]
  }
}

/** @throws when the database cannot be reached */
export async function examineDatabase(
  connection: ConnectionSettings,
  logger: Logger,
): Promise<DatabaseExamination> {
  const pool = openPool({ connection, size: 1, logger })
  try {
    const { rows } = await pool.query<{ server_version: string }>('show server_version')
    const { rows: tables } = await pool.query(`select to_regclass('kysely_migration') as name`)
    const isNew = tables[0].name === null
    const run = isNew
      ? []
      : (await pool.query<{ name: string }>('select name from kysely_migration')).rows.map(({ name }) => name)
    const files = await readdir(join(import.meta.dirname, 'migrations'))
    const known = files.map(file => file.replace(/\.ts$/, '')).toSorted()
    return {
      version: rows[0]!.server_version,
      migrations: {
        run,
        open: known.filter(name => !run.includes(name)),
        unknown: run.filter(name => !known.includes(name)),
      },
    }
  } finally {
    await pool.end()
  }
}
