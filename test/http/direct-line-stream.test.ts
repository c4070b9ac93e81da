import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/kernel/clock.ts'
import { SocketClient, until } from './socket-client.ts'
import { call, type RunningLine, SECRET, startConversation, startLine } from './start-line.ts'

const DL = '/v3/directline'
const clock = new ManualClock('2026-11-24T01:00:00Z')
let running: RunningLine
let url: string

beforeAll(async () => {
  running = await startLine({ clock })
  url = running.url
})
afterAll(() => running.stop())

const say = (id: string, token: string, text: string, from = url) =>
  call(from, `${DL}/conversations/${id}/activities`, { token, body: { type: 'message', text } })
const reconnect = async (id: string, token: string, watermark: string, from = url) =>
  (await call(from, `${DL}/conversations/${id}?watermark=${watermark}`, { token })).json.streamUrl as string

/** Status that an upgrade is refused with. */
async function refusal(streamUrl: string, headers: Record<string, string> = {}): Promise<number> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const asked = request(streamUrl.replace(/^ws/, 'http'), {
      agent: false,
      headers: { ...upgrade, ...headers },
    })
    asked.on('response', response => resolve(response.resume().statusCode!))
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode!)
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('the stream', () => {
  test('brings the greeting, the echo of what one said and the reply, once each', async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const client = new SocketClient(streamUrl)
    const { json } = await say(id, token, 'hi')
    await until(() => client.messages.length === 3, 'three messages')
    expect(client.messages).toEqual(['您好', 'hi', 'echo: hi'])
    expect(client.activities.map(activity => activity.id)).toContain(json.id)
    expect(client.watermark).toBe('3')
    client.close()
  })

  test('nothing is lost and nothing twice, however often the socket is killed', async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const seen: string[] = []
    let watermark = ''
    let isTalking = true
    const talk = (async () => {
      for (let i = 0; i < 80; i++) await say(id, token, `m${i}`)
      isTalking = false
    })()
    for (let next = streamUrl; isTalking || seen.length < 161; next = await reconnect(id, token, watermark)) {
      const client = new SocketClient(next)
      await client.opened
      await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 30))
      client.socket.close()
      await client.closed
      seen.push(...client.activities.map(activity => activity.id))
      watermark = client.watermark || watermark
    }
    await talk
    expect(seen).toHaveLength(161)
    expect(new Set(seen).size).toBe(161)
    expect(seen).toEqual([...seen].sort())
  })

  test('a backlog of several pages comes in order', async () => {
    const { id, streamUrl } = await startConversation(url)
    const incoming = { conversationId: id, externalId: null, locale: null, attachments: [], clientData: null }
    for (let i = 0; i < 160; i++) await running.line.takeTurn({ ...incoming, text: `m${i}` })
    const client = new SocketClient(streamUrl)
    await until(() => client.activities.length >= 321, 'all pages')
    expect(new Set(client.activities.map(activity => activity.id)).size).toBe(321)
    client.close()
  })

  test('a watermark from a lost past shows everything, and what comes after it', async () => {
    const { id, token } = await startConversation(url)
    const client = new SocketClient(await reconnect(id, token, '5000'))
    await until(() => client.messages.length === 1, 'the greeting')
    await say(id, token, 'hi')
    await until(() => client.messages.length === 3, 'the turn')
    expect(client.messages).toEqual(['您好', 'hi', 'echo: hi'])
    client.close()
  })

  test.each([0, 1, 2, 3, 4, 5, 999_999_999])('from watermark %i it shows what polling shows', async from => {
    const { id, token } = await startConversation(url)
    await say(id, token, 'hi')
    const path = `${DL}/conversations/${id}/activities?watermark=${from}`
    const polled = (await call(url, path, { token })).json
    const client = new SocketClient(await reconnect(id, token, String(from)))
    await client.opened
    if (polled.activities.length > 0) await until(() => client.activities.length > 0, 'the first frame')
    const isSame = (activity: { id: string }) => activity.id
    expect(client.activities.map(isSame)).toEqual(polled.activities.map(isSame))
    if (polled.activities.length > 0) expect(client.watermark).toBe(polled.watermark)
    await say(id, token, 'more')
    await until(() => client.messages.at(-1) === 'echo: more', 'what comes after')
    client.close()
  })

  test('a newer socket closes the older one with the reason collision', async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const older = new SocketClient(streamUrl)
    await older.opened
    const newer = new SocketClient(streamUrl)
    expect((await older.closed).reason).toBe('collision')
    await say(id, token, 'hi')
    await until(() => newer.messages.length === 3, 'the newer hears')
    newer.close()
  })

  test('what the line says by itself arrives', async () => {
    const { id, streamUrl } = await startConversation(url)
    const client = new SocketClient(streamUrl)
    await client.opened
    running.line.say(id, { key: 'case.signed', text: '已签收', choices: [], cards: [], expects: 'nothing' })
    await until(() => client.messages.includes('已签收'), 'the news')
    client.close()
  })

  test('a turn reaches the socket also when the bus is silent', async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const client = new SocketClient(streamUrl)
    await until(() => client.messages.length === 1, 'the greeting')
    running.line.isBusMute = true
    await say(id, token, 'hi')
    running.line.isBusMute = false
    await until(() => client.messages.length === 3, 'the turn')
    client.close()
  })

  test('typing shows while a turn takes long, and is never polled', async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const client = new SocketClient(streamUrl)
    await until(() => client.messages.length === 1, 'the greeting')
    running.line.turnMs = 450
    await say(id, token, 'slow')
    running.line.turnMs = 0
    await until(() => client.messages.length === 3, 'the turn')
    expect(client.activities.map(activity => activity.type)).toEqual([
      'message',
      'typing',
      'message',
      'message',
    ])
    const { json } = await call(url, `${DL}/conversations/${id}/activities`, { token })
    expect(json.activities.every((activity: { type: string }) => activity.type === 'message')).toBe(true)
    client.close()
  })

  test('empty frames of the client are its heartbeat', async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const client = new SocketClient(streamUrl)
    await client.opened
    client.socket.send('')
    client.socket.send('not json')
    await say(id, token, 'hi')
    await until(() => client.messages.length === 3, 'still alive')
    client.close()
  })

  test('a frame that is too large closes the socket', async () => {
    const { streamUrl } = await startConversation(url)
    const client = new SocketClient(streamUrl)
    await client.opened
    client.socket.send('x'.repeat(100_000))
    expect((await client.closed).code).toBe(1009)
  })
})

describe('who may listen', () => {
  test("the stream's token lives 60 s and is worth nothing elsewhere", async () => {
    const { id, token, streamUrl } = await startConversation(url)
    const streamToken = new URL(streamUrl).searchParams.get('t')!
    expect((await call(url, `${DL}/conversations/${id}/activities`, { token: streamToken })).status).toBe(401)
    clock.advance(59_000)
    expect(await refusal(streamUrl)).toBe(101)
    clock.advance(1000)
    expect(await refusal(streamUrl)).toBe(403)
    expect(await refusal(streamUrl.replace(streamToken, token))).toBe(401)
    expect(await refusal(streamUrl.replace(streamToken, ''))).toBe(401)
  })

  test('the token of one conversation does not open another', async () => {
    const mine = await startConversation(url)
    const other = await startConversation(url)
    expect(await refusal(mine.streamUrl.replace(mine.id, other.id))).toBe(401)
  })

  test('a garbage watermark is refused before the upgrade', async () => {
    const { streamUrl } = await startConversation(url)
    expect(await refusal(streamUrl.replace('watermark=-', 'watermark=zzz'))).toBe(400)
  })

  test('a foreign page may not open the socket of our page', async () => {
    const minted = await call(url, '/api/web-chat/token', { body: {}, headers: { origin: url } })
    const started = await call(url, `${DL}/conversations`, { token: minted.json.token, body: {} })
    expect(await refusal(started.json.streamUrl, { origin: 'https://evil.example' })).toBe(403)
    expect(await refusal(started.json.streamUrl, { origin: url })).toBe(101)
  })

  test('an upgrade anywhere else is refused and not logged with its address', async () => {
    expect(await refusal(`${url}/healthz?t=topsecret`)).toBe(404)
    expect(await refusal(`${url}/nowhere?t=topsecret`)).toBe(404)
    expect(running.logged.join('')).not.toContain('topsecret')
  })
})

test('closing lets a running turn finish, sends it, and says going away', async () => {
  const line = await startLine()
  const { id, token, streamUrl } = await startConversation(line.url)
  const client = new SocketClient(streamUrl)
  await until(() => client.messages.length === 1, 'the greeting')
  line.line.turnMs = 400
  const running = say(id, token, 'last words', line.url)
  await new Promise(resolve => setTimeout(resolve, 100))
  const started = Date.now()
  const stopped = line.stop()
  await new Promise(resolve => setTimeout(resolve, 50))
  const late = await say(id, token, 'too late', line.url).catch(() => ({ status: 0 }))
  expect((await running).status).toBe(200)
  expect([0, 503]).toContain(late.status)
  expect(await client.closed).toEqual({ code: 1001, reason: 'going away' })
  expect(client.messages).toEqual(['您好', 'last words', 'echo: last words'])
  await stopped
  expect(Date.now() - started).toBeLessThan(3000)
})

test('after a restart clients go on from their watermark', async () => {
  const first = await startLine()
  const { id, token, streamUrl } = await startConversation(first.url)
  const client = new SocketClient(streamUrl)
  await say(id, token, 'before', first.url)
  await until(() => client.messages.length === 3, 'the first turn')
  await first.stop()
  const second = await startLine({ line: first.line })
  await say(id, token, 'after', second.url)
  const again = new SocketClient(await reconnect(id, token, client.watermark, second.url))
  await until(() => again.messages.length === 2, 'the second turn')
  expect(again.messages).toEqual(['after', 'echo: after'])
  again.close()
  await second.stop()
})

test('two hundred people at once each hear their own', async () => {
  const talkers = await Promise.all(Array.from({ length: 200 }, () => startConversation(url)))
  const clients = talkers.map(({ streamUrl }) => new SocketClient(streamUrl))
  await Promise.all(talkers.map(({ id, token }, index) => say(id, token, `from ${index}`)))
  await until(() => clients.every(client => client.messages.length === 3), 'all answers', 50_000)
  for (const [index, client] of clients.entries()) expect(client.messages[2]).toBe(`echo: from ${index}`)
  for (const client of clients) client.close()
}, 60_000)

test('the secret also listens', async () => {
  const started = await call(url, `${DL}/conversations`, { token: SECRET, body: {} })
  const client = new SocketClient(started.json.streamUrl)
  await until(() => client.messages.length === 1, 'the greeting')
  client.close()
})
