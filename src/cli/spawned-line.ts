import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const READY_WITHIN_MS = 90_000

/** The whole line as `npm start` runs it, in a process of its own. */
export interface SpawnedLine {
  url: string
  /** Starts it, on the same port and data as before, and waits until it would answer. */
  start(): Promise<void>
  /** Ends it (`SIGTERM`, or `SIGKILL`) and keeps the data. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** A line on a free port; settings of this process that name a store, a bus or a key are not handed on. */
export async function spawnedLine(environment: Record<string, string>): Promise<SpawnedLine> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  return {
    url,
    async start() {
      const { DATABASE_URL: _database, REDIS_URL: _redis, DATA_KEY: _key, ...inherited } = process.env
      child = spawn(process.execPath, ['src/main.ts'], {
        cwd: root,
        env: { ...inherited, LOG_LEVEL: 'fatal', ...environment, PORT: String(port), HOST: '127.0.0.1' },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      await untilReady(url, child)
    },
    async stop(signal = 'SIGTERM') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the line ended with ${child.exitCode}`)
    const isReady = await fetch(`${url}/readyz`).then(
      response => response.ok,
      () => false,
    )
    if (isReady) return
    await sleep(100)
  }
  throw new Error('the line was not ready in time')
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
