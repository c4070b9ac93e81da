import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnedLine } from '../../src/cli/spawned-line.ts'

/** The whole line as `npm start` runs it, on a port and a data folder of its own. */
export interface RunningLine {
  url: string
  dataDir: string
  /** First account of the desk. */
  administrator(): Promise<{ login: string; password: string }>
  /** Ends it (`SIGTERM`, or `SIGKILL`) and keeps the data. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and data. */
  startAgain(): Promise<void>
  /** Ends it and removes the data. */
  remove(): Promise<void>
}

/** Starts a line and waits until it answers. */
export async function runLine(environment: Record<string, string> = {}): Promise<RunningLine> {
  const dataDir = environment.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'yihao-line-')))
  // The embedded server runs as nobody when the tests run as root, and must reach its folder.
  await chmod(dataDir, 0o755)
  const line = await spawnedLine({ LOG_LEVEL: 'warn', ...environment, DATA_DIR: dataDir })
  await line.start()
  return {
    url: line.url,
    dataDir,
    stop: line.stop,
    startAgain: line.start,
    async administrator() {
      const password = await readFile(join(dataDir, 'desk-password.txt'), 'utf8')
      const [login = '', secret = ''] = password.split('\n')
      return { login, password: secret }
    },
    async remove() {
      await line.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
