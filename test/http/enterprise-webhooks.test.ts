import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isOurs } from '../../examples/enterprise-client/check-delivery.ts'
import { delivery } from '../../src/adapters/http/enterprise/enterprise-schemas.ts'
import { DELIVERY } from '../../src/adapters/http/enterprise/examples.ts'
import { createWebhookSender } from '../../src/adapters/notify/http-webhook-sender.ts'
import type { Job } from '../../src/usecases/job.ts'
import { MOST_WEBHOOKS } from '../../src/usecases/manage-webhooks.ts'
import type { WebhookSender } from '../../src/usecases/notice-ports.ts'
import { notifyEnterprise } from '../../src/usecases/notify-enterprise.ts'
import { sendWebhook } from '../../src/usecases/send-webhook.ts'
import { deskClient } from '../support/desk-client.ts'
import { BAKERY, type EnterpriseProgram, enterpriseProgram, LIGHT } from '../support/enterprise-client.ts'
import { accountOf, act, type Desk, fileOne, replyInput, useTestLine } from '../support/use-test-line.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'

interface Delivery {
  path: string
  headers: IncomingHttpHeaders
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
  body: any
}

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')
let desk: Desk
let running: WiredDesk
let webhooks: WebhookSender
let receiver: Server
let base: string
let got: Delivery[] = []
let factory: EnterpriseProgram
let bakery: EnterpriseProgram
let paths = 0
const newUrl = () => `${base}/${++paths}`

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const text = (await request.toArray()).join('')
    got.push({ path: request.url!, headers: request.headers, text, body: JSON.parse(text) })
    response.writeHead(204).end()
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  desk = lines.fresh()
  webhooks = createWebhookSender({ clock: desk.line.clock, networks: ['127.0.0.0/8'] })
  running = await startWiredDesk(desk.line, undefined, { webhooks })
  factory = await enterpriseProgram(running)
  bakery = await enterpriseProgram(running, BAKERY)
})
afterAll(async () => {
  await running.stop()
  receiver.closeAllConnections()
  receiver.close()
})
beforeEach(() => {
  got = []
  desk.record.jobs.length = 0
})

/** Works what was queued since the test began, and what that queues. */
async function work(): Promise<void> {
  const take = (name: Job['name']) => desk.record.jobs.filter(job => job.name === name)
  for (const job of take('notify-enterprise')) await notifyEnterprise(desk.line, job)
  for (const job of take('send-webhook')) await sendWebhook(desk.line, job, webhooks)
}

const hook = async (by: EnterpriseProgram, events: string[] = []) => {
  const { json } = await by.send('/webhooks', { url: newUrl(), events })
  return {
    id: json.webhook.id as string,
    secret: json.secret as string,
    path: new URL(json.webhook.url).pathname,
  }
}
const file = async (by: EnterpriseProgram, changes: object = {}) =>
  (await by.send('/cases', { ...LIGHT, ...changes })).json.case
const idOf = async (number: string) =>
  (await desk.line.store.transact(tx => tx.caseByNumber(number)))!.case.id

describe('webhooks of an enterprise', () => {
  test('are told of its own cases, signed, with what a resident may know and nothing of anybody', async () => {
    const { path, secret } = await hook(factory)
    const externalId = 'W-1'
    const { number } = await file(factory, { externalId, contact: { name: '王工', phone: '13800138000' } })
    const id = await idOf(number)
    await act(desk.line, handler, id, 'sign')
    await act(desk.line, handler, id, 'note', { text: '内部说明' })
    await act(desk.line, handler, id, 'reply', replyInput(desk.line))
    await work()
    const own = got.filter(each => each.path === path)
    expect(own.map(({ body }) => body.type)).toEqual([
      'case.filed',
      'case.accepted',
      'case.dispatched',
      'case.signed',
      'case.replied',
    ])
    const { headers, body, text } = own.at(-1)!
    for (const each of own) expect(delivery.strict().parse(each.body)).toEqual(each.body)
    expect(body.case).toMatchObject({ number, externalId, state: 'replied', department: 'urban-management' })
    expect(Object.keys(body)).toEqual(Object.keys(DELIVERY))
    expect(Object.keys(body.case)).toEqual(Object.keys(DELIVERY.case))
    expect(headers['idempotency-key']).toBe(body.id)
    for (const personal of ['王工', '13800138000', '人民路', LIGHT.words, '灯泡', '内部', 'test-handler'])
      expect(own.map(each => each.text).join('')).not.toContain(personal)

    const signature = String(headers['x-yihao-signature'])
    const now = desk.line.clock.now()
    expect(isOurs(signature, text, secret, now)).toBe(true)
    expect(isOurs(signature, text.replace('replied', 'closed'), secret, now)).toBe(false)
    expect(isOurs(signature, text, 'another secret', now)).toBe(false)
    expect(isOurs(signature, text, secret, new Date(now.getTime() + 301_000))).toBe(false)
  })

  test('are told of nobody else’s cases', async () => {
    const [ours, theirs] = [await hook(factory), await hook(bakery)]
    const { number } = await file(factory)
    await fileOne(desk)
    await work()
    expect(got.filter(({ path }) => path === theirs.path)).toEqual([])
    const told = got.filter(({ path }) => path === ours.path)
    expect(new Set(told.map(({ body }) => body.case.number))).toEqual(new Set([number]))
  })

  test('are told of what they asked for only', async () => {
    const { path } = await hook(factory, ['case.urged', 'case.withdrawn'])
    const { number } = await file(factory)
    await factory.send(`/cases/${number}/urge`, {})
    await factory.send(`/cases/${number}/withdrawal`, {})
    await work()
    expect(got.filter(each => each.path === path).map(({ body }) => body.type)).toEqual([
      'case.urged',
      'case.withdrawn',
    ])
  })

  test('hear nothing more once they are removed, or the last key of the enterprise is revoked', async () => {
    const program = await enterpriseProgram(running, {
      enterprise: '912101127000000019',
      displayName: '沈抚物流',
    })
    const [gone, kept] = [await hook(program), await hook(program)]
    await file(program)
    await program.send(`/webhooks/${gone.id}`, undefined, { method: 'DELETE' })
    await work()
    expect(new Set(got.map(({ path }) => path))).toEqual(new Set([kept.path]))
    got = []
    const { number } = await file(program)
    running.accounts.seat(accountOf('admin'))
    await (await deskClient(running.url)).remove(`/enterprise-keys/${program.keyId}`)
    await act(desk.line, handler, await idOf(number), 'sign')
    await work()
    expect(got).toEqual([])
  })

  test('are the enterprise’s own: another neither sees nor removes them', async () => {
    const { id } = await hook(factory)
    const seen = (await bakery.send('/webhooks')).json.rows.map((row: { id: string }) => row.id)
    expect(seen).not.toContain(id)
    const removed = await bakery.send(`/webhooks/${id}`, undefined, { method: 'DELETE' })
    expect([removed.status, removed.json.code]).toEqual([404, 'webhook-not-found'])
    const own = await factory.send(`/webhooks/${id}`, undefined, { method: 'DELETE' })
    expect(own.status).toBe(204)
  })

  test.each([
    ['an inner address', { url: 'https://10.0.0.1/' }, 400, 'webhook-address-refused'],
    ['plain HTTP', { url: 'http://8.8.8.8/' }, 400, 'webhook-address-refused'],
    ['a name that nobody has', { url: 'https://erp.invalid/x' }, 400, 'webhook-host-unknown'],
    ['no address', { url: 'ftp://8.8.8.8/' }, 400, 'body-invalid'],
    [
      'what is told to departments only',
      { url: 'https://8.8.8.8/', events: ['case.noted'] },
      400,
      'body-invalid',
    ],
  ])('for %s are not made', async (_, body, status, code) => {
    const answer = await factory.send('/webhooks', body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  test('are made once for an address, told their secret once, and are not too many', async () => {
    const program = await enterpriseProgram(running, {
      enterprise: '91350100M000100Y43',
      displayName: '沈抚包装',
    })
    const headers = { 'idempotency-key': 'hook-1' }
    const url = newUrl()
    const [first, again] = [
      await program.send('/webhooks', { url }, { headers }),
      await program.send('/webhooks', { url }, { headers }),
    ]
    expect(again.json).toEqual({ webhook: first.json.webhook, secret: null })
    expect((await program.send('/webhooks', { url })).json.code).toBe('webhook-exists')
    expect(JSON.stringify((await program.send('/webhooks')).json)).not.toContain(first.json.secret)
    for (let i = 1; i < MOST_WEBHOOKS; i++)
      expect((await program.send('/webhooks', { url: newUrl() })).status).toBe(201)
    expect((await program.send('/webhooks', { url: newUrl() })).json.code).toBe('webhooks-exhausted')
  })

  test('are seen at the desk, and removed there', async () => {
    const { id } = await hook(bakery)
    running.accounts.seat(accountOf('admin'))
    const client = await deskClient(running.url)
    const { json } = await client.get('/webhooks')
    expect(json.rows).toContainEqual(
      expect.objectContaining({ id, department: null, enterprise: BAKERY.enterprise }),
    )
    expect((await client.remove(`/webhooks/${id}`)).status).toBe(200)
  })
})
