import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import * as passwords from '../../src/adapters/crypto/passwords.ts'
import { createVault } from '../../src/adapters/crypto/vault.ts'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import {
  type ConnectionSettings,
  type OpenDatabase,
  openDatabase,
} from '../../src/adapters/postgres/open-database.ts'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { atDatabase, connectionOf, ensureTemplate, runOn, type TestServer, urlOf } from './database-server.ts'
import { quietLogger } from './quiet-logger.ts'

/** A store on a database of its own. */
export interface TestStore {
  store: PostgresStore
  queue: JobQueue
  database: OpenDatabase
  connection: ConnectionSettings
  /** Another store on the same database, as a second instance would have; closed with the first. */
  another(): Promise<PostgresStore>
  /** Closes everything and drops the database. */
  drop(): Promise<void>
}

/** The servers of this run: always the embedded one, and the one of `DATABASE_URL` when it is set. */
export function testServers(): TestServer[] {
  return inject('testServers').servers
}

/** A migrated store on a fresh database; on the embedded server unless another is named. */
export async function createTestStore(server: TestServer = testServers()[0]!): Promise<TestStore> {
  const { template } = inject('testServers')
  const home = await connectionOf(server)
  await ensureTemplate(home, template)
  const name = `yihao_test_${randomBytes(6).toString('hex')}`
  await runOn(home, `create database ${name} template ${template}`)
  const connection = atDatabase(home, name)
  const databaseUrl = urlOf(connection)
  const queue = new JobQueue({ connection, logger: quietLogger, poolSize: 4 })
  await queue.start()
  const databases: OpenDatabase[] = []
  const open = async () => {
    const database = await openDatabase({ databaseUrl, dataDir: '', logger: quietLogger, poolSize: 8 })
    databases.push(database)
    return database
  }
  const storeOn = (database: OpenDatabase) =>
    database.createStore({ vault: sampleVault, jobs: queue, passwords, jurisdiction: 'shenfu' })
  const database = await open()
  return {
    store: storeOn(database),
    queue,
    database,
    connection,
    another: async () => storeOn(await open()),
    drop: async () => {
      await queue.stop()
      for (const each of databases) await each.stop()
      await runOn(home, `drop database if exists ${name} with (force)`)
    },
  }
}

/** A vault under a fixed key. */
export const sampleVault = createVault(Buffer.alloc(32, 7))
