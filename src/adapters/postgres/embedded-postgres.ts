import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chown, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from '../../kernel/logger.ts'
import {
  databaseHome,
  type Engine,
  exists,
  findEngine,
  type RunAs,
  serverUser,
  shortHash,
} from './postgres-engine.ts'
import { ServerWatch } from './server-watch.ts'
import { clearZombie, isListening } from './stale-server.ts'

const USER = 'yihao'
const DATABASE = 'yihao'
const START_ATTEMPTS = 8

/** The kernel's limit for a unix socket's path, less the name that PostgreSQL appends and the final zero. */
const LONGEST_SOCKET_FOLDER = 107 - '/.s.PGSQL.5432'.length

/** How to reach a database over its socket. */
export interface SocketConnection {
  host: string
  user: string
  database: string
}

/** A running server of our own; while it is open, it is started again should it be killed. */
export interface EmbeddedPostgres {
  connection: SocketConnection
  /** Stops the server unless another process still uses it; the last one out turns off the light. */
  stop(): Promise<void>
}

interface Place {
  engine: Engine
  user: RunAs
  home: string
  /** PostgreSQL's own folder. */
  data: string
  log: string
  /** Folder of the socket. */
  socket: string
}

/**
 * Starts the PostgreSQL of a data folder, or adopts the one that already runs there (left by a killed process, or
 * shared with a living one). It listens on a unix socket only.
 * @throws when the platform has no binaries, the data is of another major version, or the server does not come up; the
 *   message carries the last lines of its log.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  logger: Logger
}): Promise<EmbeddedPostgres> {
  const place = await findPlace(options)
  await startServer(place)
  const connection = { host: place.socket, user: USER, database: DATABASE }
  await createDatabase(connection)
  const watch = new ServerWatch({
    connection: { ...connection, database: 'postgres', connectionTimeoutMillis: 2000 },
    isAlive: () => isListening(place.socket),
    start: () => startServer(place),
    logger: options.logger,
  })
  await watch.hold()
  return {
    connection,
    async stop() {
      const isShared = await watch.isShared().catch(() => false)
      await watch.stop()
      if (!isShared) await stopServer(place)
    },
  }
}

async function findPlace({ dataDir, logger }: { dataDir: string; logger: Logger }): Promise<Place> {
  const user = serverUser()
  const { home, isElsewhere } = await databaseHome(dataDir, user)
  if (isElsewhere) logger.info(`the database of ${dataDir} is kept in ${home}: its server runs as nobody`)
  await makeFolder(home, user)
  const socket = await makeSocketFolder(home, user)
  const engine = await findEngine(user)
  return { engine, user, home, data: join(home, 'data'), log: join(home, 'server.log'), socket }
}

async function makeSocketFolder(home: string, user: RunAs): Promise<string> {
  const near = join(home, 'run')
  const folder = Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER ? near : `/tmp/yihao-${shortHash(home)}`
  await makeFolder(folder, user)
  return folder
}

async function makeFolder(folder: string, user: RunAs): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ours = process.getuid?.()
  const owner = user.uid ?? ours
  // Also when another process has just made it and not given it away yet.
  if (owner !== ours && (await lstat(folder)).uid === ours) await chown(folder, owner!, owner!)
  const made = await lstat(folder)
  // In /tmp anybody could have put something of that name to catch our connections.
  if (made.uid !== owner || !made.isDirectory()) throw new Error(`${folder} belongs to somebody else`)
}

async function startServer(place: Place): Promise<void> {
  if (!(await exists(place.data))) await initialise(place)
  await refuseOtherVersion(place)
  let reason: unknown
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    // Always try to connect first: after a kill the status file may still name a process.
    if (await answers(place)) return
    try {
      await clearZombie(place.data)
      await run(place, place.engine.pgCtl, startArguments(place))
    } catch (error) {
      // Another process may be starting the same folder: look again before giving up.
      reason = error
      await sleep(100 * attempt)
    }
  }
  if (await answers(place)) return
  throw new Error(`the embedded database does not start; ${await tailOf(place.log)}`, { cause: reason })
}

function startArguments(place: Place): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: '128MB',
    // The package brings no tools for replication or backups from a stream.
    max_wal_senders: '0',
    wal_level: 'minimal',
  }
  const server = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  return [
    'start',
    '-w',
    '-t',
    '60',
    '-D',
    place.data,
    '-l',
    place.log,
    '-o',
    [`-k ${quote(place.socket)}`, ...server].join(' '),
  ]
}

/** pg_ctl hands its `-o` to a shell. */
function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}

/** Made beside its place and renamed into it, so that a half-made folder is never taken for a database. */
async function initialise(place: Place): Promise<void> {
  const draft = `${place.data}.draft-${randomUUID()}`
  try {
    await run(place, place.engine.initdb, [
      '-D',
      draft,
      '-U',
      USER,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ])
    await rename(draft, place.data)
  } catch (error) {
    // Another process was faster: its folder will do.
    if (!(await exists(join(place.data, 'PG_VERSION')))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function refuseOtherVersion(place: Place): Promise<void> {
  const made = (await readFile(join(place.data, 'PG_VERSION'), 'utf8')).trim()
  const runs = place.engine.version.split('.')[0]
  if (made !== runs) {
    throw new Error(
      `${place.data} was made by PostgreSQL ${made}, this is PostgreSQL ${runs}: export it first`,
    )
  }
}

async function answers(place: Place): Promise<boolean> {
  const client = new pg.Client({
    host: place.socket,
    user: USER,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(connection: SocketConnection): Promise<void> {
  await withClient(connection, async client => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount) return
    await client.query(`create database ${DATABASE}`).catch(ignoreExistingDatabase)
  })
}

function ignoreExistingDatabase(error: { code?: string }): void {
  const isThere = error.code === '42P04' || error.code === '23505'
  if (!isThere) throw error
}

/** A failure is left alone: the next start adopts what still runs. */
async function stopServer(place: Place): Promise<void> {
  await run(place, place.engine.pgCtl, ['stop', '-w', '-m', 'fast', '-D', place.data]).catch(() => {})
}

async function withClient<T>(
  connection: SocketConnection,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

async function run(place: Place, program: string, args: string[]): Promise<void> {
  const output = await open(join(place.home, 'pg_ctl.log'), 'a')
  try {
    const child = spawn(program, args, {
      ...place.user,
      cwd: '/',
      // Nothing of ours (PGDATA, PGHOST, locale) may change what it does.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', output.fd, output.fd],
    })
    await new Promise<void>((done, fail) => {
      child.once('error', fail)
      // Not `close`: the server keeps the output open.
      child.once('exit', code =>
        code === 0 ? done() : fail(new Error(`${program} ${args[0]} ended with ${code}`)),
      )
    })
  } finally {
    await output.close()
  }
}

async function tailOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  return `its log (${log}) ends with: ${text.trim().split('\n').slice(-5).join(' | ')}`
}
