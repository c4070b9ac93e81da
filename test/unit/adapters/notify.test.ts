import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createAddressGuard } from '../../../src/adapters/notify/address-guard.ts'
import { createSmsGateway } from '../../../src/adapters/notify/http-sms-gateway.ts'
import { createWebhookSender } from '../../../src/adapters/notify/http-webhook-sender.ts'
import { ManualClock } from '../../../src/kernel/clock.ts'

const clock = new ManualClock('2026-11-24T02:00:00Z')
const servers: Server[] = []
interface Received {
  headers: IncomingMessage['headers']
  body: string
}

/** A receiver on this machine that remembers what it got and answers as told. */
async function receiver(
  answer: (response: ServerResponse) => void,
): Promise<{ url: string; got: Received[] }> {
  const got: Received[] = []
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    got.push({ headers: request.headers, body })
    answer(response)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, got }
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

const ok = (response: ServerResponse) => void response.writeHead(200).end('{}')
const local = createWebhookSender({ clock, networks: ['127.0.0.0/8'], timeoutMs: 300 })
const delivery = (url: string) => ({ url, secret: 'the-secret', id: 'case-1:4:hook', body: '{"id":"x"}' })

describe('a webhook delivery', () => {
  test('is signed over time and body, and carries the same id at each try', async () => {
    const { url, got } = await receiver(ok)
    await local.send(delivery(url))
    await local.send(delivery(url))
    expect(got).toHaveLength(2)
    for (const { headers, body } of got) {
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-yihao-signature']))!
      expect(t).toBe(String(clock.now().getTime() / 1000))
      expect(v1).toBe(createHmac('sha256', 'the-secret').update(`${t}.${body}`).digest('hex'))
      expect(headers['idempotency-key']).toBe('case-1:4:hook')
      expect(headers['content-type']).toContain('application/json')
    }
  })

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['answers 500', response => void response.writeHead(500).end(), /answered with 500/],
    [
      'redirects elsewhere',
      response => void response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
      /302/,
    ],
    ['never answers', () => {}, /no answer within 300 ms/],
    [
      'begins to answer and stops',
      response => void response.writeHead(200).write('{'),
      /no answer within 300 ms/,
    ],
    ['hangs up', response => void response.destroy(), /hang up|ECONNRESET/],
  ])('fails when the receiver %s', async (_, answer, message) => {
    const { url } = await receiver(answer)
    await expect(local.send(delivery(url))).rejects.toThrow(message)
  })

  test('a slow receiver is waited for', async () => {
    const { url, got } = await receiver(response => void setTimeout(() => ok(response), 100))
    await local.send(delivery(url))
    expect(got).toHaveLength(1)
  })

  test('an answer without end is not read to the end', async () => {
    const { url } = await receiver(response => {
      response.writeHead(200)
      response.write(Buffer.alloc(200_000))
    })
    await local.send(delivery(url))
  })
})

describe('what must not be reached is not', () => {
  const strict = createWebhookSender({ clock, networks: [], timeoutMs: 300 })
  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
    'http://8.8.8.8/',
    'ftp://8.8.8.8/',
    'https://user:word@8.8.8.8/',
  ])('%s', async url => {
    await expect(strict.check(url)).rejects.toMatchObject({ code: 'webhook-address-refused' })
  })

  test('also when it is sent to without having been checked', async () => {
    const { url, got } = await receiver(ok)
    await expect(strict.send(delivery(url))).rejects.toThrow(/not to be reached/)
    await expect(strict.send(delivery(url.replace('127.0.0.1', 'localhost')))).rejects.toThrow(
      /not to be reached/,
    )
    expect(got).toEqual([])
  })

  test('a network that was named may be, and only that one', async () => {
    const inner = createWebhookSender({ clock, networks: ['10.20.0.0/16', 'fd12::/16'] })
    await inner.check('http://10.20.3.4/')
    await inner.check('https://[fd12::1]/')
    await inner.check('https://8.8.8.8/')
    await expect(inner.check('http://10.21.0.1/')).rejects.toThrow('webhook-address-refused')
  })

  test('an address that is none is refused', () => {
    expect(createAddressGuard([]).judge('nowhere')).toBe('refused')
  })
})

describe('a short message', () => {
  const posted = { to: '13800138000', text: '有答复了', key: 'case-1:4' }
  const message = { ...posted, of: { key: 'sms.replied', params: {} } }
  const gatewayAt = (url: string) =>
    createSmsGateway({ url, key: 'a-key-of-the-gateway', clock, timeoutMs: 300 })

  test('is posted, signed, with its key', async () => {
    const { url, got } = await receiver(ok)
    expect(await gatewayAt(url).send(message)).toBe('sent')
    expect(JSON.parse(got[0]!.body)).toEqual(posted)
    expect(got[0]!.headers['idempotency-key']).toBe('case-1:4')
    const [, t, v1] = /^t=(\d+),v1=(\w+)$/.exec(String(got[0]!.headers['x-yihao-signature']))!
    const expected = createHmac('sha256', 'a-key-of-the-gateway').update(`${t}.${got[0]!.body}`)
    expect(v1).toBe(expected.digest('hex'))
  })

  test.each([
    [422, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
  ])('%i: never', async (status, outcome) => {
    const { url } = await receiver(response => void response.writeHead(status).end())
    expect(await gatewayAt(url).send(message)).toBe(outcome)
  })

  test.each([401, 429, 500, 503])('%i: may work later', async status => {
    const { url } = await receiver(response => void response.writeHead(status).end())
    await expect(gatewayAt(url).send(message)).rejects.toThrow(`answered with ${status}`)
  })
})
