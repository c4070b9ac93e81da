import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const prepare = ['--import', join(root, 'src/cli/prepare-node.js')]
const READY_WITHIN_MS = 90_000

/** A server of this project in a process of its own. */
export interface SpawnedServer {
  url: string
  /** Starts it, on the same port and data as before, and does not wait for it. */
  launch(): void
  /** @throws when it ended by itself */
  requireRunning(): void
  /** Starts it and waits until it would answer. */
  start(): Promise<void>
  /** Ends it (`SIGTERM`, or `SIGKILL`) and keeps the data. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** The whole line as `npm start` runs it. */
export function spawnedLine(environment: Record<string, string>): Promise<SpawnedServer> {
  return spawnedServer('src/main.ts', environment)
}

/**
 * A TypeScript server of this project on a free port, not yet started; settings of this process that name a store, a bus or a key are
 * not handed on. Its log goes nowhere, errors go to ours.
 */
export async function spawnedServer(
  file: string,
  environment: Record<string, string>,
): Promise<SpawnedServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  const launch = () => {
    const { DATABASE_URL: _database, REDIS_URL: _redis, DATA_KEY: _key, ...inherited } = process.env
    child = spawn(process.execPath, [...prepare, join(root, file)], {
      cwd: root,
      env: { ...inherited, LOG_LEVEL: 'fatal', ...environment, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const requireRunning = () => {
    if (child && child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
  }
  return {
    url,
    launch,
    requireRunning,
    async start() {
      launch()
      await untilReady(url, requireRunning)
    },
    async stop(signal = 'SIGTERM') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}

async function untilReady(url: string, requireRunning: () => void): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    requireRunning()
    const isReady = await fetch(`${url}/readyz`).then(
      response => response.ok,
      () => false,
    )
    if (isReady) return
    await sleep(20)
  }
  throw new Error('the server was not ready in time')
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
