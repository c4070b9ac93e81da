import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chmod, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as passwords from '../../src/adapters/crypto/passwords.ts'
import { type OpenDatabase, openDatabase } from '../../src/adapters/postgres/open-database.ts'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { findBrokenLink } from '../../src/cases/case-event.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { fileSample, sampleFiling } from '../support/sample-cases.ts'
import { sampleVault } from '../support/test-store.ts'

const DISK = '160m'
const folder = await mountDisk()

/** A small disk of our own; null where we may not mount one. */
async function mountDisk(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const path = await mkdtemp(join(tmpdir(), 'yihao-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=755`, 'tmpfs', path], { stdio: 'ignore' })
    return path
  } catch {
    await rmdir(path)
    return null
  }
}

describe.runIf(folder)('the embedded store on a full disk', () => {
  const ballast = join(folder ?? '', 'ballast')
  let database: OpenDatabase
  let store: PostgresStore

  beforeAll(async () => {
    await chmod(folder!, 0o755)
    database = await openDatabase({ dataDir: folder!, logger: quietLogger })
    const jobs = { statementsFor: async () => [] }
    store = database.createStore({ vault: sampleVault, jobs, passwords, jurisdiction: 'shenfu' })
  })
  afterAll(async () => {
    await rm(ballast, { force: true })
    await database?.stop()
    execFileSync('umount', ['-l', folder!])
    await rmdir(folder!)
  })

  /** Files a case whose words cannot be compressed away. Returns its id. */
  const file = async (): Promise<string> => {
    const sample = fileSample({ words: randomBytes(30_000).toString('base64') })
    await store.transact(async tx => tx.addCase(sample.case, sample.events, sampleFiling()))
    return sample.case.id
  }

  /** Room again: it goes on by itself, and of what it holds nothing is half and nothing answered is missing. */
  const expectAllThere = async (answered: string[]) => {
    await rm(ballast)
    answered.push(await vi.waitFor(file, { timeout: 40_000, interval: 200 }))
    const kept = new Set<string>()
    for await (const { caseId, version, events } of store.eachCaseEvents()) {
      expect(events).toHaveLength(3)
      expect([version, findBrokenLink(events)]).toEqual([3, null])
      kept.add(caseId)
    }
    expect(answered.filter(id => !kept.has(id))).toEqual([])
  }
  const isUnavailable = expect.objectContaining({ code: 'store-unavailable' })

  test('says so, writes nothing half, and goes on when there is room again', async () => {
    const answered = [await file(), await file()]
    await fill(ballast)
    const refusals: unknown[] = []
    for (let tries = 0; refusals.length < 10 && tries < 2000; tries++) {
      const id = await file().catch(error => {
        refusals.push(error)
        return null
      })
      if (id) answered.push(id)
    }
    expect(refusals).toEqual(Array(10).fill(isUnavailable))
    await expectAllThere(answered)
  })

  test('when even its log finds no room the server falls, and it is started again', async () => {
    const answered = [await file()]
    await fill(ballast)
    const beginLog = async () => {
      for (let segments = 0; segments < 30; segments++) {
        await database.pool.query('select txid_current()')
        await database.pool.query('select pg_switch_wal()')
      }
    }
    await expect(beginLog()).rejects.toThrow()
    await expect(file()).rejects.toEqual(isUnavailable)
    await expectAllThere(answered)
  })
})

/** Takes all that is left of the disk, to the last byte. */
async function fill(path: string): Promise<void> {
  for (let size = 1 << 22; size >= 1; ) {
    const isFull = await appendFile(path, Buffer.alloc(size)).then(
      () => false,
      () => true,
    )
    if (isFull) size >>= 1
  }
}
