/**
 * Cases through the whole loop a second (filed and dispatched, signed, replied, followed up and closed) by the use cases, as a ratio to
 * the very same SQL statements sent by the raw driver to a second database: what deciding, hashing and folding cost. Interleaved
 * rounds, medians; one process, so one core of it.
 *
 *   node bench/loop.ts [rounds]        embedded, or DATABASE_URL
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type pg from 'pg'
import * as passwords from '../src/adapters/crypto/passwords.ts'
import { createVault } from '../src/adapters/crypto/vault.ts'
import { loadModel } from '../src/adapters/disk/load-model.ts'
import { readContent } from '../src/adapters/disk/read-content.ts'
import { MemoryBus } from '../src/adapters/memory/memory-bus.ts'
import { MemoryTurnLock } from '../src/adapters/memory/memory-turn-lock.ts'
import { PostgresStore } from '../src/adapters/postgres/postgres-store.ts'
import type { Actor } from '../src/cases/case-event.ts'
import type { Action } from '../src/cases/workflow.ts'
import { loadContent } from '../src/content/load-content.ts'
import type { MatterDraft } from '../src/conversation/reply.ts'
import { systemChance } from '../src/kernel/ids.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { actOnCase } from '../src/usecases/act-on-case.ts'
import { buildLine } from '../src/usecases/build-line.ts'
import { fileCase } from '../src/usecases/file-case.ts'
import { followUpCase } from '../src/usecases/follow-up-case.ts'
import type { Line } from '../src/usecases/line.ts'
import { median } from './support/statistics.ts'
import { createTarget, type Target } from './support/store-target.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
const CASES = 200
const ROOT = resolve(import.meta.dirname, '..')
const CITY = 'cities/shenfu'
const SUBJECT = 'urban-construction/municipal-facilities/street-light'
const RESIDENT: Actor = { role: 'resident', id: 'r1' }

/** The statements that one connection was given before it went back: a read, a write, or a whole transaction. */
type Group = pg.QueryConfig[]

const recording = new AsyncLocalStorage<Group[]>()

/** The pool notes what it is asked on behalf of whom. */
function recordingPool(pool: pg.Pool): pg.Pool {
  const connect = pool.connect.bind(pool)
  pool.connect = (async () => {
    const client = await connect()
    const group: Group = []
    recording.getStore()?.push(group)
    const { query, release } = client
    client.query = ((statement: pg.QueryConfig) => {
      group.push(statement)
      return (query as (statement: pg.QueryConfig) => unknown).call(client, statement)
    }) as typeof client.query
    client.release = (...how: Parameters<typeof release>) => {
      Object.assign(client, { query, release })
      release.call(client, ...how)
    }
    return client
  }) as typeof pool.connect
  return pool
}

async function createLine(target: Target): Promise<Line> {
  const logger = createLogger({ level: 'error' })
  const content = loadContent(await readContent(ROOT, CITY), CITY)
  const store = new PostgresStore({
    pool: recordingPool(target.lean),
    vault: createVault(randomBytes(32)),
    jobs: target.queue,
    passwords,
    jurisdiction: content.city.jurisdiction,
  })
  return buildLine(content, await loadModel(join(ROOT, 'build/model.bin'), content, logger), {
    store,
    bus: new MemoryBus(logger),
    lock: new MemoryTurnLock(),
    clock: { now: () => new Date() },
    chance: systemChance,
    logger,
    pseudonym: (_channel, userId) => userId,
  })
}

let told = 0

/** One lamp each, nobody's neighbour. */
function nextDraft(): MatterDraft {
  told++
  return {
    words: `人民路${told}号门口路灯不亮了`,
    subject: SUBJECT,
    subjectCandidates: [{ label: SUBJECT, confidence: 0.93 }],
    evidence: [],
    type: 'help',
    place: `人民路${told}号`,
    needsPlace: true,
    needsTime: false,
    needsDetail: false,
    placeKind: 'place',
  }
}

async function act(line: Line, id: string, action: Action, input: object): Promise<void> {
  await line.store.transact(async tx => {
    const { case: current } = (await tx.caseById(id))!
    const actor: Actor = { role: 'handler', id: 'h1', department: current.dispatch!.lead }
    actOnCase(line, tx, current, { action, actor, input })
  })
}

async function loop(line: Line): Promise<void> {
  const person = { name: null, phone: null, channel: 'web-chat', channelUserId: `u${told}` }
  const rest = { actor: RESIDENT, conversationId: null, family: null, service: null }
  const filed = await line.store.transact(tx => fileCase(line, tx, { draft: nextDraft(), person, ...rest }))
  const { id } = filed.case
  await act(line, id, 'sign', {})
  const contact = { how: 'phone', at: new Date().toISOString() }
  await act(line, id, 'reply', {
    text: '灯泡已经换好。',
    isTrue: true,
    isWithinDuty: true,
    contact,
    solved: 'solved',
  })
  await line.store.transact(async tx => {
    const { case: current } = (await tx.caseById(id))!
    await followUpCase(line, tx, current, RESIDENT, { contacted: true, resolved: true, satisfied: 'very' })
  })
}

async function replay(pool: pg.Pool, groups: readonly Group[]): Promise<void> {
  for (const group of groups) {
    const client = await pool.connect()
    try {
      await Promise.all(group.map(statement => client.query(statement)))
    } finally {
      client.release()
    }
  }
}

/** Cases a second of `clients` at once. */
async function rate(clients: number, work: (n: number) => Promise<void>): Promise<number> {
  let next = 0
  const start = performance.now()
  const client = async () => {
    while (next < CASES) await work(next++)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return (CASES * 1000) / (performance.now() - start)
}

async function compare(line: Line, raw: Target, clients: number): Promise<void> {
  const [ours, plain]: number[][] = [[], []]
  let statements = 0
  for (let round = -1; round < ROUNDS; round++) {
    const recorded: Group[][] = Array.from({ length: CASES }, () => [])
    const our = await rate(clients, n => recording.run(recorded[n]!, () => loop(line)))
    const theirs = await rate(clients, n => replay(raw.lean, recorded[n]!))
    statements = recorded.flat(2).length / CASES
    // The first round only warms up.
    if (round < 0) continue
    ours!.push(our)
    plain!.push(theirs)
  }
  const [our, theirs] = [median(ours!), median(plain!)]
  console.log(
    `${raw.name}  ${clients} clients  line ${our.toFixed(0)} cases/s  raw driver ${theirs.toFixed(0)}/s  ` +
      `ratio ${(our / theirs).toFixed(2)}  (${statements.toFixed(1)} statements a case)`,
  )
}

const databaseUrl = process.env.DATABASE_URL
const name = databaseUrl ? 'server' : 'embedded'
const dataDirs = [
  await mkdtemp(join(tmpdir(), 'yihao-bench-')),
  await mkdtemp(join(tmpdir(), 'yihao-bench-')),
]
const targets: Target[] = []
try {
  for (const dataDir of dataDirs)
    targets.push(await createTarget(name, { dataDir, ...(databaseUrl ? { databaseUrl } : {}) }))
  const [own, raw] = targets as [Target, Target]
  const line = await createLine(own)
  for (const clients of [1, 16]) await compare(line, raw, clients)
} finally {
  for (const target of targets) await target.close()
  for (const dataDir of dataDirs) await rm(dataDir, { recursive: true, force: true })
}
