import { resolve } from 'node:path'
import { loadModel } from '../../src/adapters/disk/load-model.ts'
import { readContent } from '../../src/adapters/disk/read-content.ts'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { MemoryTurnLock } from '../../src/adapters/memory/memory-turn-lock.ts'
import type { Content } from '../../src/content/content.ts'
import { loadContent } from '../../src/content/load-content.ts'
import { ManualClock } from '../../src/kernel/clock.ts'
import { seededChance } from '../../src/kernel/ids.ts'
import type { Model } from '../../src/language/model.ts'
import { buildLine } from '../../src/usecases/build-line.ts'
import type { AnswerJob, AnyJob, ChatJob, Job } from '../../src/usecases/job.ts'
import type { Line } from '../../src/usecases/line.ts'
import type { Store, Transaction } from '../../src/usecases/ports.ts'
import { quietLogger } from './quiet-logger.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CITY = 'cities/shenfu'

/** A Tuesday, ten in the morning in Shenyang. */
export const TEST_TIME = new Date('2026-11-24T02:00:00Z')

/** The content that ships. */
export async function shippedContent(): Promise<Content> {
  return loadContent(await readContent(ROOT, CITY), CITY)
}

/** A line whose clock and chance belong to the test. */
export interface TestLine extends Line {
  clock: ManualClock
}

let learnt: ReturnType<typeof learn> | undefined

async function learn(): Promise<{ content: Content; model: Model }> {
  const content = await shippedContent()
  return { content, model: await loadModel(resolve(ROOT, 'build/model.bin'), content, quietLogger) }
}

/** The line with shipped content and the shipped model (trained now when the content has changed) over a store. */
export async function createTestLine(store: Store, seed = 1): Promise<TestLine> {
  learnt ??= learn()
  const { content, model } = await learnt
  const clock = new ManualClock(TEST_TIME)
  const parts = { store, ...ownParts(seed), clock, logger: quietLogger, pseudonym }
  return { ...buildLine(content, model, parts), clock }
}

/** The same line with a store, a clock and chance of its own: quick, since what was learnt is shared. */
export function lineOver(line: Line, store: Store, seed: number, at: Date = TEST_TIME): TestLine {
  return { ...line, store, ...ownParts(seed), clock: new ManualClock(at) }
}

/** Tests share a store; who lives in another city is nobody's neighbour. */
export function inOwnCity(line: TestLine, number: number): TestLine {
  const { content } = line
  const city = { ...content.city, jurisdiction: `${content.city.jurisdiction}-${number}` }
  return { ...line, content: { ...content, city } }
}

function ownParts(seed: number): Pick<Line, 'bus' | 'lock' | 'chance'> {
  return { bus: new MemoryBus(quietLogger), lock: new MemoryTurnLock(), chance: seededChance(seed) }
}

function pseudonym(channel: string, userId: string): string {
  return `${channel}/${userId}`
}

/** What passed through a store: the cases that were filed and the jobs that wait, in order. */
export interface StoreRecord {
  caseIds: string[]
  queryCodes: Map<string, string>
  jobs: Job[]
  /** Answers to short messages that wait to be sent. */
  answers: AnswerJob[]
  /** What was said in chats and waits to be sent. */
  chats: ChatJob[]
}

/** A store that remembers what was filed and enqueued through it; sweeps and counts through it see only that. */
export function recordingStore(store: Store): { store: Store; record: StoreRecord } {
  const record = emptyRecord()
  const recording: Partial<Store> = {
    async transact(work) {
      const draft = emptyRecord()
      const result = await store.transact(tx => {
        Object.assign(draft, emptyRecord())
        return work(recordingTransaction(tx, record, draft))
      })
      record.caseIds.push(...draft.caseIds)
      for (const [id, code] of draft.queryCodes) record.queryCodes.set(id, code)
      record.jobs.push(...draft.jobs)
      record.answers.push(...draft.answers)
      record.chats.push(...draft.chats)
      return result
    },
    async dueClocks(now, limit) {
      const due = await store.dueClocks(now, 100_000)
      return due.filter(({ caseId }) => record.caseIds.includes(caseId)).slice(0, limit)
    },
    async casesTimedBefore(version, limit) {
      const outdated = await store.casesTimedBefore(version, 100_000)
      return outdated.filter(caseId => record.caseIds.includes(caseId)).slice(0, limit)
    },
  }
  return { store: overlay(store, recording), record }
}

function emptyRecord(): StoreRecord {
  return { caseIds: [], queryCodes: new Map(), jobs: [], answers: [], chats: [] }
}

function isOfCase(job: AnyJob): job is Job {
  return !['answer-sms', 'push-chat', 'push-unasked'].includes(job.name)
}

function recordingTransaction(tx: Transaction, record: StoreRecord, draft: StoreRecord): Transaction {
  return overlay(tx, {
    async casesAlike(like) {
      const own = [...record.caseIds, ...draft.caseIds]
      return (await tx.casesAlike(like)).filter(({ id }) => own.includes(id))
    },
    addCase(current, events, filing) {
      draft.caseIds.push(current.id)
      draft.queryCodes.set(current.id, filing.queryCode)
      tx.addCase(current, events, filing)
    },
    enqueue(jobs) {
      draft.jobs.push(...jobs.filter(isOfCase))
      draft.answers.push(...jobs.filter(job => job.name === 'answer-sms'))
      draft.chats.push(...jobs.filter(job => job.name === 'push-chat'))
      tx.enqueue(jobs)
    },
  })
}

/** `over`'s members in front of `base`'s; methods of classes keep their own `this`. */
export function overlay<T extends object>(base: T, over: Partial<T>): T {
  return new Proxy(base, {
    get(target, name) {
      if (Object.hasOwn(over, name)) return Reflect.get(over, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
