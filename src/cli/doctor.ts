import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { readContent } from '../adapters/disk/read-content.ts'
import { startEmbeddedPostgres } from '../adapters/postgres/embedded-postgres.ts'
import { type DatabaseExamination, examineDatabase } from '../adapters/postgres/examine-database.ts'
import type { ConnectionSettings } from '../adapters/postgres/open-database.ts'
import { databaseHome, exists, findEngine, serverUser } from '../adapters/postgres/postgres-engine.ts'
import { createRedisClient } from '../adapters/redis/redis-client.ts'
import { type Config, readConfig } from '../config.ts'
import type { Content } from '../content/content.ts'
import { ContentError, formatProblem } from '../content/content-problem.ts'
import { loadContent } from '../content/load-content.ts'
import { createLogger } from '../kernel/logger.ts'
import { parseModel } from '../language/model.ts'
import { hashContent } from '../language/train-shipped.ts'
import { readArguments } from './read-arguments.ts'

const USAGE = `Usage: doctor [--json]

Looks at everything that a start needs and changes nothing. Exit code 1: something is wrong. "later" is not wrong: the next start
does it by itself.`

/** What one look found. */
interface Finding {
  name: string
  status: 'ok' | 'later' | 'wrong'
  detail: string
}

const root = join(import.meta.dirname, '../..')
const silent = createLogger({ level: 'silent' })
const OLDEST_POSTGRES = 15
const PATIENCE_MS = 2000

const { values } = readArguments(USAGE, { options: { json: { type: 'boolean', default: false } } })
const findings = await examine()
process.stdout.write(values.json ? `${JSON.stringify(findings)}\n` : table(findings))
process.exit(findings.some(({ status }) => status === 'wrong') ? 1 : 0)

async function examine(): Promise<Finding[]> {
  const node = await look('node', async () => ok(process.version))
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    return [node, ...(error as Error).message.split('\n').map(line => wrong('settings', line))]
  }
  const { content, findings: ofContent } = await readCity(config)
  return [
    node,
    ok('read', 'settings'),
    ...ofContent,
    await look('language model', () => modelOf(content)),
    await look('pages', pagesOf),
    await look('data folder', () => dataFolderOf(config)),
    ...(await databaseOf(config)),
    ...(config.REDIS_URL ? [await look('redis', () => redisOf(config.REDIS_URL!))] : []),
    await look('port', () => portOf(config)),
  ]
}

function ok(detail: string, name = ''): Finding {
  return { name, status: 'ok', detail }
}

function later(detail: string, name = ''): Finding {
  return { name, status: 'later', detail }
}

function wrong(name: string, detail: string): Finding {
  return { name, status: 'wrong', detail }
}

/** A look that throws found something wrong. */
async function look(name: string, how: () => Promise<Finding>): Promise<Finding> {
  try {
    return { ...(await how()), name }
  } catch (error) {
    return wrong(name, messageOf(error))
  }
}

function messageOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown }
  const own = message || code || String(error)
  return cause ? `${own} (${messageOf(cause)})` : own
}

async function readCity(config: Config): Promise<{ content: Content | null; findings: Finding[] }> {
  try {
    const files = await readContent(root, config.CITY)
    const content = loadContent(files, config.CITY)
    return { content, findings: [ok(`${config.CITY}: ${files.length} files without a problem`, 'content')] }
  } catch (error) {
    if (!(error instanceof ContentError))
      return { content: null, findings: [wrong('content', messageOf(error))] }
    return {
      content: null,
      findings: error.problems.map(problem => wrong('content', formatProblem(problem))),
    }
  }
}

async function modelOf(content: Content | null): Promise<Finding> {
  if (!content) return wrong('', 'cannot be judged while the content has problems')
  const bytes = await readFile(join(root, 'build/model.bin')).catch(() => null)
  if (!bytes) return later('not there: npm run build trains it in seconds')
  const isFresh = parseModel(bytes)?.contentHash === hashContent(content)
  return isFresh ? ok('learned from this content') : later('learned from other content: npm run build')
}

async function pagesOf(): Promise<Finding> {
  const pages = ['index.html', 'status.html', 'desk.html']
  const there = await Promise.all(pages.map(page => exists(join(root, 'build/web', page))))
  const missing = pages.filter((_, i) => !there[i])
  return missing.length === 0 ? ok('built') : later(`${missing.join(', ')} not built: npm run build`)
}

async function dataFolderOf(config: Config): Promise<Finding> {
  const folder = resolve(root, config.DATA_DIR)
  const probe = join(folder, `.doctor-${process.pid}`)
  await mkdir(folder, { recursive: true })
  await writeFile(probe, '')
  await rm(probe)
  return ok(`${folder} can be written`)
}

async function databaseOf(config: Config): Promise<Finding[]> {
  if (config.DATABASE_URL) return lookAtDatabase({ connectionString: config.DATABASE_URL })
  const dataDir = resolve(root, config.DATA_DIR)
  const programs = await look('database', async () =>
    ok(`embedded PostgreSQL ${(await findEngine(serverUser())).version}`),
  )
  if (programs.status === 'wrong') return [programs]
  const { home } = await databaseHome(dataDir, serverUser())
  if (!(await exists(join(home, 'data')))) {
    return [programs, later('the first start makes the database', 'migrations')]
  }
  try {
    // Adopts a running one and leaves it; starts and stops one that rests.
    const embedded = await startEmbeddedPostgres({ dataDir, logger: silent })
    return await lookAtDatabase(embedded.connection).finally(() => embedded.stop())
  } catch (error) {
    return [wrong('database', messageOf(error))]
  }
}

async function lookAtDatabase(connection: ConnectionSettings): Promise<Finding[]> {
  try {
    const { version, migrations } = await examineDatabase(connection, silent)
    if (Number.parseInt(version, 10) < OLDEST_POSTGRES)
      return [wrong('database', `PostgreSQL ${version}; ${OLDEST_POSTGRES} or newer is needed`)]
    return [ok(`PostgreSQL ${version}`, 'database'), migrationsOf(migrations)]
  } catch (error) {
    return [wrong('database', messageOf(error))]
  }
}

function migrationsOf({ run, open, unknown }: DatabaseExamination['migrations']): Finding {
  const name = 'migrations'
  if (unknown.length > 0)
    return wrong(name, `the database is newer than this checkout: ${unknown.join(', ')}`)
  if (run.length === 0) return later('none run yet: the next start runs them', name)
  return open.length === 0
    ? ok(`${run.length} of ${run.length} run`, name)
    : later(`the next start runs ${open.join(', ')}`, name)
}

async function redisOf(url: string): Promise<Finding> {
  const client = createRedisClient(url, silent)
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('does not answer')), PATIENCE_MS)
  try {
    await Promise.race([new Promise(done => client.once('ready', done)), promise])
    const started = performance.now()
    await client.ping()
    return ok(`answers in ${(performance.now() - started).toFixed(1)} ms`)
  } finally {
    clearTimeout(timer)
    client.disconnect()
  }
}

/** Free, or taken by a line that is ready: both are well. */
async function portOf({ PORT, HOST }: Config): Promise<Finding> {
  const probe = createServer()
  const { promise, resolve: free, reject } = Promise.withResolvers<void>()
  probe.once('error', reject).listen(PORT, HOST, free)
  try {
    await promise
    return ok(`${PORT} is free`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return await whoHolds(PORT)
  } finally {
    probe.close()
  }
}

async function whoHolds(port: number): Promise<Finding> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => null)
  const body = (await answer?.json().catch(() => null)) as { status?: string } | null
  if (body?.status === 'ready') return ok(`a line answers on ${port} and is ready`)
  if (body?.status)
    return wrong('', `a line answers on ${port} but is ${body.status}: ${JSON.stringify(body)}`)
  return wrong('', `${port} is taken by another program: set PORT`)
}

function table(rows: readonly Finding[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(
    ({ name, status, detail }) => `${status.padEnd(5)}  ${name.padEnd(width)}  ${detail}`,
  )
  const wrongs = rows.filter(({ status }) => status === 'wrong').length
  return `${lines.join('\n')}\n\n${wrongs === 0 ? 'nothing is wrong' : `${wrongs} thing(s) wrong`}\n`
}
