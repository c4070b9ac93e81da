import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as passwords from '../../src/adapters/crypto/passwords.ts'
import { type OpenDatabase, openDatabase } from '../../src/adapters/postgres/open-database.ts'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { isListening } from '../../src/adapters/postgres/stale-server.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { fileSample, sampleFiling } from '../support/sample-cases.ts'
import { sampleVault } from '../support/test-store.ts'

describe('the embedded database under faults', () => {
  let folder: string
  let dataDir: string
  const opened: OpenDatabase[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yihao-faults-'))
    await chmod(folder, 0o755)
    dataDir = join(folder, 'data')
  })

  afterEach(async () => {
    for (const database of opened.splice(0)) await database.stop()
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  const open = async (at = dataDir) => {
    const database = await openDatabase({ dataDir: at, logger: quietLogger })
    opened.push(database)
    return { database, store: storeOn(database) }
  }
  const storeOn = (database: OpenDatabase) =>
    database.createStore({
      vault: sampleVault,
      jobs: { statementsFor: async () => [], wake() {} },
      passwords,
      jurisdiction: 'shenfu',
    })
  const file = async (store: PostgresStore) => {
    const sample = fileSample()
    await store.transact(async t => t.addCase(sample.case, sample.events, sampleFiling()))
    return sample.case.id
  }
  const serverPid = async () =>
    Number.parseInt(await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10)

  test('four first starts at once on one folder end in one database', async () => {
    const stores = await Promise.all([open(), open(), open(), open()])
    const id = await file(stores[0].store)
    for (const { store } of stores) expect((await store.transact(t => t.caseById(id)))?.case.id).toBe(id)
  })

  test('a killed server is started again, and everything that was answered is there', async () => {
    const { store } = await open()
    const answered: string[] = []
    for (let kill = 0; kill < 3; kill++) {
      const killed = sleep(150).then(async () => process.kill(await serverPid(), 'SIGKILL'))
      const end = performance.now() + 20_000
      let isAway = false
      while (performance.now() < end) {
        try {
          answered.push(await file(store))
          if (isAway) break
        } catch (error) {
          expect(error).toMatchObject({ code: 'store-unavailable' })
          isAway = true
          await sleep(50)
        }
      }
      await killed
      expect(isAway).toBe(true)
    }
    for (const id of answered)
      expect((await store.transact(t => t.caseById(id)))?.events, `case ${id}`).toHaveLength(3)
  })

  test('a paused server is unavailable within the time limit and goes on afterwards', async () => {
    const { store } = await open()
    const id = await file(store)
    const pid = await serverPid()
    const backends = await childrenOf(pid)
    for (const process_ of [pid, ...backends]) process.kill(process_, 'SIGSTOP')
    const start = performance.now()
    try {
      await expect(store.ping()).rejects.toMatchObject({ code: 'store-unavailable' })
      expect(performance.now() - start).toBeLessThan(12_000)
    } finally {
      for (const process_ of [...backends, pid]) process.kill(process_, 'SIGCONT')
    }
    expect((await store.transact(t => t.caseById(id)))?.case.id).toBe(id)
  })

  test('a second process adopts the server, and the last one out stops it', async () => {
    const first = await open()
    const pid = await serverPid()
    const second = await open()
    expect(await serverPid()).toBe(pid)
    const id = await file(first.store)
    await opened.shift()!.stop()
    expect((await second.store.transact(t => t.caseById(id)))?.case.id).toBe(id)
    await opened.shift()!.stop()
    expect(await isListening(join(dataDir, 'postgres/run'))).toBe(false)
  })

  test('a killed process leaves its server to the next, with all that it had answered', async () => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../support/filing-process.ts'), dataDir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let printed = ''
    child.stdout.on('data', chunk => {
      printed += chunk
      if (printed.split('\n').length > 30) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const answered = printed.split('\n').slice(0, -1)
    expect(answered.length).toBeGreaterThan(20)
    const { store } = await open()
    for (const id of answered) expect((await store.transact(t => t.caseById(id)))?.case.id).toBe(id)
  })

  test('a folder too deep for a socket, with a quote and a blank in its name', async () => {
    const deep = join(folder, ...Array.from({ length: 12 }, () => "it's deep"))
    const { database, store } = await open(deep)
    expect((database.connection as { host: string }).host.length).toBeLessThan(93)
    expect(await file(store)).toBeTruthy()
  })

  test('data of another major version is refused by name', async () => {
    await open()
    await opened.shift()!.stop()
    const file = join(dataDir, 'postgres/data/PG_VERSION')
    const ours = await readFile(file)
    await writeFile(file, '17\n')
    await expect(openDatabase({ dataDir, logger: quietLogger })).rejects.toThrow('made by PostgreSQL 17')
    await writeFile(file, ours)
  })

  test.runIf(process.getuid?.() === 0)(
    'a folder that only root can enter is answered from the state directory',
    async () => {
      const locked = join(folder, 'locked')
      await mkdir(locked, { mode: 0o700 })
      const lines: unknown[] = []
      const logger = { ...quietLogger, info: (line: unknown) => lines.push(line) } as typeof quietLogger
      const database = await openDatabase({ dataDir: join(locked, 'data'), logger })
      opened.push(database)
      expect(lines).toEqual([
        expect.stringMatching(/is kept in \/var\/lib\/yihao\/\w+: its server runs as nobody/),
      ])
      expect(await file(storeOn(database))).toBeTruthy()
      const { host } = database.connection as { host: string }
      await opened.pop()!.stop()
      await rm(join(host, '..'), { recursive: true })
    },
  )

  test('a server that cannot start says why', async () => {
    await open()
    await opened.shift()!.stop()
    await writeFile(join(dataDir, 'postgres/data/postgresql.conf'), 'nonsense = = 1\n')
    await expect(openDatabase({ dataDir, logger: quietLogger })).rejects.toThrow(/syntax error/)
  })
})

/** The server's own processes: one for each connection, and its helpers. */
async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return list.trim().split(' ').filter(Boolean).map(Number)
}
