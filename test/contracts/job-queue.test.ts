import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import type { Job } from '../../src/usecases/job.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const WAIT = { timeout: 40_000, interval: 50 }

describe('the job queue', () => {
  let opened: TestStore
  let raw: pg.Client
  const others: JobQueue[] = []

  beforeAll(async () => {
    opened = await createTestStore()
    raw = new pg.Client(opened.connection)
    await raw.connect()
    await raw.query('create table effects (key text, worker text)')
  })

  afterAll(async () => {
    for (const queue of others) await queue.stop()
    await raw?.end()
    await opened?.drop()
  })

  const job = (name: Job['name'], key: string): Job => ({
    name,
    key,
    data: { caseId: `case-${key}`, seq: 3, event: 'dispatched' },
  })
  const enqueue = (...jobs: Job[]) => opened.store.transact(async t => t.enqueue(jobs))
  const effectsOf = async (key: string) =>
    (await raw.query('select worker from effects where key like $1', [key])).rows.length

  test('a job is worked once for its key, however often and wherever it is sent', async () => {
    const second = new JobQueue({ connection: opened.connection, logger: quietLogger, poolSize: 4 })
    others.push(second)
    await second.start()
    for (const [worker, queue] of Object.entries({ first: opened.queue, second })) {
      await queue.work('notify-department', async ({ key, data }, transaction) => {
        expect(data).toEqual({ caseId: `case-${key}`, seq: 3, event: 'dispatched' })
        await transaction.executeSql('insert into effects values ($1, $2)', [key, worker])
      })
    }
    const twice = job('notify-department', 'once-0')
    await enqueue(twice, twice)
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => enqueue(job('notify-department', `once-${i % 5}`))),
    )
    await vi.waitFor(async () => expect(await effectsOf('once-%')).toBe(5), WAIT)
    // Done already: the same key is still known.
    await enqueue(twice)
    await enqueue(job('notify-department', 'once-last'))
    await vi.waitFor(async () => expect(await effectsOf('once-last')).toBe(1), WAIT)
    expect(await effectsOf('once-%')).toBe(6)
  })

  test('a job whose transaction failed is not there', async () => {
    const work = opened.store.transact(async t => {
      t.enqueue([job('notify-department', 'never')])
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    const { rows } = await raw.query(`select from jobs.job where data->>'key' = 'never'`)
    expect(rows).toEqual([])
  })

  test('a handler that throws undoes its effect and is tried again', async () => {
    let tries = 0
    await opened.queue.work('notify-resident', async ({ key }, transaction) => {
      await transaction.executeSql('insert into effects values ($1, $2)', [key, 'resident'])
      if (key.startsWith('dies')) throw new Error('the channel is closed')
      tries += 1
      if (tries === 1) throw new Error('not yet')
    })
    await enqueue(job('notify-resident', 'second-try'))
    await vi.waitFor(async () => expect(await effectsOf('second-try')).toBe(1), WAIT)
    expect(tries).toBe(2)
  })

  test('a job that fails every time is a dead letter, and can be replayed', async () => {
    await enqueue(job('notify-resident', 'dies-1'))
    // As if all the waiting between the tries were over.
    await vi.waitFor(async () => {
      await raw.query(`update jobs.job set retry_limit = 0, start_after = now() where data->>'key' = 'dies-1'
        and name = 'notify-resident' and state < 'active'`)
      expect(await opened.queue.deadLetters()).toHaveLength(1)
    }, WAIT)
    const [letter] = await opened.queue.deadLetters()
    expect(letter).toMatchObject({
      name: 'notify-resident',
      data: { caseId: 'case-dies-1', seq: 3, event: 'dispatched' },
      error: 'the channel is closed',
      failure: { why: 'other', answered: null },
    })
    expect(await effectsOf('dies-1')).toBe(0)
    expect(await opened.queue.replay(letter!.id)).toBe(true)
    expect(await opened.queue.deadLetters()).toEqual([])
    expect(await opened.queue.replay(letter!.id)).toBe(false)
    await vi.waitFor(async () => {
      const { rows } = await raw.query(
        `select from jobs.job where data->>'key' = 'dies-1' and name = 'notify-resident' and retry_count > 0`,
      )
      expect(rows.length).toBeGreaterThan(0)
    }, WAIT)
  })

  test('a hundred that wait are worked without a pause between them, also those that another process put down', async () => {
    const writer = new JobQueue({ connection: opened.connection, logger: quietLogger, poolSize: 2 })
    others.push(writer)
    await writer.start()
    await raw.query('begin')
    for (const [name, key] of [
      ['follow-neighbours', 'inside'],
      ['push-message', 'outside'],
    ] as const) {
      const jobs = Array.from({ length: 100 }, (_, i) => ({ ...job('notify-resident', `${key}-${i}`), name }))
      for (const { text, values } of await writer.statementsFor(jobs as never)) await raw.query(text, values)
    }
    await raw.query('commit')
    const worked = { inside: 0, outside: 0 }
    await opened.queue.work('follow-neighbours', async () => void worked.inside++)
    await opened.queue.workOutside('push-message', async () => void worked.outside++)
    // With a pause of a second between one and the next it would be half a minute at least.
    const inTime = { timeout: 15_000, interval: 50 }
    await vi.waitFor(() => expect(worked).toEqual({ inside: 100, outside: 100 }), inTime)
  })

  test('two webhooks that hang hold one worker each, and are tried for a day', async () => {
    const hanging = Promise.withResolvers<void>()
    const begun: string[] = []
    await opened.queue.workOutside('send-webhook', async ({ data }) => {
      begun.push(data.webhookId!)
      if (data.webhookId !== 'hears') await hanging.promise
    })
    const to = (webhookId: string, i: number): Job => {
      const { data, ...rest } = job('send-webhook', `${webhookId}-${i}`)
      return { ...rest, data: { ...data, webhookId } }
    }
    await enqueue(...['deaf', 'dumb'].flatMap(id => Array.from({ length: 5 }, (_, i) => to(id, i))))
    await vi.waitFor(() => expect(begun.toSorted()).toEqual(['deaf', 'dumb']), WAIT)
    await enqueue(...Array.from({ length: 5 }, (_, i) => to('hears', i)))
    await vi.waitFor(() => expect(begun.filter(id => id === 'hears')).toHaveLength(5), WAIT)
    expect(begun).toHaveLength(7)
    const { rows } = await raw.query(
      `select distinct retry_limit, retry_delay_max, retry_backoff from jobs.job where name = 'send-webhook'`,
    )
    expect(rows).toEqual([{ retry_limit: 35, retry_delay_max: 3600, retry_backoff: true }])
    hanging.resolve()
    await vi.waitFor(() => expect(begun).toHaveLength(15), WAIT)
  })

  test('stopping lets a running handler finish', async () => {
    const queue = new JobQueue({ connection: opened.connection, logger: quietLogger, poolSize: 4 })
    await queue.start()
    for (const other of [opened.queue, ...others]) await other.stop()
    const running = Promise.withResolvers<void>()
    await queue.work('notify-department', async ({ key }, transaction) => {
      running.resolve()
      await new Promise(done => setTimeout(done, 300))
      await transaction.executeSql('insert into effects values ($1, $2)', [key, 'stopping'])
    })
    await enqueue(job('notify-department', 'finishes'))
    await running.promise
    await queue.stop()
    expect(await effectsOf('finishes')).toBe(1)
  })
})
