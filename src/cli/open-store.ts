import { join, resolve } from 'node:path'
import { loadMasterKey } from '../adapters/crypto/master-key.ts'
import * as passwords from '../adapters/crypto/passwords.ts'
import { createVault } from '../adapters/crypto/vault.ts'
import { openDatabase } from '../adapters/postgres/open-database.ts'
import type { PostgresStore } from '../adapters/postgres/postgres-store.ts'
import { type Config, readConfig } from '../config.ts'
import { createLogger } from '../kernel/logger.ts'

/** What a command that writes says of its store. */
export interface WritingStore {
  /** The jobs that changes enqueue are dropped: nobody is told anything. */
  areJobsDropped?: boolean
  jurisdiction?: string
}

/** The store of this installation, for a command that enqueues no jobs. Works beside a running line: the embedded server is shared. */
export async function openStore({ areJobsDropped = false, jurisdiction = '' }: WritingStore = {}): Promise<{
  store: PostgresStore
  config: Config
  close(): Promise<void>
}> {
  const config = readConfig(process.env)
  const dataDir = resolve(join(import.meta.dirname, '../..'), config.DATA_DIR)
  const logger = createLogger({ level: 'silent' })
  const database = await openDatabase({ databaseUrl: config.DATABASE_URL, dataDir, logger, poolSize: 2 })
  const store = database.createStore({
    vault: createVault(await loadMasterKey({ dataKey: config.DATA_KEY, dataDir })),
    jobs: { statementsFor: areJobsDropped ? async () => [] : refuseJobs },
    passwords,
    jurisdiction,
  })
  return { store, config, close: () => database.stop() }
}

async function refuseJobs(): Promise<never> {
  throw new Error('this command has no job queue')
}
