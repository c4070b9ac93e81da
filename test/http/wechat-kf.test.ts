import { setTimeout as sleep } from 'node:timers/promises'
import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { writeFlatXml } from '../../src/adapters/chat/flat-xml.ts'
import { createMessageCipher } from '../../src/adapters/chat/sealed-message.ts'
import { createWechatKfChannel } from '../../src/adapters/wechat-kf/wechat-kf-channel.ts'
import { HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { A_CASE, type ChatHouse, openChat, withoutNet } from '../support/chat-house.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { sealedXml, secondsOf } from '../support/vendor-signatures.ts'

const API = 'https://qyapi.weixin.qq.com'
const TOKEN = 'kf-token'
const KEY = 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR'
const CORP = 'ww12345678910'
const APPLICATION = {
  corpId: CORP,
  secret: 'kf-secret',
  token: TOKEN,
  aesKey: KEY,
  baseUrl: API,
  retryAfterMs: 5,
}
const cipher = createMessageCipher(KEY, CORP)

const lines = useTestLine()
withoutNet()
let house: ChatHouse
afterEach(() => house?.app.close())

let count = 0
/** An account and a customer that were never here. */
function fresh() {
  count++
  return { account: `wk-${count}`, customer: `wm-${count}` }
}

type Raw = Record<string, unknown>
interface Sent {
  touser: string
  open_kfid: string
  msgid: string
  text: { content: string }
}

/** The platform, as far as the line asks it: messages in pages, and what was sent. */
class Platform {
  readonly messages: Raw[] = []
  readonly sent: Sent[] = []
  readonly welcomes: Raw[] = []
  readonly asked: Raw[] = []
  /** Ids that were sent before are not shown again. */
  readonly shown = new Map<string, Sent>()
  pageSize = 1000
  onShown = () => {}
  /** What the next sendings are answered with, before all goes well. */
  refusals: (number | 'dead')[] = []
  syncRefusals: number[] = []

  readonly who = fresh()

  constructor() {
    const scope = nock(API).persist()
    const query = { access_token: 't-1' }
    const token = { errcode: 0, access_token: 't-1', expires_in: 7200 }
    scope.get('/cgi-bin/gettoken').query(true).reply(200, token)
    scope
      .post('/cgi-bin/kf/sync_msg')
      .query(query)
      .reply(200, async (request: Request) => this.#sync((await request.json()) as Raw))
    scope
      .post('/cgi-bin/kf/send_msg')
      .query(query)
      .reply(async (request: Request) => this.#send((await request.json()) as Sent))
    scope
      .post('/cgi-bin/kf/send_msg_on_event')
      .query(query)
      .reply(200, async (request: Request) => {
        this.welcomes.push((await request.json()) as Raw)
        return { errcode: 0 }
      })
  }

  #sync(body: Raw): Raw {
    // Accounts of other tests are resumed, too.
    if (body.open_kfid !== this.who.account) return { errcode: 0, has_more: 0, msg_list: [] }
    this.asked.push(body)
    const refusal = this.syncRefusals.shift()
    if (refusal !== undefined) return { errcode: refusal }
    const start = body.cursor === undefined ? 0 : Number(String(body.cursor).slice('c-'.length))
    const end = Math.min(start + this.pageSize, this.messages.length)
    return {
      errcode: 0,
      next_cursor: `c-${end}`,
      has_more: end < this.messages.length ? 1 : 0,
      msg_list: this.messages.slice(start, end),
    }
  }

  #send(body: Sent): [number, Raw] {
    this.sent.push(body)
    const refusal = this.refusals.shift()
    if (refusal === 'dead') return [502, {}]
    if (refusal !== undefined) return [200, { errcode: refusal }]
    this.shown.set(body.msgid, body)
    this.onShown()
    return [200, { errcode: 0, msgid: body.msgid }]
  }

  get texts(): string[] {
    return [...this.shown.values()].map(({ text }) => text.content)
  }
}

function staged(): [Platform, ReturnType<typeof fresh>] {
  const platform = new Platform()
  return [platform, platform.who]
}

async function open(desk: Desk = lines.fresh(), changes: { outage?: { isOn: boolean } } = {}) {
  house = await openChat(desk, parts => createWechatKfChannel(APPLICATION, parts), changes)
  return house
}

const now = () => house.desk.line.clock.now()

/** The platform rings. */
function ring(account: string | null, { event = 'kf_msg_or_event', sign = '' } = {}) {
  const at = secondsOf(now())
  const plain = writeFlatXml({
    ToUserName: CORP,
    CreateTime: at,
    MsgType: 'event',
    Event: event,
    Token: 'ring-token',
    ...(account === null ? {} : { OpenKfId: account }),
  })
  const { query, body } = sealedXml(plain, { token: TOKEN, cipher }, at, sign === '' ? {} : { sign })
  return house.app.inject({
    method: 'POST',
    url: '/channels/wechat-kf',
    query,
    body,
    headers: { 'content-type': 'text/xml' },
  })
}

let messages = 0
function message(who: ReturnType<typeof fresh>, fields: Raw, at = now()): Raw {
  messages++
  return {
    msgid: `in-${messages}`,
    open_kfid: who.account,
    external_userid: who.customer,
    send_time: secondsOf(at),
    origin: 3,
    ...fields,
  }
}
const text = (who: ReturnType<typeof fresh>, content: string, at?: Date) =>
  message(who, { msgtype: 'text', text: { content } }, at)

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 3000; performance.now() < end; await sleep(5))
    if (await isTrue()) return
  expect.unreachable(`it did not come about\n${house.logged.slice(-6).join('')}`)
}
const cursorOf = async (account: string) =>
  (await house.desk.line.store.feeds.all('wechat-kf')).find(({ feed }) => feed === account)?.cursor

describe('a ring', () => {
  test('is answered at once; what was said is fetched page by page, heard in order and answered', async () => {
    const [platform, who] = staged()
    platform.pageSize = 2
    await open()
    platform.messages.push(...A_CASE.map(words => text(who, words)))
    const { statusCode, body } = await ring(who.account)
    expect([statusCode, body]).toEqual([200, 'success'])
    await until(() => platform.texts.length === 3)
    expect(house.desk.record.caseIds).toHaveLength(1)
    expect(platform.texts[2]).toMatch(/编号：\d{6} \d{5} \d/)
    expect(platform.asked.slice(0, 2)).toEqual([
      { token: 'ring-token', limit: 1000, open_kfid: who.account },
      { token: 'ring-token', limit: 1000, open_kfid: who.account, cursor: 'c-2' },
    ])
    await until(async () => (await cursorOf(who.account)) === 'c-3')
    for (const sent of platform.sent) {
      expect(sent).toMatchObject({ touser: who.customer, open_kfid: who.account, msgtype: 'text' })
      expect(sent.msgid).toMatch(/^[0-9a-zA-Z_-]{1,32}$/)
    }
  })

  test('that comes while another is fetched is not lost', async () => {
    const [platform, who] = staged()
    await open()
    platform.messages.push(text(who, A_CASE[0]))
    await ring(who.account)
    platform.messages.push(text(who, A_CASE[1]))
    await ring(who.account)
    await until(() => platform.texts.length === 2)
    expect(platform.sent).toHaveLength(2)
  })

  test('for something else, or for no account, fetches nothing', async () => {
    const platform = new Platform()
    await open()
    expect((await ring('wk-x', { event: 'change_contact' })).body).toBe('success')
    expect((await ring(null)).body).toBe('success')
    await house.app.close()
    expect(platform.asked).toEqual([])
  })

  test('of somebody else is refused', async () => {
    new Platform()
    await open()
    expect((await ring('wk-x', { sign: '0'.repeat(40) })).statusCode).toBe(403)
  })

  test('that cannot be remembered is refused, so that it comes again, and is kept in mind all the same', async () => {
    const [platform, who] = staged()
    const outage = { isOn: false }
    await open(lines.fresh(), { outage })
    platform.messages.push(text(who, A_CASE[0]))
    outage.isOn = true
    expect((await ring(who.account)).statusCode).toBe(503)
    outage.isOn = false
    await until(() => platform.texts.length === 1)
  })
})

describe('nothing is lost and nothing is twice', () => {
  test('when the line dies between hearing and moving on: the next one begins where the cursor stands', async () => {
    const [platform, who] = staged()
    await open()
    platform.messages.push(...A_CASE.map(words => text(who, words)))
    // It dies with the second message heard and its answer shown: nothing after this reaches the store.
    const dying = await dieAfter(2, platform)
    await ring(who.account)
    await until(() => dying.isDead)
    expect(await cursorOf(who.account)).toBe('')
    const { desk } = house

    await open(desk)
    await until(() => platform.texts.length === 3)
    await until(async () => (await cursorOf(who.account)) === 'c-3')
    expect(desk.record.caseIds).toHaveLength(1)
    // The first two were sent again, under the same ids.
    expect(platform.sent.length).toBeGreaterThan(3)
    expect(platform.asked.at(-1)).not.toHaveProperty('token')
  })

  test('when the database goes away in the middle', async () => {
    const [platform, who] = staged()
    const outage = { isOn: false }
    await open(lines.fresh(), { outage })
    platform.messages.push(...A_CASE.map(words => text(who, words)))
    // From the first answer on, until the line has noticed.
    platform.onShown = () => {
      outage.isOn = true
    }
    await ring(who.account)
    await until(() => house.logged.some(line => line.includes('they will be again')))
    platform.onShown = () => {}
    outage.isOn = false
    await until(() => platform.texts.length === 3)
    expect(house.desk.record.caseIds).toHaveLength(1)
  })

  test('when the platform is away for a while', async () => {
    const [platform, who] = staged()
    platform.syncRefusals = [-1, 45009]
    platform.refusals = ['dead', -1]
    await open()
    platform.messages.push(text(who, A_CASE[0]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(new Set(platform.sent.map(({ msgid }) => msgid)).size).toBe(1)
  })

  test('when the same message is fetched by two instances at once', async () => {
    const [platform, who] = staged()
    const desk = lines.fresh()
    const other = await open(desk)
    await open(desk)
    platform.messages.push(...A_CASE.map(words => text(who, words)))
    await ring(who.account)
    const [mine] = [house]
    house = other
    await ring(who.account)
    await until(() => platform.texts.length >= 3)
    await until(async () => (await cursorOf(who.account)) === 'c-3')
    await mine.app.close()
    expect(platform.texts).toHaveLength(3)
    expect(desk.record.caseIds).toHaveLength(1)
  })
})

/** From the so manieth sending on the store of the house does not answer any more, as if the process were gone. */
async function dieAfter(sendings: number, platform: Platform) {
  const fate = { isDead: false }
  await house.app.close()
  house = await openChat(house.desk, parts => {
    const send = parts.contacts
    const contacts = new Proxy(send, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (name !== 'take') return typeof value === 'function' ? value.bind(target) : value
        return async (...given: Parameters<typeof send.take>) => {
          fate.isDead ||= platform.shown.size >= sendings
          return fate.isDead ? new Promise<never>(() => {}) : send.take(...given)
        }
      },
    })
    return createWechatKfChannel(APPLICATION, { ...parts, contacts })
  })
  return fate
}

describe('what customers do', () => {
  test.each<[string, Raw, string]>([
    ['a voice message', { msgtype: 'voice', voice: { media_id: 'm' } }, '没听清'],
    [
      'a place',
      { msgtype: 'location', location: { name: '人民路3号', address: '人民路3号门口路灯不亮了' } },
      '那里怎么了',
    ],
    ['a place without a name', { msgtype: 'location', location: { latitude: 41.8 } }, '没有地名'],
    ['a film', { msgtype: 'video', video: { media_id: 'm' } }, '看不了'],
    ['a type that nobody knows', { msgtype: 'hologram' }, '看不了'],
  ])('%s is answered', async (_name, fields, words) => {
    const [platform, who] = staged()
    await open()
    platform.messages.push(message(who, fields))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.texts[0]).toContain(words)
  })

  test('entering is welcomed once, with the code, and costs nothing of what may be sent', async () => {
    const [platform, who] = staged()
    await open()
    const enter = (code: Raw) => ({
      msgtype: 'event',
      origin: 4,
      open_kfid: undefined,
      external_userid: undefined,
      event: { event_type: 'enter_session', open_kfid: who.account, external_userid: who.customer, ...code },
    })
    platform.messages.push(message(who, enter({ welcome_code: 'welcome-1' })), message(who, enter({})))
    await ring(who.account)
    await until(async () => (await cursorOf(who.account)) === 'c-2')
    expect(platform.welcomes).toMatchObject([{ code: 'welcome-1', msgtype: 'text' }])
    expect(platform.sent).toEqual([])
  })

  test.each<[string, (who: ReturnType<typeof fresh>) => Raw]>([
    ['what our own people wrote', who => ({ ...text(who, '我是客服'), origin: 5 })],
    ['what was said before the account was ours', who => text(who, '旧事', new Date(now().getTime() - HOUR))],
    [
      'a message that did not arrive',
      who =>
        message(who, { msgtype: 'event', origin: 4, event: { event_type: 'msg_send_fail', fail_type: 4 } }),
    ],
    ['nonsense', () => ({ msgid: 7 })],
  ])('%s is passed over', async (_name, make) => {
    const [platform, who] = staged()
    await open()
    platform.messages.push(make(who), text(who, A_CASE[0]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.texts[0]).toContain('手机号')
    expect(platform.sent).toHaveLength(1)
  })

  test('a sixth message without a word from the customer is not sent', async () => {
    const [platform, who] = staged()
    await open()
    platform.messages.push(text(who, A_CASE[0]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    const contact = (await house.desk.line.store.contacts.byConversation(
      `wechat-kf.wechat-kf/${who.account}/${who.customer}`,
    ))!
    const notice = { key: 'x', text: '有新进展', choices: [], cards: [], expects: 'nothing' } as const
    const outcomes = []
    for (let i = 0; i < 5; i++)
      outcomes.push(
        await house.channel.sender.send(
          contact,
          [{ ...notice, choices: [], cards: [] }],
          'zh-Hans',
          `n-${i}`,
        ),
      )
    expect(outcomes).toEqual(['sent', 'sent', 'sent', 'sent', 'unreachable'])
    house.desk.line.clock.advance(49 * HOUR)
    expect(await house.channel.sender.send(contact, [{ ...notice, choices: [], cards: [] }], 'zh-Hans')).toBe(
      'unreachable',
    )
  })
})

describe('what the platform refuses', () => {
  test('an old ring: it is asked again without its token', async () => {
    const [platform, who] = staged()
    platform.syncRefusals = [95007]
    await open()
    platform.messages.push(text(who, A_CASE[0]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.asked.map(({ token }) => token)).toEqual(['ring-token', undefined])
  })

  test('fetching at all: it is not asked again before the next ring', async () => {
    const [platform, who] = staged()
    platform.syncRefusals = [95007, 95000]
    await open()
    await ring(who.account)
    await until(() => house.logged.some(line => line.includes('may not be fetched')))
    house.desk.line.clock.advance(MINUTE)
    platform.messages.push(text(who, A_CASE[0]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.asked).toHaveLength(3)
  })

  test('the account itself: the operator hears of it, and it is asked again until that is put right', async () => {
    const [platform, who] = staged()
    platform.syncRefusals = [48002, 48002]
    await open()
    platform.messages.push(text(who, A_CASE[0]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.asked).toHaveLength(3)
    expect(house.logged.filter(line => line.includes('the account itself is refused'))).toHaveLength(2)
  })

  test('an answer: those behind it are heard', async () => {
    const [platform, who] = staged()
    platform.refusals = [95001]
    await open()
    platform.messages.push(text(who, A_CASE[0]), text(who, A_CASE[1]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.texts[0]).toContain('人民路3号')
  })

  test('an answer again and again: it holds up the others only for a while', async () => {
    const [platform, who] = staged()
    platform.refusals = Array.from({ length: 6 }, () => -1)
    await open()
    platform.messages.push(text(who, A_CASE[0]), text(who, A_CASE[1]))
    await ring(who.account)
    await until(() => platform.texts.length === 1)
    expect(platform.texts[0]).toContain('人民路3号')
  })
})
