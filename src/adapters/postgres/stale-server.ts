import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

/** Does anybody listen on the socket? A paused or busy server does: the kernel takes the connection for it. */
export function isListening(socketFolder: string): Promise<boolean> {
  return new Promise(done => {
    const socket = connect(join(socketFolder, '.s.PGSQL.5432'))
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}

/**
 * Removes the process file of a killed server whose process is a zombie. PostgreSQL takes a zombie for a running server
 * and refuses to start; and where Node is process 1 of a container, nobody ever buries it. Only done when no process
 * works in the data folder any more, as the server's own check would.
 */
export async function clearZombie(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
  if (!pid || (await stateOf(pid)) !== 'Z') return
  if (!(await isWorkedIn(data))) await rm(file, { force: true })
}

/** The state letter of a process on Linux; null when there is none, or another system. */
async function stateOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name before it is in brackets and may hold anything.
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2)[0] ?? null)
}

/** Every process of a PostgreSQL server has the data folder as its working directory. */
async function isWorkedIn(data: string): Promise<boolean> {
  const folder = await realpath(data)
  for (const pid of await readdir('/proc')) {
    if (/^\d+$/.test(pid) && (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder) return true
  }
  return false
}
