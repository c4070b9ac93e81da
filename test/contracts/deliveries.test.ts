import { spawn } from 'node:child_process'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import { createSmsGateway } from '../../src/adapters/notify/http-sms-gateway.ts'
import { createWebhookSender } from '../../src/adapters/notify/http-webhook-sender.ts'
import type { Outgoing } from '../../src/conversation/message.ts'
import { HOUR } from '../../src/kernel/clock.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { fileEnterpriseCase } from '../../src/usecases/file-enterprise-case.ts'
import type { Job } from '../../src/usecases/job.ts'
import type { Line } from '../../src/usecases/line.ts'
import { addEnterpriseKey, enterpriseOfSecret } from '../../src/usecases/manage-keys.ts'
import { addOwnWebhook, addWebhook } from '../../src/usecases/manage-webhooks.ts'
import { notifyDepartment } from '../../src/usecases/notify-department.ts'
import { notifyEnterprise } from '../../src/usecases/notify-enterprise.ts'
import { sendSms } from '../../src/usecases/send-sms.ts'
import { sendWebhook } from '../../src/usecases/send-webhook.ts'
import { urlOf } from '../support/database-server.ts'
import { FACTORY, LIGHT } from '../support/enterprise-client.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { accountOf, act, type Desk, fileOne, replyInput, useTestLine } from '../support/use-test-line.ts'

const WAIT = { timeout: 40_000, interval: 50 }
const admin = accountOf('admin')
const handler = accountOf('handler', 'urban-management')

const MATTER = {
  ...LIGHT,
  externalId: 'D-1',
  type: null,
  time: null,
  at: null,
  contact: { name: null, phone: null },
}

interface Received {
  key: string
  body: string
}

/** What the receiver does with the n-th request that it gets. */
type Answer = (response: ServerResponse, nth: number) => void
const ok: Answer = response => void response.writeHead(204).end()

describe('deliveries', () => {
  const lines = useTestLine()
  const servers: Server[] = []
  const queues: JobQueue[] = []
  let raw: pg.Client

  beforeAll(async () => {
    raw = new pg.Client(lines.home().connection)
    await raw.connect()
  })
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.stop()
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
    // Each test has the queues for itself.
    await raw.query('delete from jobs.job')
    await raw.query('delete from webhooks')
  })
  afterAll(() => raw?.end())

  async function receiver(answer: Answer): Promise<{ url: string; got: Received[] }> {
    const got: Received[] = []
    const server = createServer(async (request, response) => {
      const body = (await request.toArray()).join('')
      got.push({ key: String(request.headers['idempotency-key']), body })
      answer(response, got.length)
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got }
  }

  /** An instance's workers for what goes to departments. */
  async function workers(line: Line, timeoutMs = 5000): Promise<JobQueue> {
    const queue = new JobQueue({ connection: lines.home().connection, logger: quietLogger, poolSize: 4 })
    queues.push(queue)
    await queue.start()
    const sender = createWebhookSender({ clock: line.clock, networks: ['127.0.0.0/8'], timeoutMs })
    await queue.work('notify-department', job => notifyDepartment(line, job))
    await queue.work('notify-enterprise', job => notifyEnterprise(line, job))
    await queue.workOutside('send-webhook', job => sendWebhook(line, job, sender))
    return queue
  }

  const subscribe = ({ line }: Desk, url: string, events: string[] = []) =>
    addWebhook(
      line,
      admin,
      { department: 'urban-management', url, events },
      createWebhookSender({ clock: line.clock, networks: ['127.0.0.0/8'] }),
    )

  /** As if all the waiting between the tries were over. */
  const hurry = (name: Job['name']) =>
    raw.query(`update jobs.job set start_after = now() where name = $1 and state < 'active'`, [name])
  const queued = async (name: Job['name']) =>
    (await raw.query(`select state from jobs.job where name = $1`, [name])).rows as { state: string }[]

  test('a department hears of its case, without a word of who asked or what they said', async () => {
    const desk = lines.fresh()
    const { url, got } = await receiver(ok)
    await subscribe(desk, url)
    await workers(desk.line)
    const { case: filed } = await fileOne(desk)
    await vi.waitFor(() => expect(got).toHaveLength(1), WAIT)
    const event = JSON.parse(got[0]!.body)
    expect(event).toMatchObject({
      version: 1,
      id: got[0]!.key,
      type: 'case.dispatched',
      case: { number: filed.number, state: 'dispatched', stage: 'transfer', lead: 'urban-management' },
    })
    for (const personal of ['王秀兰', '13800138000', '人民路', filed.words])
      expect(got[0]!.body).not.toContain(personal)
  })

  test('only the events that were asked for are told, and only to the department on the case', async () => {
    const desk = lines.fresh()
    const urges = await receiver(ok)
    const others = await receiver(ok)
    await subscribe(desk, urges.url, ['urged'])
    const sender = createWebhookSender({ clock: desk.line.clock, networks: ['127.0.0.0/8'] })
    await addWebhook(desk.line, admin, { department: 'education', url: others.url, events: [] }, sender)
    await workers(desk.line)
    const { case: filed } = await fileOne(desk)
    await act(desk.line, accountOf('agent'), filed.id, 'urge')
    await vi.waitFor(() => expect(urges.got).toHaveLength(1), WAIT)
    expect(JSON.parse(urges.got[0]!.body).type).toBe('case.urged')
    await vi.waitFor(
      async () =>
        expect((await queued('notify-department')).every(job => job.state === 'completed')).toBe(true),
      WAIT,
    )
    expect(others.got).toEqual([])
  })

  test('a receiver that answers 500 is tried again with the same id until it takes it', async () => {
    const desk = lines.fresh()
    const { url, got } = await receiver((response, nth) =>
      nth < 3 ? void response.writeHead(500).end() : ok(response, nth),
    )
    await subscribe(desk, url)
    await workers(desk.line)
    const { case: filed } = await fileOne(desk)
    await vi.waitFor(() => expect(got).toHaveLength(1), WAIT)
    // The case goes on between the tries; what is told of this event stays the same.
    await act(desk.line, handler, filed.id, 'sign')
    await vi.waitFor(async () => {
      await hurry('send-webhook')
      expect((await queued('send-webhook')).map(job => job.state)).toEqual(['completed'])
    }, WAIT)
    expect(got).toHaveLength(3)
    expect(new Set(got.map(each => each.key)).size).toBe(1)
    expect(new Set(got.map(each => each.body)).size).toBe(1)
  })

  test('an enterprise that does not answer is tried again, and hears of each event once', async () => {
    const desk = lines.fresh()
    const { line } = desk
    const { url, got } = await receiver((response, nth) => void response.writeHead(nth < 3 ? 503 : 204).end())
    const owner = { enterprise: FACTORY.enterprise, displayName: FACTORY.displayName }
    const { secret } = await addEnterpriseKey(line, admin, { ...owner, name: 'factory', scopes: [] })
    const caller = await enterpriseOfSecret(line, secret)
    const sender = createWebhookSender({ clock: line.clock, networks: ['127.0.0.0/8'] })
    await addOwnWebhook(line, caller, { url, events: ['filed'] }, sender)
    await workers(line)
    const { case: filed } = await fileEnterpriseCase(line, caller, MATTER, {
      locale: 'zh-Hans',
      keep: () => {},
    })
    await vi.waitFor(async () => {
      await hurry('send-webhook')
      expect(got).toHaveLength(3)
    }, WAIT)
    await vi.waitFor(
      async () => expect((await queued('send-webhook')).map(({ state }) => state)).toEqual(['completed']),
      WAIT,
    )
    expect(new Set(got.map(each => each.body)).size).toBe(1)
    expect(JSON.parse(got[0]!.body)).toMatchObject({
      type: 'case.filed',
      id: got[0]!.key,
      case: { number: filed.number },
    })
  })

  test('one that hangs does not keep the others waiting, and is tried again', async () => {
    const desk = lines.fresh()
    const hanging = await receiver(() => {})
    const other = await receiver(ok)
    await subscribe(desk, hanging.url)
    await subscribe(desk, other.url)
    // Longer than the test: while it hangs, all else must go on.
    await workers(desk.line, 60_000)
    await fileOne(desk)
    await vi.waitFor(() => expect(hanging.got).toHaveLength(1), WAIT)
    await fileOne(desk)
    await vi.waitFor(() => expect(other.got).toHaveLength(2), WAIT)
    // It gets one delivery at a time, and each hangs until its connection ends.
    await vi.waitFor(async () => {
      for (const server of servers) server.closeAllConnections()
      await hurry('send-webhook')
      expect(hanging.got.length).toBeGreaterThan(2)
    }, WAIT)
  })

  test('what is never taken is a dead letter; replayed, it arrives; discarded, it is gone', async () => {
    const desk = lines.fresh()
    let isUp = false
    const { url, got } = await receiver((response, nth) =>
      isUp ? ok(response, nth) : void response.writeHead(503).end(),
    )
    await subscribe(desk, url)
    const queue = await workers(desk.line)
    const { case: filed } = await fileOne(desk)
    const letters = async () => {
      await raw.query(`update jobs.job set retry_limit = retry_count, start_after = now()
        where name = 'send-webhook' and state < 'active'`)
      return queue.deadLetters()
    }
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), WAIT)
    const [letter] = await queue.deadLetters()
    expect(letter).toMatchObject({
      name: 'send-webhook',
      data: { caseId: filed.id, event: 'dispatched' },
      error: 'answered with 503',
      failure: { why: 'not-accepted', answered: '503' },
    })
    isUp = true
    const before = got.length
    expect(await queue.replay(letter!.id)).toBe(true)
    await vi.waitFor(() => expect(got).toHaveLength(before + 1), WAIT)
    expect(new Set(got.map(each => each.key)).size).toBe(1)

    isUp = false
    await act(desk.line, accountOf('agent'), filed.id, 'urge')
    await vi.waitFor(async () => expect(await letters()).toHaveLength(1), WAIT)
    const [second] = await queue.deadLetters()
    expect(await queue.discard(second!.id)).toBe(true)
    expect(await queue.discard(second!.id)).toBe(false)
    expect(await queue.deadLetters()).toEqual([])
  })

  test('two instances at once bring each event once', async () => {
    const desk = lines.fresh()
    const { url, got } = await receiver(ok)
    await subscribe(desk, url, ['dispatched'])
    await workers(desk.line)
    await workers(desk.line)
    for (let cases = 0; cases < 12; cases++) await fileOne(desk)
    await vi.waitFor(() => expect(got.length).toBeGreaterThanOrEqual(12), WAIT)
    await vi.waitFor(
      async () => expect((await queued('send-webhook')).every(job => job.state === 'completed')).toBe(true),
      WAIT,
    )
    expect(got.map(each => each.key).toSorted()).toEqual([...new Set(got.map(each => each.key))].toSorted())
    expect(got).toHaveLength(12)
  })

  /** A worker in a process of its own, killed when it has had its effect but has not said so. */
  async function killedWorker(does: string, address: string): Promise<void> {
    const file = join(import.meta.dirname, '../support/dying-worker.ts')
    const child = spawn(process.execPath, [file, urlOf(lines.home().connection), does, address], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
  }

  /** As if the time that a worker has were over. */
  async function expire(name: Job['name']): Promise<void> {
    const boss = new PgBoss({ ...lines.home().connection, schema: 'jobs', supervise: false, schedule: false })
    await boss.start()
    await vi.waitFor(async () => {
      await raw.query(
        `update jobs.job set started_on = now() - interval '1 hour' where name = $1 and state = 'active'`,
        [name],
      )
      await raw.query('update jobs.queue set monitor_on = null, monitor_claim_on = null')
      await boss.supervise(name)
      expect((await queued(name)).some(job => job.state === 'active')).toBe(false)
    }, WAIT)
    await boss.stop({ graceful: false })
  }

  test('a worker killed after it has sent: it is sent again, and the receiver can tell by the id', async () => {
    const desk = lines.fresh()
    const { url, got } = await receiver(ok)
    await subscribe(desk, url)
    await fileOne(desk)
    for (const job of desk.record.jobs)
      if (job.name === 'notify-department') await notifyDepartment(desk.line, job)
    await killedWorker('post', url)
    expect(got).toHaveLength(1)
    await expire('send-webhook')
    await hurry('send-webhook')
    await workers(desk.line)
    await vi.waitFor(async () => {
      await hurry('send-webhook')
      expect((await queued('send-webhook')).map(job => job.state)).toEqual(['completed'])
    }, WAIT)
    expect(got.length).toBeGreaterThan(1)
    expect(new Set(got.map(each => each.key)).size).toBe(1)
  })

  test('a worker killed after it has told the resident: it is not told twice', async () => {
    const desk = lines.fresh()
    const { case: filed, conversation } = await fileOne(desk)
    await act(desk.line, handler, filed.id, 'sign')
    await hurry('notify-resident')
    await killedWorker('tell', '')
    await expire('notify-resident')
    const queue = new JobQueue({ connection: lines.home().connection, logger: quietLogger, poolSize: 4 })
    queues.push(queue)
    await queue.start()
    await queue.work('notify-resident', job => deliverNotification(desk.line, job))
    await vi.waitFor(async () => {
      await hurry('notify-resident')
      expect((await queued('notify-resident')).map(job => job.state)).toEqual(['completed'])
    }, WAIT)
    const entries = await desk.line.store.transcriptAfter(conversation.id, 0, 50)
    expect(entries.filter(({ body }) => (body as Outgoing).key === 'notify.signed')).toHaveLength(1)
  })

  describe('a short message', () => {
    const smsOf = async (desk: Desk) => {
      desk.line.clock.advance(3 * HOUR)
      const { case: filed } = await fileOne(desk)
      await act(desk.line, handler, filed.id, 'sign')
      await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
      for (const job of desk.record.jobs.filter(each => each.name === 'notify-resident'))
        await deliverNotification(desk.line, job, { hasSms: true })
      return { filed, job: desk.record.jobs.find(each => each.name === 'send-sms')! }
    }
    const callsOf = async ({ line }: Desk, id: string) =>
      (await line.store.calls.list(line.clock.now(), { includeConfidential: true, limit: 100 })).filter(
        call => call.caseId === id,
      )
    const gatewayAt = (desk: Desk, url: string) =>
      createSmsGateway({ url, key: 'a-key-of-the-gateway', clock: desk.line.clock, timeoutMs: 300 })
    const publicUrl = 'https://12345.example.cn'

    test('says the number and where to look, nothing of the matter, and how to stop it', async () => {
      const desk = lines.fresh()
      const { url, got } = await receiver(ok)
      const { filed, job } = await smsOf(desk)
      await sendSms(desk.line, { ...job, isLastTry: false }, { gateway: gatewayAt(desk, url), publicUrl })
      const { to, text } = JSON.parse(got[0]!.body)
      expect(to).toBe('13800138000')
      expect(text.replaceAll(' ', '')).toContain(filed.number)
      for (const personal of ['路灯', '人民路', '王', '灯泡']) expect(text).not.toContain(personal)
      const token = /notices\/([\w-]+)/.exec(text)![1]!
      expect(await desk.line.store.transact(tx => tx.notices.wantsByLink(token))).toBe('all')
    })

    test('the gateway is away: tried again, and after the last try it becomes a call', async () => {
      const desk = lines.fresh()
      const { url, got } = await receiver(response => void response.writeHead(503).end())
      const { filed, job } = await smsOf(desk)
      const parts = { gateway: gatewayAt(desk, url), publicUrl }
      await expect(sendSms(desk.line, { ...job, isLastTry: false }, parts)).rejects.toThrow(
        'answered with 503',
      )
      expect(await callsOf(desk, filed.id)).toEqual([])
      await sendSms(desk.line, { ...job, isLastTry: true }, parts)
      expect(await callsOf(desk, filed.id)).toMatchObject([{ purpose: 'ask' }])
      expect(new Set(got.map(each => each.key)).size).toBe(1)
    })

    test('no such number: called at once, once', async () => {
      const desk = lines.fresh()
      const { url } = await receiver(response => void response.writeHead(422).end())
      const { filed, job } = await smsOf(desk)
      const parts = { gateway: gatewayAt(desk, url), publicUrl: null }
      for (let times = 0; times < 2; times++) await sendSms(desk.line, { ...job, isLastTry: false }, parts)
      expect(await callsOf(desk, filed.id)).toHaveLength(1)
    })
  })
})
