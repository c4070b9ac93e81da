import { randomBytes } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import pg from 'pg'
import * as passwords from '../../src/adapters/crypto/passwords.ts'
import { createVault } from '../../src/adapters/crypto/vault.ts'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import type { Store } from '../../src/usecases/ports.ts'

/** A database to measure on, reached through the store and by plain drivers. */
export interface Target {
  name: string
  store: Store
  queue: JobQueue
  /** A pool as `pg` makes it, for the raw writers. */
  plain: pg.Pool
  /** A pipelined one. */
  lean: pg.Pool
  close(): Promise<void>
}

const logger = createLogger({ level: 'error' })

/** Opens a target; on a server it is a database of its own, dropped in the end. */
export async function createTarget(
  name: string,
  options: { dataDir: string; databaseUrl?: string },
): Promise<Target> {
  await chmod(options.dataDir, 0o755)
  const database = `yihao_bench_${randomBytes(4).toString('hex')}`
  if (options.databaseUrl) await onServer(options.databaseUrl, `create database ${database}`)
  const databaseUrl = options.databaseUrl && withDatabase(options.databaseUrl, database)
  const opened = await openDatabase({ dataDir: options.dataDir, databaseUrl, logger, poolSize: 16 })
  const queue = new JobQueue({ connection: opened.connection, logger })
  await queue.start()
  const vault = createVault(randomBytes(32))
  const plain = new pg.Pool({ ...opened.connection, max: 16 })
  const lean = new pg.Pool({ ...opened.connection, max: 16, pipeline: true })
  return {
    name,
    store: opened.createStore({ vault, jobs: queue, passwords, jurisdiction: 'bench' }),
    queue,
    plain,
    lean,
    async close() {
      await Promise.all([plain.end(), lean.end(), queue.stop()])
      await opened.stop()
      if (options.databaseUrl) await onServer(options.databaseUrl, `drop database ${database} with (force)`)
    },
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(text).finally(() => client.end())
}
