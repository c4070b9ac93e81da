import { createHash } from 'node:crypto'
import { type ConstructorOptions, type Db, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from '../../kernel/logger.ts'
import { failureOf } from '../../usecases/delivery-failure.ts'
import type { AnyJob, Job, JobData } from '../../usecases/job.ts'
import type { DeadLetter, DeadLetters } from '../../usecases/mend-deliveries.ts'
import type { WaitingWork } from '../../usecases/show-line-health.ts'

/** Every queue; each has the same rules. */
const QUEUES = [
  'answer-sms',
  'follow-neighbours',
  'notify-department',
  'notify-enterprise',
  'notify-resident',
  'push-chat',
  'push-message',
  'push-unasked',
  'send-sms',
  'send-webhook',
] as const satisfies AnyJob['name'][]
const DEAD_LETTERS = 'dead-letters'
const MOST_COUNTED = 1000

const RULES = {
  retryLimit: 8,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 3600,
  /** A worker that takes longer is taken for dead. */
  expireInSeconds: 60,
  /** How long a finished job stands in the way of a second one of the same key. */
  deleteAfterSeconds: 90 * 86_400,
  /** How long a job may wait to be worked. */
  retentionSeconds: 90 * 86_400,
  // No NOTIFY inside the transactions that cause jobs: its lock makes their commits wait for one another. `wake` and a
  // poll every second stand in for it.
  notify: false,
}

/**
 * Systems of others are away for a night: their news is tried again for a day at least. Each pause is half of what it may grow to
 * or more, so the first twelve take an hour, and each that follows takes one.
 */
const RULES_OF: Partial<Record<AnyJob['name'], { retryLimit: number }>> = {
  'send-webhook': { retryLimit: 35 },
}

/** A statement to be run in the transaction that causes the job. */
export interface JobStatement {
  name: string
  text: string
  values: unknown[]
}

/** Runs further statements in the transaction that also marks the job as done. */
export type JobTransaction = Db

export interface JobInHand<Data = Job['data']> {
  id: string
  key: string
  data: Data
  /** When this try fails, the job is a dead letter. */
  isLastTry: boolean
}

export type JobHandler = (job: JobInHand, transaction: JobTransaction) => Promise<void>

export interface JobQueueOptions {
  /** `pg` settings of the database that the store is in. */
  connection: ConstructorOptions
  logger: Logger
  /** Connections for workers and upkeep. */
  poolSize?: number
}

/**
 * Work for later, on pg-boss in the store's database. A job is written by the store's own transaction and worked in one
 * that also marks it done: killed at any moment it has its effect once.
 */
export class JobQueue implements DeadLetters {
  readonly #boss: PgBoss
  readonly #workers = new Map<string, string[]>()
  #isStarted = false

  constructor({ connection, logger, poolSize = 6 }: JobQueueOptions) {
    this.#boss = new PgBoss({
      ...connection,
      schema: 'jobs',
      max: poolSize,
      application_name: 'yihao-jobs',
      connectionTimeoutMillis: 3000,
      schedule: false,
    })
    this.#boss.on('error', error => logger.warn({ err: error }, 'the job queue met an error and goes on'))
    this.#boss.on('warning', warning => logger.warn({ warning }, 'the job queue warns'))
  }

  /** Makes or updates its tables and queues; several processes may do so at once. */
  async start(): Promise<void> {
    await this.#boss.start()
    await this.#boss.createQueue(DEAD_LETTERS, { retentionSeconds: RULES.retentionSeconds })
    for (const name of QUEUES) {
      const rules = { ...RULES, ...RULES_OF[name] }
      await this.#boss.createQueue(name, { ...rules, deadLetter: DEAD_LETTERS })
      await this.#boss.updateQueue(name, rules)
    }
    this.#isStarted = true
  }

  /** The statements that put these jobs into their queues, one a queue. A job whose key is already there is dropped. */
  async statementsFor(jobs: readonly AnyJob[]): Promise<JobStatement[]> {
    const byQueue = Map.groupBy(jobs, job => job.name)
    return Promise.all(Array.from(byQueue, ([name, ofQueue]) => this.#insertion(name, ofQueue)))
  }

  /** Lets pg-boss write its insert and keeps it for the caller's transaction instead of running it. */
  async #insertion(name: AnyJob['name'], jobs: readonly AnyJob[]): Promise<JobStatement> {
    let written: JobStatement | null = null
    const recorder: Db = {
      executeSql: async (text, values = []) => {
        written = { name: `enqueue-${name}`, text, values }
        return { rows: [] }
      },
    }
    const rows = uniqueByKey(jobs).map(({ key, data, startAfter }) => ({
      id: jobId(name, key),
      data: { ...data, key },
      ...(startAfter ? { startAfter } : {}),
      ...receiverOf(data),
    }))
    await this.#boss.insert(name, rows, { db: recorder })
    if (!written) throw new Error(`no statement for the jobs of ${name}`)
    return written
  }

  /** Works the jobs of a queue, one after another, from now until `stop`. A handler that throws is tried again later. */
  async work(name: Job['name'], handler: JobHandler): Promise<void> {
    const worker: string = await this.#boss.work<StoredData, void, typeof WORKING>(
      name,
      WORKING,
      async (jobs, transaction) => {
        this.#lookAgain(worker)
        for (const job of jobs) await handler(inHand(job), transaction)
      },
    )
    this.#remember(name, worker)
  }

  /**
   * Works jobs whose effect is elsewhere (a message sent, a request made): several at once, of a webhook's
   * one at a time, so that a slow receiver does not keep the others waiting, and without holding a connection. A worker killed in the middle does it again, so the
   * receiver must know a job's key.
   */
  async workOutside<N extends AnyJob['name']>(
    name: N,
    handler: (job: JobInHand<JobData<N>>) => Promise<void>,
    atOnce = OUTSIDE_AT_ONCE,
  ): Promise<void> {
    for (let i = 0; i < atOnce; i++) {
      // Not by `localConcurrency`: of such workers only the first could be woken.
      const worker: string = await this.#boss.work<StoredData<JobData<N>>, void, typeof WORKING_OUTSIDE>(
        name,
        WORKING_OUTSIDE,
        async jobs => {
          this.#lookAgain(worker)
          for (const job of jobs) await handler(inHand(job))
        },
      )
      this.#remember(name, worker)
    }
  }

  /** Whoever found a job looks for the next one without the poll's pause; pg-boss itself would do so for batches of several only. */
  #lookAgain(worker: string): void {
    this.#boss.notifyWorker(worker)
  }

  #remember(name: AnyJob['name'], worker: string): void {
    this.#workers.set(name, [...(this.#workers.get(name) ?? []), worker])
  }

  /** After the commit of these jobs: for each a worker of this process looks at once, in turn; all others within a second. */
  wake(jobs: readonly AnyJob[]): void {
    for (const { name } of jobs) {
      const workers = this.#workers.get(name) ?? []
      const next = workers.shift()
      if (next === undefined) continue
      workers.push(next)
      this.#boss.notifyWorker(next)
    }
  }

  /** Lets running handlers finish, for ten seconds at most, and closes the connections. */
  async stop(): Promise<void> {
    if (!this.#isStarted) return
    this.#isStarted = false
    await this.#boss.stop({ graceful: true, timeout: 10_000 })
  }

  /** Queues with work that waits, also for another try, and since when the first of it does; a thousand a queue are counted. */
  async waiting(): Promise<WaitingWork[]> {
    const all = await Promise.all(
      QUEUES.map(async (queue): Promise<WaitingWork> => {
        const jobs = await this.#boss.findJobs(queue, { queued: true, limit: MOST_COUNTED })
        return { queue, waiting: jobs.length, oldestAt: jobs[0]?.createdOn ?? null }
      }),
    )
    return all.filter(({ waiting }) => waiting > 0)
  }

  /** Jobs of cases that failed every time, oldest first. */
  async deadLetters(limit = 100): Promise<DeadLetter[]> {
    const jobs = await this.#boss.findJobs<StoredData>(DEAD_LETTERS, {
      queued: true,
      limit,
    })
    const ofCases = jobs.filter(({ data }) => 'caseId' in data)
    return ofCases.map(({ id, data, sourceName, sourceOutput, createdOn }) => {
      const { key: _, ...rest } = data
      const failed = { failedAt: createdOn, error: messageOf(sourceOutput), failure: failureOf(sourceOutput) }
      return { id, name: sourceName ?? '', data: rest, ...failed }
    })
  }

  /** Puts a dead letter back into its queue with all its tries. False when there is no such dead letter. */
  async replay(id: string): Promise<boolean> {
    return (await this.#boss.redrive(DEAD_LETTERS, { ids: [id], limit: 1 })) > 0
  }

  /** Throws a dead letter away. False when there is no such dead letter. */
  async discard(id: string): Promise<boolean> {
    const [letter] = await this.#boss.findJobs(DEAD_LETTERS, { id, queued: true, limit: 1 })
    if (!letter) return false
    await this.#boss.deleteJob(DEAD_LETTERS, id)
    return true
  }
}

/** A job's data as it lies in its queue. */
type StoredData<Data = Job['data']> = Data & { key: string }

function inHand<Data extends object>(job: JobWithMetadata<StoredData<Data>>): JobInHand<Data> {
  const { key, ...data } = job.data
  return { id: job.id, key, data: data as unknown as Data, isLastTry: job.retryCount >= job.retryLimit }
}

const WORKING = {
  transactional: true,
  // One by one: a handler that throws must not undo and repeat the effects of its neighbours.
  batchSize: 1,
  pollingIntervalSeconds: 1,
  includeMetadata: true,
} as const

const WORKING_OUTSIDE = { ...WORKING, transactional: false, localGroupConcurrency: 1 } as const
const OUTSIDE_AT_ONCE = 4

/**
 * Jobs of one group are not worked at once by a process. Counted here and not in the database: there, workers that look at the same instant
 * would all take of the same group.
 */
function receiverOf(data: AnyJob['data']): { group?: { id: string } } {
  return 'webhookId' in data && data.webhookId ? { group: { id: data.webhookId } } : {}
}

/** pg-boss refuses a batch with one id twice. */
function uniqueByKey(jobs: readonly AnyJob[]): AnyJob[] {
  return [...new Map(jobs.map(job => [job.key, job])).values()]
}

/** The same id for the same name and key, so that the table's primary key drops the second. */
function jobId(name: string, key: string): string {
  const hex = createHash('sha256').update(`${name}\n${key}`).digest('hex')
  // Dressed as a UUID of version 8 (RFC 9562: contents are ours).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function messageOf(output: object | null): string {
  const { message } = (output ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : JSON.stringify(output)
}
