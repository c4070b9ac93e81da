import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The whole line as `npm start` runs it, on a port and a data folder of its own. */
export interface RunningLine {
  url: string
  /** First account of the desk. */
  administrator(): Promise<{ login: string; password: string }>
  /** Ends it (`SIGTERM`, or `SIGKILL`) and keeps the data. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and data. */
  startAgain(): Promise<void>
  /** Ends it and removes the data. */
  remove(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const READY_WITHIN_MS = 90_000

/** Starts a line and waits until it answers. */
export async function runLine(environment: Record<string, string> = {}): Promise<RunningLine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yihao-browser-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess

  const start = async () => {
    const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env
    child = spawn(process.execPath, ['src/main.ts'], {
      cwd: root,
      env: {
        ...inherited,
        LOG_LEVEL: 'warn',
        ...environment,
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await untilReady(url, child)
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
  await start()
  return {
    url,
    stop,
    startAgain: start,
    async administrator() {
      const [login = '', password = ''] = (await readFile(join(dataDir, 'desk-password.txt'), 'utf8')).split(
        '\n',
      )
      return { login, password }
    },
    async remove() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the line ended with ${child.exitCode}`)
    const isReady = await fetch(`${url}/readyz`).then(
      response => response.ok,
      () => false,
    )
    if (isReady) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('the line was not ready in time')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
