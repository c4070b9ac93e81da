import nock from 'nock'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { AppError } from '../../src/kernel/errors.ts'
import {
  answerAsBotFramework,
  BOT_SETTINGS,
  BotFrameworkClient,
  connectorToken,
  TEAMS,
  WEBCHAT,
} from '../support/bot-framework-client.ts'
import { type RunningChannels, startChannels } from '../support/chat-channels.ts'
import { overlay } from '../support/test-line.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'

const lines = useTestLine()
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let desk: Desk
let running: RunningChannels
/** Everything that anybody wrote to the console. */
const written = vi.spyOn(console, 'error').mockImplementation(() => {})
const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})

beforeAll(async () => {
  desk = lines.fresh()
  running = await startChannels(desk.line, BOT_SETTINGS)
  nock.enableNetConnect('127.0.0.1')
})
afterAll(async () => {
  nock.restore()
  await running?.stop()
})
beforeEach(answerAsBotFramework)
afterEach(() => {
  nock.cleanAll()
  expect([...written.mock.calls, ...warned.mock.calls]).toEqual([])
})

let houses = 800
/** Nobody's neighbour. */
const place = () => `人民路${houses++}号`
const someone = (channelId?: string, serviceUrl?: string) =>
  new BotFrameworkClient(running.url, channelId, serviceUrl)
const textOf = (seen: { text: string }[]) => seen.map(({ text }) => text).join('\n')
const matter = () => `${place()}门口路灯不亮了`

describe('who may call', () => {
  const now = () => Math.floor(Date.now() / 1000)
  test.each<[what: string, token: () => string | null]>([
    ['no token', () => null],
    ['a token for another app', () => connectorToken({ aud: 'somebody-else' })],
    ['a token that has expired', () => connectorToken({ exp: now() - 3600 })],
    ['a token that is not good yet', () => connectorToken({ nbf: now() + 3600 })],
    ['a token of another issuer', () => connectorToken({ iss: 'https://login.example.cn' })],
    ['a token for another service', () => connectorToken({ serviceurl: 'https://other.botframework.com/' })],
    ['a token without a service', () => connectorToken({ serviceurl: undefined })],
    ['a token signed by somebody else', () => connectorToken({}, { isForged: true })],
    ['a token of a skill', () => connectorToken({ ver: '1.0', appid: 'another-bot' })],
    ['no token at all, but words', () => 'hello'],
    ['three words with dots', () => 'a.b.c'],
  ])('%s: 401, and nothing is said', async (_what, token) => {
    const person = someone()
    const before = desk.record.caseIds.length
    const { status, body } = await person.post(person.activity({ text: matter() }), token())
    expect(status).toBe(401)
    expect(body).not.toContain('手机')
    expect(desk.record.caseIds.length).toBe(before)
  })

  test('a channel that the key is not endorsed for: 401', async () => {
    const person = someone('facebook')
    expect((await person.post(person.activity({ text: '你好' }))).status).toBe(401)
  })

  test('a token that the Emulator, or the app itself, would bring is none outside of development', async () => {
    const person = someone()
    const claims = { iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', ver: '1.0' }
    const own = connectorToken({ ...claims, appid: BOT_SETTINGS.BOT_APP_ID })
    nock('https://login.microsoftonline.com')
      .get('/common/v2.0/.well-known/openid-configuration')
      .reply(200, { jwks_uri: 'https://login.botframework.com/v1/.well-known/keys' })
    expect((await person.post(person.activity({ text: '你好' }), own)).status).toBe(401)
  })

  test.each([
    'https://evil.example.cn/',
    'https://botframework.com.evil.cn/',
    'https://evilbotframework.com/',
    'http://webchat.botframework.com/',
    'https://webchat.botframework.com:8443/',
    'https://user@webchat.botframework.com/',
    'https://169.254.169.254/latest/',
    'http://localhost:3978/',
    'file:///etc/passwd',
    'urn:botframework:websocket',
    'smba.trafficmanager.net',
  ])('a service at %s: 403, whatever the token', async serviceUrl => {
    const person = someone('webchat', serviceUrl)
    const { status } = await person.post(person.activity({ text: '你好' }))
    expect(status).toBe(403)
  })

  test('while the keys cannot be had nobody is let in, and may try again', async () => {
    nock.cleanAll()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 25 * 3_600_000 })
    try {
      nock('https://login.botframework.com').get('/v1/.well-known/openidconfiguration').reply(503)
      const person = someone()
      expect((await person.post(person.activity({ text: '你好' }))).status).toBe(503)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('what is no activity', () => {
  const person = () => someone()
  test.each<[string, unknown]>([
    ['no type', { ...new BotFrameworkClient('').activity(), type: undefined }],
    ['an empty type', { ...new BotFrameworkClient('').activity(), type: '' }],
    ['nobody', { ...new BotFrameworkClient('').activity(), from: {} }],
    ['no service', { ...new BotFrameworkClient('').activity(), serviceUrl: 7 }],
    ['a list', [1, 2]],
    ['null', 'null'],
    ['no JSON', '{"type":'],
    ['XML', '<xml/>'],
    ['deep nesting as a type', { ...new BotFrameworkClient('').activity(), type: [[[[]]]] }],
  ])('%s: 400', async (_what, body) => {
    expect((await person().post(body)).status).toBe(400)
  })

  test('more than 256 kB: 413', async () => {
    const { status } = await person().post(person().activity({ text: 'x'.repeat(300 * 1024) }))
    expect(status).toBe(413)
  })
})

describe('a conversation', () => {
  test('goes from the first word to the number, by a plain client with a valid token', async () => {
    const person = someone()
    const before = desk.record.caseIds.length
    const asked = await person.say(matter())
    expect(asked.at(-1)!.suggestedActions!.actions.map(({ title }) => title)).toContain('不留电话')
    expect(textOf(await person.say('13800138000'))).toContain('城市管理综合执法局')
    const filed = await person.say('没问题，提交')
    const [card] = filed.flatMap(({ attachments }) => attachments ?? [])
    expect(card).toMatchObject({ contentType: 'application/vnd.microsoft.card.adaptive' })
    expect(desk.record.caseIds.length).toBe(before + 1)
    const tapped = await person.ask({ value: card!.content.actions[0].data })
    expect(tapped.at(-1)!.attachments).toHaveLength(1)
    const logged = running.logged.join('\n')
    for (const secret of ['13800138000', person.userId, 'of-the-app-', 'eyJ'])
      expect(logged).not.toContain(secret)
  })

  test('answers by the connector, with a token of the app, as replies to the message', async () => {
    const person = someone('msteams', TEAMS)
    const taken = person.takeReplies(200)
    const answer = await person.post(person.activity({ text: matter() }))
    expect(answer).toEqual({ status: 200, body: '' })
    expect(taken.texts.join('\n')).toContain('手机号')
    expect(taken.tokens[0]).toMatch(/^Bearer of-the-app-\d+$/)
  })

  test('shows numbers where there are no buttons, and lines where there are no cards', async () => {
    const bySms = someone('sms')
    expect(await bySms.say(matter())).toMatchObject([{ text: expect.stringMatching(/1\. 不留电话/) }])
    await bySms.say('1')
    const [filed] = await bySms.say('1')
    expect(filed!.text).toMatch(/编号：\d{6} \d{5} \d/)
    expect(filed!.attachments).toBeUndefined()

    const byTelegram = someone('telegram')
    const asked = await byTelegram.say(matter())
    expect(asked.at(-1)!.suggestedActions).toBeDefined()
    expect(textOf(asked)).not.toContain('1. ')
    await byTelegram.say('不留电话')
    const shown = await byTelegram.say('没问题，提交')
    expect(textOf(shown)).toMatch(/编号：\d{6} \d{5} \d/)
    expect(shown.flatMap(({ attachments }) => attachments ?? [])).toEqual([])
  })

  test('greets who is new, not the bot', async () => {
    const person = someone()
    const update = (id: string) => person.ask({ type: 'conversationUpdate', membersAdded: [{ id }] })
    expect(await update('bot@id')).toEqual([])
    expect(textOf(await update(person.userId))).toContain('8890')
  })

  test.each(['typing', 'event', 'endOfConversation', 'messageReaction', 'somethingOfTomorrow'])(
    '%s is acknowledged',
    async type => {
      const person = someone()
      expect(await person.post(person.activity({ type }))).toEqual({ status: 200, body: '' })
    },
  )

  test('a card that waits for an answer gets one beside the reply; other invokes are not ours', async () => {
    const person = someone('msteams', TEAMS)
    const taken = person.takeReplies(200)
    const invoke = { type: 'invoke', name: 'adaptiveCard/action' }
    const value = { action: { type: 'Action.Execute', data: { say: matter() } } }
    const answer = await person.post(person.activity({ ...invoke, value }))
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({
      statusCode: 200,
      value: expect.stringContaining('手机号'),
    })
    expect(taken.texts).toHaveLength(1)
    const other = await person.post(person.activity({ type: 'invoke', name: 'composeExtension/query' }))
    expect(other.status).toBe(501)
  })

  test('among others nothing is asked and nothing is kept', async () => {
    const person = someone('msteams', TEAMS)
    const taken = person.takeReplies(200)
    const conversation = { id: person.conversationId, isGroup: true, conversationType: 'channel' }
    await person.post(person.activity({ text: matter(), conversation }))
    expect(taken.texts).toEqual([expect.stringContaining('单聊')])
  })

  test('who only says to be somebody, as in Web Chat, does not get into their conversation', async () => {
    const [owner, thief] = [someone(), someone()]
    for (const text of [matter(), '不留电话', '没问题，提交']) await owner.say(text)
    const seen = await thief.ask({ text: '查进度', from: { id: owner.userId } })
    expect(JSON.stringify(seen)).not.toContain('路灯')
  })

  test('a message that is too long is told so, in words', async () => {
    expect(textOf(await someone().say('灯'.repeat(8001)))).toContain('8000')
  })
})

describe('files', () => {
  const picture = (contentUrl: string) => ({ attachments: [{ contentType: 'image/png', contentUrl }] })

  test('are fetched from the services, judged by their bytes and kept', async () => {
    const person = someone()
    for (const text of [matter(), '不留电话']) await person.say(text)
    const at = (path: string) => nock('https://webchat.botframework.com').get(`/attachments/${path}`)
    const send = async (path: string) => textOf(await person.ask(picture(`${WEBCHAT}attachments/${path}`)))
    at('good').reply(200, PNG)
    const kept = await send('good')
    expect(kept).not.toMatch(/收不了|没收到|看不了/)
    at('bad').reply(200, Buffer.from('#!/bin/sh'), { 'content-type': 'image/png' })
    expect(await send('bad')).toContain('收不了')
    at('huge').reply(200, Buffer.alloc(11 * 1024 * 1024))
    expect(await send('huge')).toContain('收不了')
    at('away').reply(503)
    expect(await send('away')).toContain('没收到')
    at('moved').reply(302, '', { location: 'http://169.254.169.254/' })
    expect(await send('moved')).toContain('没收到')
  })

  test('that only the bot may fetch are asked for with its token; others never see it', async () => {
    const person = someone('msteams', TEAMS)
    const asked: unknown[] = []
    const asks = (request: Request) => {
      asked.push(request.headers.get('authorization'))
      return PNG
    }
    nock('https://smba.trafficmanager.net').get('/emea/v3/attachments/1/views/original').reply(200, asks)
    nock('https://webchat.botframework.com').get('/other').reply(200, asks)
    await person.ask(picture(`${TEAMS}v3/attachments/1/views/original`))
    await person.ask(picture(`${WEBCHAT}other`))
    expect(asked).toEqual([expect.stringMatching(/^Bearer of-the-app-/), null])
  })

  test.each(['https://evil.example.cn/a.png', 'http://127.0.0.1:1/a.png', 'data:image/png;base64,AAAA'])(
    'at %s are refused unseen, and what was written beside is heard',
    async address => {
      const said = textOf(await someone().ask({ text: matter(), ...picture(address) }))
      expect(said).toContain('收不了')
      expect(said).toContain('手机号')
    },
  )

  test('without address are the text once more', async () => {
    const attachments = [{ contentType: 'text/html', content: '<div>…</div>' }]
    expect(textOf(await someone().ask({ text: matter(), attachments }))).not.toContain('收不了')
  })
})

describe('repeats and trouble', () => {
  test('one message three times at once is one case and one answer', async () => {
    const person = someone()
    for (const text of [matter(), '不留电话']) await person.say(text)
    const before = desk.record.caseIds.length
    const confirm = person.activity({ text: '没问题，提交', deliveryMode: 'expectReplies' })
    const answers = await Promise.all([1, 2, 3].map(() => person.post(confirm)))
    const cards = answers.map(({ body }) => JSON.stringify(JSON.parse(body).activities.at(-1).attachments))
    expect(new Set(cards).size).toBe(1)
    expect(cards[0]).toContain('AdaptiveCard')
    expect(desk.record.caseIds.length).toBe(before + 1)
  })

  test('one message three times at once is answered once in the conversation', async () => {
    const person = someone()
    const taken = person.takeReplies(200, 200, 200)
    const message = person.activity({ text: matter() })
    const answers = await Promise.all([1, 2, 3].map(() => person.post(message)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(taken.texts).toHaveLength(1)
    expect((await person.post(person.activity({ text: '不留电话' }))).status).toBe(200)
    expect(taken.texts).toHaveLength(2)
  })

  test.each<[string, (number | [number, Record<string, string>])[]]>([
    ['500 again and again', Array.from({ length: 4 }, () => [503, { 'retry-after-ms': '1' }])],
    ['429 again and again', Array.from({ length: 4 }, () => [429, { 'retry-after-ms': '1' }])],
    ['403', [403]],
  ])('when the connector says %s it is told, and the repeat brings the answer', async (_what, statuses) => {
    const person = someone()
    person.takeReplies(...statuses)
    const message = person.activity({ text: matter() })
    expect((await person.post(message)).status).toBe(503)
    expect(running.logged.join('\n')).toContain('an answer did not arrive')
    const taken = person.takeReplies(200)
    expect((await person.post(message)).status).toBe(200)
    expect(taken.texts.join('\n')).toContain('手机号')
  })

  test('when it does not know the token any more a new one is had', async () => {
    const person = someone()
    const taken = person.takeReplies(401, 200)
    expect((await person.post(person.activity({ text: matter() }))).status).toBe(200)
    expect(taken.texts).toHaveLength(1)
    expect(taken.tokens[0]).not.toBe(taken.tokens[1])
  })
})

describe('news', () => {
  const sender = () => running.senders.get('bot-framework')!
  const NEWS = [
    { key: 'notify', text: '您反映的事有了答复', choices: [], cards: [], expects: 'nothing' as const },
  ]
  /** Somebody who has written, with how they are reached. */
  async function known() {
    const person = someone('msteams', TEAMS)
    for (const text of [matter(), '不留电话', '没问题，提交']) await person.say(text)
    const id = desk.line.pseudonym('bot-framework', JSON.stringify(['msteams', person.userId]))
    const contact = await desk.line.store.contacts.byConversation(`bot-framework.${id}`)
    return { person, contact: contact! }
  }

  test('reach people in the conversation in which they wrote last', async () => {
    const { person, contact } = await known()
    const taken = person.takeReplies(200)
    expect(await sender().send(contact, NEWS, 'zh-Hans')).toBe('sent')
    expect(taken.texts).toEqual(['您反映的事有了答复'])
  })

  test('are tried again by their job while the channel is away', async () => {
    const { person, contact } = await known()
    person.takeReplies(
      ...Array.from({ length: 4 }, (): [number, Record<string, string>] => [503, { 'retry-after-ms': '1' }]),
    )
    await expect(sender().send(contact, NEWS, 'zh-Hans')).rejects.toThrow('503')
    const taken = person.takeReplies(200)
    expect(await sender().send(contact, NEWS, 'zh-Hans')).toBe('sent')
    expect(taken.texts).toHaveLength(1)
  })

  test('go another way when the person has blocked the bot', async () => {
    const { person, contact } = await known()
    person.takeReplies(403)
    expect(await sender().send(contact, NEWS, 'zh-Hans')).toBe('unreachable')
    expect((await desk.line.store.contacts.byConversation(contact.conversationId))!.isGone).toBe(true)
  })

  test('go nowhere when the service is not on the list any more', async () => {
    const { contact } = await known()
    const address = contact.address.replace('smba.trafficmanager.net', 'evil.example.cn')
    expect(await sender().send({ ...contact, address }, NEWS, 'zh-Hans')).toBe('unreachable')
  })

  test('wait for nobody who has taken the bot away', async () => {
    const { person, contact } = await known()
    await person.post(person.activity({ type: 'installationUpdate', action: 'remove' }))
    expect((await desk.line.store.contacts.byConversation(contact.conversationId))!.isGone).toBe(true)
  })
})

test('while the database is away the person is told so, and may say it again', async () => {
  let isAway = true
  const { store } = desk.line
  const transact: typeof store.transact = work =>
    isAway ? Promise.reject(new AppError('store-unavailable')) : store.transact(work)
  const shaken = await startChannels(
    overlay(desk.line, { store: overlay(store, { transact }) }),
    BOT_SETTINGS,
  )
  try {
    const person = new BotFrameworkClient(shaken.url)
    const said = matter()
    expect(textOf(await person.say(said))).toBe(
      desk.line.content.texts.of('zh-Hans', 'error.store-unavailable'),
    )
    isAway = false
    expect(textOf(await person.say(said))).toContain('手机号')
  } finally {
    await shaken.stop()
  }
})

test('without its settings there is no such channel', async () => {
  const without = await startChannels(desk.line, {})
  try {
    const person = new BotFrameworkClient(without.url)
    expect((await person.post(person.activity({ text: '你好' }))).status).toBe(404)
  } finally {
    await without.stop()
  }
})

test('in development the Emulator is let in from the same machine', async () => {
  const open = await startChannels(desk.line, { BOT_EMULATOR: 'true', NODE_ENV: 'development' })
  try {
    const person = new BotFrameworkClient(open.url, 'emulator', 'http://localhost:50123')
    const answer = await person.post(person.activity({ text: matter(), deliveryMode: 'expectReplies' }), null)
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('手机号')
  } finally {
    await open.stop()
  }
})
