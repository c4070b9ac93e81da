import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const prepare = ['--import', join(root, 'src/cli/prepare-node.js')]

/** What lets the benchmarks speak as a foreign client. */
export const SECRET = 'secret-of-the-benchmarks'

/** A server under measurement, in a process of its own. */
export interface Spawned {
  url: string
  child: ChildProcess
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** A folder that is gone when the benchmark ends; readable by the embedded database's user. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
  const { chmod } = await import('node:fs/promises')
  await chmod(path, 0o755)
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Starts the line itself, as `npm start` does after its build. */
export function spawnLine(dataDir: string, environment: Record<string, string> = {}): Promise<Spawned> {
  return spawnServer('src/main.ts', { DATA_DIR: dataDir, ...environment })
}

/** Starts a TypeScript server of this project on a free port. Its log goes nowhere, errors go to ours. */
export async function spawnServer(file: string, environment: Record<string, string>): Promise<Spawned> {
  const port = environment.PORT ?? (await freePort())
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env
  const child = spawn(process.execPath, [...prepare, join(root, file)], {
    cwd: root,
    env: { ...inherited, PORT: String(port), HOST: '127.0.0.1', DIRECT_LINE_SECRET: SECRET, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    },
  }
}

/** Waits until the server answers its readiness check. */
export async function untilReady({ url, child }: Spawned, patienceMs = 60_000): Promise<void> {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return
    await sleep(20)
  }
  throw new Error(`not ready after ${patienceMs} ms`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
