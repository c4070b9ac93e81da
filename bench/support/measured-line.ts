import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SpawnedServer, spawnedLine } from '../../src/cli/spawned-line.ts'

/** What lets the benchmarks speak as a foreign client. */
export const SECRET = 'secret-of-the-benchmarks'

/** A folder that is gone when the benchmark ends; readable by the embedded database's user. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'yihao-bench-'))
  await chmod(path, 0o755)
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** The line itself with its data in this folder and its log as it is in a city, not yet started. */
export function measuredLine(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<SpawnedServer> {
  const settings = { LOG_LEVEL: 'info', DIRECT_LINE_SECRET: SECRET, DATA_DIR: dataDir }
  return spawnedLine({ ...settings, ...environment })
}
