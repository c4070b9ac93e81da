import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import { startEmbeddedPostgres } from '../../src/adapters/postgres/embedded-postgres.ts'
import { type ConnectionSettings, openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { exists } from '../../src/adapters/postgres/postgres-engine.ts'
import { quietLogger } from './quiet-logger.ts'

/** Where the tests of a run may make databases. */
export type TestServer = { kind: 'embedded'; dataDir: string } | { kind: 'server'; url: string }

/** What `setUp` tells the test files. */
export interface TestServers {
  servers: TestServer[]
  /** Name of the migrated database that each test file's own is a copy of. */
  template: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServers: TestServers
  }
}

/**
 * Set-up of a whole run. It only names the servers: the embedded one is started by the first test file that asks for a
 * database and adopted by the others, so that a run of unit tests waits for none. Here it is stopped in the end.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yihao-test-'))
  // The server runs as nobody when the tests run as root, and must reach its folder.
  await chmod(dataDir, 0o755)
  const servers: TestServer[] = [{ kind: 'embedded', dataDir }]
  const url = process.env.DATABASE_URL
  if (url) servers.push({ kind: 'server', url })
  const template = `yihao_template_${process.pid}`
  project.provide('testServers', { servers, template })
  return async () => {
    if (url) await runOn({ connectionString: url }, `drop database if exists ${template} with (force)`)
    if (await exists(join(dataDir, 'postgres'))) {
      const adopted = await startEmbeddedPostgres({ dataDir, logger: quietLogger })
      await adopted.stop()
    }
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** How to reach a server of the run; starts or adopts the embedded one. */
export async function connectionOf(server: TestServer): Promise<ConnectionSettings> {
  if (server.kind === 'server') return { connectionString: server.url }
  return (await startEmbeddedPostgres({ dataDir: server.dataDir, logger: quietLogger })).connection
}

/** Makes the template unless another test file has; whoever comes meanwhile waits. */
export async function ensureTemplate(connection: ConnectionSettings, template: string): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('yihao-test-template'))`)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template])
    if (rowCount) return
    await client.query(`create database ${template}_draft template template0`)
    await migrateTemplate(atDatabase(connection, `${template}_draft`))
    await client.query(`alter database ${template}_draft rename to ${template}`)
  } finally {
    await client.end()
  }
}

async function migrateTemplate(connection: ConnectionSettings): Promise<void> {
  const databaseUrl = urlOf(connection)
  const database = await openDatabase({ databaseUrl, dataDir: '', logger: quietLogger })
  const queue = new JobQueue({ connection, logger: quietLogger })
  await queue.start()
  await queue.stop()
  await database.stop()
}

/** The same server, another database. */
export function atDatabase(connection: ConnectionSettings, name: string): ConnectionSettings {
  if (!('connectionString' in connection)) return { ...connection, database: name }
  const url = new URL(connection.connectionString)
  url.pathname = `/${name}`
  return { connectionString: url.href }
}

/** What `DATABASE_URL` would hold for it. */
export function urlOf(connection: ConnectionSettings): string {
  if ('connectionString' in connection) return connection.connectionString
  const { host, user, database } = connection
  return `postgres:///${database}?host=${encodeURIComponent(host)}&user=${user}`
}

/** Runs one statement on a connection of its own. */
export async function runOn(connection: ConnectionSettings, text: string): Promise<void> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
