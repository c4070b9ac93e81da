import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/kernel/clock.ts'
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

const mint = async (body: object = {}) =>
  (await call(url, `${DL}/tokens/generate`, { token: SECRET, body })).json
const say = (id: string, token: string, body: object) =>
  call(url, `${DL}/conversations/${id}/activities`, { token, body: { type: 'message', ...body } })
const poll = (id: string, token: string, watermark = '') =>
  call(url, `${DL}/conversations/${id}/activities?watermark=${watermark}`, { token })

describe('tokens', () => {
  test('the secret mints a token for one conversation and one person', async () => {
    const { status, json } = await call(url, `${DL}/tokens/generate`, {
      token: SECRET,
      body: { user: { id: 'dl_ann', name: 'Ann' } },
    })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      expires_in: 1800,
      conversationId: expect.any(String),
      token: expect.any(String),
    })
    const claims = JSON.parse(Buffer.from(json.token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ user: 'dl_ann', conv: json.conversationId })
  })

  test.each([
    ['no token', undefined, 401, 'token-missing'],
    ['a wrong token', 'x.y.z', 401, 'token-invalid'],
    ['nonsense', '💥', 401, 'token-invalid'],
    ['a wrong secret', `${SECRET}x`, 401, 'token-invalid'],
  ])('%s is refused', async (_name, token, status, code) => {
    const headers = token ? { authorization: `Bearer ${Buffer.from(token).toString('latin1')}` } : {}
    const answer = await call(url, `${DL}/tokens/generate`, { body: {}, headers })
    expect(answer.status).toBe(status)
    expect(answer.json.error.code).toBe(code)
    expect(answer.json.error.message).toBe(`zh-Hans:error.${code}`)
  })

  test('a token whose payload was changed is refused', async () => {
    const { token } = await mint()
    const [header, payload, signature] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, user: 'dl_other' })).toString('base64url')
    const answer = await call(url, `${DL}/conversations`, {
      token: `${header}.${forged}.${signature}`,
      body: {},
    })
    expect(answer.status).toBe(401)
  })

  test('a token cannot mint, and is worth nothing in another conversation', async () => {
    const mine = await startConversation(url)
    const other = await startConversation(url)
    expect((await call(url, `${DL}/tokens/generate`, { token: mine.token, body: {} })).status).toBe(401)
    expect((await poll(other.id, mine.token)).status).toBe(401)
    expect((await say(other.id, mine.token, { text: 'hi' })).status).toBe(401)
    expect((await call(url, `${DL}/conversations/${other.id}`, { token: mine.token })).status).toBe(401)
  })

  test('a token is refreshed while it lives and answers TokenExpired after 1800 s', async () => {
    const { token, conversationId } = await mint()
    clock.advance(1_799_000)
    const refreshed = await call(url, `${DL}/tokens/refresh`, { token, method: 'POST' })
    expect(refreshed.json).toMatchObject({ conversationId, expires_in: 1800 })
    clock.advance(1000)
    const late = await call(url, `${DL}/tokens/refresh`, { token, method: 'POST' })
    expect(late.status).toBe(403)
    expect(late.json.error.code).toBe('TokenExpired')
    const still = await call(url, `${DL}/conversations`, { token: refreshed.json.token, body: {} })
    expect(still.status).toBe(201)
  })

  test('a token that names origins is refused from others', async () => {
    const { token } = await mint({ trustedOrigins: ['https://bank.example'] })
    const from = (origin: string) =>
      call(url, `${DL}/conversations`, { token, body: {}, headers: { origin } })
    expect((await from('https://evil.example')).json.error.code).toBe('origin-refused')
    expect((await from('https://bank.example')).status).toBe(201)
  })
})

describe('conversations', () => {
  test('a conversation is new once and then existing, also when two start it at once', async () => {
    const { token, conversationId } = await mint()
    const start = () => call(url, `${DL}/conversations`, { token, body: { locale: 'en-GB' } })
    const statuses = (await Promise.all([start(), start()])).map(answer => answer.status).sort()
    expect(statuses).toEqual([200, 201])
    const again = await call(url, `${DL}/conversations`, { token, method: 'POST' })
    expect(again.status).toBe(200)
    expect(again.json.conversationId).toBe(conversationId)
    expect(again.json.streamUrl).toMatch(/^ws:.*stream\?watermark=-&t=/)
    expect(running.line.conversations.get(conversationId)?.locale).toBe('en')
    expect(running.line.transcripts.get(conversationId)).toHaveLength(1)
  })

  test('the secret alone starts conversations and speaks in them', async () => {
    const started = await call(url, `${DL}/conversations`, { token: SECRET, body: { user: { id: 'crm-7' } } })
    expect(started.status).toBe(201)
    const id = started.json.conversationId
    expect((await say(id, SECRET, { text: 'hi' })).status).toBe(200)
    const { json } = await poll(id, SECRET)
    expect(json.activities[1].from).toEqual({ id: 'crm-7', role: 'user' })
  })

  test('taking up one that is gone is 404', async () => {
    const { token, conversationId } = await mint()
    expect((await call(url, `${DL}/conversations/${conversationId}`, { token })).status).toBe(404)
    expect((await poll(conversationId, token)).json.error.code).toBe('conversation-not-found')
    expect((await call(url, `${DL}/conversations/nope`, { token: SECRET })).status).toBe(404)
  })

  test('whoever speaks before starting is greeted first', async () => {
    const { token, conversationId } = await mint()
    expect((await say(conversationId, token, { text: 'hi' })).status).toBe(200)
    const { json } = await poll(conversationId, token)
    expect(json.activities.map((activity: { text: string }) => activity.text)).toEqual([
      '您好',
      'hi',
      'echo: hi',
    ])
  })
})

describe('activities', () => {
  test('a message is answered, the sender is ours, and both are polled', async () => {
    const { id, token } = await startConversation(url)
    const said = await say(id, token, {
      text: '楼道灯坏了',
      from: { id: 'mallory' },
      channelId: 'msteams',
      serviceUrl: 'http://169.254.169.254/',
      channelData: { clientActivityID: 'c1', thumbnail: 'x'.repeat(5000) },
    })
    expect(said.status).toBe(200)
    const { json } = await poll(id, token)
    expect(json.watermark).toBe('3')
    const [greeting, echo, reply] = json.activities
    expect(greeting).toMatchObject({ from: { role: 'bot' }, channelData: { key: 'greeting.hello' } })
    expect(echo).toMatchObject({ id: said.json.id, text: '楼道灯坏了', channelId: 'directline' })
    expect(echo.channelData).toEqual({ clientActivityID: 'c1' })
    expect(echo.from.id).not.toBe('mallory')
    expect(JSON.stringify(json)).not.toContain('169.254')
    expect(reply).toMatchObject({ text: 'echo: 楼道灯坏了', replyToId: said.json.id, textFormat: 'plain' })
    expect(reply.suggestedActions.actions).toEqual([{ type: 'imBack', title: '是', value: '是的' }])
  })

  test('a filed case comes as data, as our card and as an Adaptive Card', async () => {
    const { id, token } = await startConversation(url)
    await say(id, token, { text: '报修 楼道灯' })
    const reply = (await poll(id, token)).json.activities.at(-1)
    expect(reply.channelData.cases).toEqual([
      {
        number: '261124000018',
        queryCode: 'ABCD2345',
        department: 'housing',
        stage: 'transfer',
        dueBy: '2026-12-08T09:00:00.000Z',
      },
    ])
    expect(reply.channelData.cards[0].departmentName).toBe('住房和城乡建设局')
    expect(reply.attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: { type: 'AdaptiveCard', version: '1.3' },
    })
  })

  test('the same clientActivityID again has the same id and no second turn', async () => {
    const { id, token } = await startConversation(url)
    const message = { text: 'once', channelData: { clientActivityID: 'same' } }
    const answers = await Promise.all([1, 2, 3].map(() => say(id, token, message)))
    expect(new Set(answers.map(answer => answer.json.id)).size).toBe(1)
    expect((await poll(id, token)).json.activities).toHaveLength(3)
  })

  test('expectReplies has the replies in the answer', async () => {
    const { id, token } = await startConversation(url)
    const { json } = await say(id, token, { text: 'now', deliveryMode: 'expectReplies' })
    expect(json.activities).toMatchObject([{ text: 'echo: now' }])
  })

  test('a submitted card and an invoked card speak for the person', async () => {
    const { id, token } = await startConversation(url)
    await say(id, token, { value: { say: '是的' } })
    const invoked = await say(id, token, {
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', data: { say: '不是' } } },
    })
    expect(invoked.json).toMatchObject({ statusCode: 200, value: 'echo: 不是' })
    expect((await poll(id, token)).json.activities.map((a: { text: string }) => a.text)).toContain('是的')
  })

  test.each(['typing', 'event', 'conversationUpdate', 'endOfConversation'])(
    '%s is acknowledged silently',
    async type => {
      const { id, token } = await startConversation(url)
      expect(await say(id, token, { type, name: 'webchat/join' })).toMatchObject({
        status: 200,
        json: { id: expect.any(String) },
      })
      expect((await poll(id, token)).json.activities).toHaveLength(1)
    },
  )

  test('polling goes on from each watermark, in pages', async () => {
    const { id, token } = await startConversation(url)
    for (let i = 0; i < 60; i++) await running.line.takeTurn(incoming(id, `m${i}`))
    const seen: string[] = []
    let watermark = ''
    for (let page = 0; page < 3; page++) {
      const { json } = await poll(id, token, watermark)
      seen.push(...json.activities.map((activity: { id: string }) => activity.id))
      watermark = json.watermark
    }
    expect(seen).toHaveLength(121)
    expect(new Set(seen).size).toBe(121)
    expect((await poll(id, token, watermark)).json).toEqual({ activities: [], watermark: '121' })
  })

  test.each(['abc', '-5', '1e3', '1.5', '99999999999999', "1' OR '1'='1"])(
    '%s is no watermark',
    async watermark => {
      const { id, token } = await startConversation(url)
      const answer = await poll(id, token, encodeURIComponent(watermark))
      expect([answer.status, answer.json.error.code]).toEqual([400, 'watermark-invalid'])
    },
  )

  test('a watermark from a lost past shows everything from the start', async () => {
    const { id, token } = await startConversation(url)
    const { json } = await poll(id, token, '9000')
    expect([json.activities.length, json.watermark]).toEqual([1, '1'])
  })

  test('a bot that breaks is a 502 with the reason kept inside', async () => {
    const { id, token } = await startConversation(url)
    running.line.failure = new Error('secret detail 13912345678')
    const answer = await say(id, token, { text: 'hi' })
    running.line.failure = null
    expect([answer.status, answer.json.error.code]).toEqual([502, 'internal'])
    expect(JSON.stringify(answer.json)).not.toContain('secret detail')
    expect(running.logged.join('')).toContain('unforeseen error')
    expect(running.logged.join('')).not.toContain('13912345678')
  })
})

describe('other origins', () => {
  test('a preflight allows what clients send', async () => {
    const { status, headers } = await call(url, `${DL}/conversations`, {
      method: 'OPTIONS',
      headers: { origin: 'https://bank.example', 'access-control-request-method': 'POST' },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('https://bank.example')
    expect(headers.get('access-control-allow-headers')).toContain(
      'authorization, content-type, x-ms-bot-agent',
    )
  })

  test('answers and errors can be read, with retry-after', async () => {
    const { headers } = await call(url, `${DL}/conversations`, {
      body: {},
      headers: { origin: 'https://bank.example' },
    })
    expect(headers.get('access-control-allow-origin')).toBe('https://bank.example')
    expect(headers.get('access-control-expose-headers')).toBe('retry-after')
  })

  test('a session id stays the same for its cookie', async () => {
    const first = await call(url, `${DL}/session/getsessionid`)
    const cookie = first.headers.get('set-cookie')!.split(';')[0]!
    const again = await call(url, `${DL}/session/getsessionid`, { headers: { cookie } })
    expect(again.json.sessionId).toBe(first.json.sessionId)
  })
})

describe("our own page's broker", () => {
  const broker = (headers: Record<string, string>, body: object = {}) =>
    call(url, '/api/web-chat/token', { body, headers })

  test('serves our own page and nobody else', async () => {
    expect((await broker({ origin: url })).json).toMatchObject({
      expires_in: 1800,
      userId: expect.stringMatching(/^dl_/),
    })
    expect((await broker({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await broker({ origin: 'https://evil.example' })).json.error.code).toBe('origin-refused')
    expect((await broker({ origin: 'null' })).status).toBe(403)
    expect((await broker({})).status).toBe(403)
  })

  test('knows a browser again: same person, same conversation, or a new one when asked', async () => {
    const first = await broker({ origin: url })
    const setCookie = first.headers.get('set-cookie')!
    expect(setCookie).toMatch(/HttpOnly; SameSite=Strict/)
    const cookie = setCookie.split(';')[0]!
    const again = (await broker({ origin: url, cookie })).json
    expect([again.userId, again.conversationId]).toEqual([first.json.userId, first.json.conversationId])
    const fresh = (await broker({ origin: url, cookie }, { isNew: true })).json
    expect(fresh.userId).toBe(first.json.userId)
    expect(fresh.conversationId).not.toBe(first.json.conversationId)
  })

  test('forgets a browser that asks for it, and only for our own page', async () => {
    const forget = (headers: Record<string, string>) =>
      call(url, '/api/web-chat/forget', { body: {}, headers })
    const answer = await forget({ origin: url })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('set-cookie')).toMatch(/^yihao_visitor=; .*Max-Age=0$/)
    expect((await forget({ origin: 'https://evil.example' })).status).toBe(403)
  })

  test("the visitor's cookie is no token", async () => {
    const cookie = (await broker({ origin: url })).headers.get('set-cookie')!.split(';')[0]!
    const answer = await call(url, `${DL}/conversations`, { token: cookie.split('=')[1]!, body: {} })
    expect(answer.status).toBe(401)
  })
})

test('without a secret only the broker mints', async () => {
  const closed = await startLine({ directLine: { secret: null } })
  const answer = await call(closed.url, `${DL}/tokens/generate`, { token: 'null', body: {} })
  expect(answer.status).toBe(401)
  expect(
    (await call(closed.url, '/api/web-chat/token', { body: {}, headers: { origin: closed.url } })).status,
  ).toBe(200)
  await closed.stop()
})

test('too many messages of one conversation are told when to come back', async () => {
  const strict = await startLine({ rules: { 'turn-by-conversation': { max: 2, seconds: 60 } } })
  const { id, token } = await startConversation(strict.url)
  const talk = () =>
    call(strict.url, `${DL}/conversations/${id}/activities`, { token, body: { type: 'message', text: 'hi' } })
  expect([(await talk()).status, (await talk()).status]).toEqual([200, 200])
  const refused = await talk()
  expect([refused.status, refused.json.error.code]).toEqual([429, 'rate-limited'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
  await strict.stop()
})

function incoming(conversationId: string, text: string) {
  return { conversationId, externalId: null, text, locale: null, attachments: [], clientData: null }
}
