import nock from 'nock'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readFlatXml, writeFlatXml } from '../../src/adapters/chat/flat-xml.ts'
import { createMessageCipher, signatureOf } from '../../src/adapters/chat/sealed-message.ts'
import { createWecomChannel } from '../../src/adapters/wecom/wecom-channel.ts'
import { MINUTE } from '../../src/kernel/clock.ts'
import { A_CASE, type ChatHouse, type Outage, openChat, PICTURE, withoutNet } from '../support/chat-house.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { sealedXml, secondsOf } from '../support/vendor-signatures.ts'

const API = 'https://qyapi.weixin.qq.com'
const TOKEN = 'QDG6eK'
const KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const CORP = 'wx5823bf96d3bd56c7'
const APPLICATION = {
  corpId: CORP,
  agentId: '218',
  secret: 'wecom-secret',
  token: TOKEN,
  aesKey: KEY,
  baseUrl: API,
}
const cipher = createMessageCipher(KEY, CORP)

const lines = useTestLine()
withoutNet()
let house: ChatHouse
let people = 0
/** Somebody who was never here. */
let member = ''
afterEach(() => house?.app.close())

async function open(options: { outage?: Outage; saveFile?: () => Promise<string> } = {}) {
  member = `zhangsan-${people++}`
  house = await openChat(lines.fresh(), parts => createWecomChannel(APPLICATION, parts), options)
  return house
}

const nowInSeconds = () => secondsOf(house.desk.line.clock.now())

/** A request as WeCom signs it, with what a test wants to be wrong with it. */
function request(
  plain: string,
  { at = nowInSeconds(), ...wrong }: { nonce?: string; at?: number; seal?: string; sign?: string } = {},
) {
  return sealedXml(plain, { token: TOKEN, cipher }, at, wrong)
}

function inject({ query, body }: { query: Record<string, string>; body: string }) {
  return house.app.inject({
    method: 'POST',
    url: '/channels/wecom',
    query,
    body,
    headers: { 'content-type': 'text/xml' },
  })
}

let messages = 0
function message(fields: Record<string, string | number>, from = member): string {
  const id = { MsgId: String(6_000_000_000_000_000_000n + BigInt(messages++)) }
  const head = { ToUserName: CORP, FromUserName: from, CreateTime: nowInSeconds() }
  return writeFlatXml({ ...head, ...(fields.MsgType === 'event' ? {} : id), ...fields, AgentID: '218' })
}
const text = (content: string) => message({ MsgType: 'text', Content: content })

/** The text in a sealed answer, after its signature was looked at. */
function answerOf({ body, headers }: { body: string; headers: Record<string, unknown> }): string {
  expect(headers['content-type']).toBe('text/xml; charset=utf-8')
  const {
    Encrypt: sealed = '',
    MsgSignature: signature,
    TimeStamp: time = '',
    Nonce: nonce = '',
  } = readFlatXml(body)!
  expect(signature).toBe(signatureOf(TOKEN, time, nonce, sealed))
  const {
    ToUserName: to,
    FromUserName: from,
    MsgType: type,
    Content: content = '',
  } = readFlatXml(cipher.open(sealed))!
  expect([to, from, type]).toEqual([member, CORP, 'text'])
  return content
}

const say = async (content: string) => answerOf(await inject(request(text(content))))
const token = () =>
  nock(API)
    .get('/cgi-bin/gettoken')
    .query({ corpid: CORP, corpsecret: 'wecom-secret' })
    .reply(200, { errcode: 0, access_token: 'token-1', expires_in: 7200 })

describe('the check of the address', () => {
  // Vector W1 of the vendor's documentation.
  const W1 = {
    msg_signature: 'dd6b9c95b495b3f7e2901bfbc76c664930ffdb96',
    timestamp: '1411443780',
    nonce: '437374425',
    echostr: '4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==',
  }
  const check = async (query: typeof W1) => {
    const vector = {
      ...APPLICATION,
      token: '123456',
      aesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
      corpId: 'wx49f0ab532d5d035a',
    }
    house = await openChat(lines.fresh(), parts => createWecomChannel(vector, parts))
    return house.app.inject({ url: '/channels/wecom', query })
  }

  test('is answered with what was sealed, bare', async () => {
    const { statusCode, body } = await check(W1)
    expect([statusCode, body]).toEqual([200, '5927782489442352469'])
  })

  test('is refused when anything is not as it was signed', async () => {
    expect((await check({ ...W1, nonce: '437374424' })).statusCode).toBe(403)
    expect((await check({ ...W1, echostr: '' })).statusCode).toBe(403)
  })
})

describe('what members write', () => {
  test('is a talk with sealed answers, up to the case', async () => {
    await open()
    const answers = []
    for (const words of A_CASE) answers.push(await say(words))
    expect(answers[1]).toContain('人民路3号')
    expect(house.desk.record.caseIds).toHaveLength(1)
    expect(answers[2]).toMatch(/编号：\d{6} \d{5} \d/)
  })

  test('files one case when its last message comes three times at once', async () => {
    await open()
    await say(A_CASE[0])
    await say(A_CASE[1])
    const last = text(A_CASE[2])
    const answers = await Promise.all([1, 2, 3].map(async () => answerOf(await inject(request(last)))))
    expect(house.desk.record.caseIds).toHaveLength(1)
    expect(new Set(answers).size).toBe(1)
  })

  test.each<[string, Record<string, string>, string]>([
    ['a voice message', { MsgType: 'voice', MediaId: 'm', Format: 'amr' }, '没听清'],
    [
      'a location without a name',
      { MsgType: 'location', Location_X: '41.8', Location_Y: '123.4' },
      '没有地名',
    ],
    ['a type of message that nobody knows', { MsgType: 'hologram' }, '看不了'],
    ['an empty text', { MsgType: 'text', Content: ' ' }, '看不了'],
  ])('%s is answered in our own words', async (_name, fields, words) => {
    await open()
    expect(answerOf(await inject(request(message(fields))))).toContain(words)
  })

  test.each<[string, Record<string, string>]>([
    ['a link', { MsgType: 'link', Title: '人民路3号门口路灯不亮了' }],
    [
      'a tap on a menu that says something',
      { MsgType: 'event', Event: 'click', EventKey: 'say:人民路3号门口路灯不亮了' },
    ],
  ])('%s is heard as words', async (_name, fields) => {
    await open()
    expect(answerOf(await inject(request(message(fields))))).toContain('手机号')
  })

  test('a picture is fetched and kept with the message', async () => {
    token()
    nock(API)
      .get('/cgi-bin/media/get')
      .query({ access_token: 'token-1', media_id: 'media-1' })
      .reply(200, PICTURE, { 'content-type': 'image/jpeg' })
    const kept: number[] = []
    await open({ saveFile: async (bytes?: Uint8Array) => `kept-${kept.push(bytes!.length)}.jpg` })
    const answer = answerOf(await inject(request(message({ MsgType: 'image', MediaId: 'media-1' }))))
    expect(kept).toEqual([PICTURE.length])
    expect(answer).not.toContain('没收到')
  })

  test('a picture that the platform does not give is asked for again', async () => {
    token()
    nock(API).get('/cgi-bin/media/get').query(true).reply(500)
    await open()
    expect(answerOf(await inject(request(message({ MsgType: 'image', MediaId: 'm' }))))).toContain('没收到')
  })

  test('whoever opens the application is greeted, but not each time', async () => {
    await open()
    const enter = () => inject(request(message({ MsgType: 'event', Event: 'enter_agent' })))
    expect(answerOf(await enter())).toContain('您好')
    const again = await enter()
    expect([again.statusCode, again.body]).toEqual([200, ''])
  })

  test('whoever has just come in is greeted once', async () => {
    await open()
    const event = (name: string) => inject(request(message({ MsgType: 'event', Event: name })))
    expect(answerOf(await event('subscribe'))).toContain('您好')
    expect((await event('enter_agent')).body).toBe('')
  })

  test('what is said to another application is acknowledged and not heard', async () => {
    await open()
    const foreign = text(A_CASE[0]).replace('>218<', '>219<').replace('[218]', '[219]')
    const { statusCode, body } = await inject(request(foreign))
    expect([statusCode, body]).toEqual([200, ''])
    expect(house.logged.filter(line => line.includes('to another application'))).toHaveLength(1)
    expect(await say('查进度')).not.toContain('手机号')
  })

  test('events that are none of ours get an empty answer', async () => {
    await open()
    for (const event of ['LOCATION', 'unsubscribe', 'view', 'batch_job_result']) {
      const { statusCode, body } = await inject(request(message({ MsgType: 'event', Event: event })))
      expect([event, statusCode, body]).toEqual([event, 200, ''])
    }
  })
})

describe('an answer that takes too long', () => {
  test('is a message of its own', async () => {
    token()
    const sent = nock(API)
      .post('/cgi-bin/message/send', body => {
        expect(body).toMatchObject({ touser: member, msgtype: 'text', agentid: 218 })
        return String(body.text.content).includes('手机号')
      })
      .query({ access_token: 'token-1' })
      .reply(200, { errcode: 0, errmsg: 'ok' })
    member = `zhangsan-${people++}`
    house = await openChat(lines.fresh(), parts => {
      const slow = { ...parts.line, hear: hearSlowly(parts.line.hear) }
      return createWecomChannel(APPLICATION, { ...parts, line: slow, answerWithinMs: 20 })
    })
    const { statusCode, body } = await inject(request(text(A_CASE[0])))
    expect([statusCode, body]).toEqual([200, ''])
    await house.app.close()
    expect(sent.isDone()).toBe(true)
  })
})

describe('a picture whose answer takes too long', () => {
  test('is fetched once and answered once, however often it comes', async () => {
    token()
    const counted = { media: 0, sent: 0 }
    nock(API)
      .persist()
      .get('/cgi-bin/media/get')
      .query(true)
      .reply(
        200,
        () => {
          counted.media++
          return PICTURE
        },
        { 'content-type': 'image/jpeg' },
      )
    nock(API)
      .persist()
      .post('/cgi-bin/message/send')
      .query(true)
      .reply(200, () => {
        counted.sent++
        return { errcode: 0 }
      })
    member = `zhangsan-${people++}`
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    house = await openChat(lines.fresh(), parts => {
      const hear: typeof parts.line.hear = async (...given) => {
        await held
        return parts.line.hear(...given)
      }
      return createWecomChannel(APPLICATION, { ...parts, line: { ...parts.line, hear }, answerWithinMs: 20 })
    })
    const picture = message({ MsgType: 'image', MediaId: 'm' })
    const answers = await Promise.all([1, 2, 3].map(() => inject(request(picture))))
    expect(answers.map(({ body }) => body)).toEqual(['', '', ''])
    release()
    await vi.waitFor(() => expect(counted.sent).toBe(1))
    // A repeat that is in time has been answered.
    expect((await inject(request(picture))).body).toBe('')
    await house.app.close()
    expect(counted).toEqual({ media: 1, sent: 1 })
  })

  test('is answered in the request of a repeat when the message of its own could not be sent', async () => {
    token()
    nock(API).post('/cgi-bin/message/send').query(true).reply(503)
    member = `zhangsan-${people++}`
    let isHeld = true
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    house = await openChat(lines.fresh(), parts => {
      const hear: typeof parts.line.hear = async (...given) => {
        if (isHeld) await held
        return parts.line.hear(...given)
      }
      return createWecomChannel(APPLICATION, { ...parts, line: { ...parts.line, hear }, answerWithinMs: 500 })
    })
    const words = text(A_CASE[0])
    expect((await inject(request(words))).body).toBe('')
    isHeld = false
    release()
    await vi.waitFor(() => expect(house.logged.join('')).toContain('an answer could not be sent'))
    await vi.waitFor(async () => expect(answerOf(await inject(request(words)))).toContain('手机号'))
  })
})

/** Longer than the channel waits. */
function hearSlowly<T extends (...given: never[]) => Promise<unknown>>(hear: T): T {
  return (async (...given) => {
    const heard = await hear(...given)
    await new Promise(resolve => setTimeout(resolve, 200))
    return heard
  }) as T
}

describe('what is not authentic', () => {
  const other = createMessageCipher(KEY, 'ww-somebody-else')
  const breakPadding = (sealed: string) => {
    const bytes = Buffer.from(sealed, 'base64')
    bytes[bytes.length - 17]! ^= 1
    return bytes.toString('base64')
  }

  test.each<[string, (plain: string) => Parameters<typeof request>[1]]>([
    ['a wrong signature', () => ({ sign: '0'.repeat(40) })],
    ['no signature', () => ({ sign: '' })],
    ['a stale time', () => ({ at: nowInSeconds() - 11 * 60 })],
    ['a time to come', () => ({ at: nowInSeconds() + 11 * 60 })],
    ['another receiver', plain => ({ seal: other.seal(plain) })],
    ['broken padding', plain => ({ seal: breakPadding(cipher.seal(plain)) })],
    ['half a block', () => ({ seal: 'AAAA' })],
  ])('%s is refused and nothing is filed', async (_name, wrong) => {
    await open()
    const plain = text(A_CASE[0])
    expect((await inject(request(plain, wrong(plain)))).statusCode).toBe(403)
    expect(await house.desk.line.store.contacts.byConversation(`wecom.wecom/${member}`)).toBeNull()
  })

  test('the same request again is somebody else', async () => {
    await open()
    const first = request(text(A_CASE[0]))
    expect((await inject(first)).statusCode).toBe(200)
    expect((await inject(first)).statusCode).toBe(403)
    house.desk.line.clock.advance(11 * MINUTE)
    expect((await inject(first)).statusCode).toBe(403)
  })

  test.each<[string, (good: ReturnType<typeof request>) => { query: Record<string, string>; body: string }]>([
    ['JSON where XML is due', good => ({ ...good, body: '{"Encrypt":"x"}' })],
    ['no body', good => ({ ...good, body: '' })],
    ['a body with entities', good => ({ ...good, body: `<!DOCTYPE x [<!ENTITY e "e">]>${good.body}` })],
    ['something sealed that is no message', () => request('<xml><a>1</a></xml>')],
    ['something sealed that is no XML', () => request('hello')],
  ])('%s is 400', async (_name, change) => {
    await open()
    expect((await inject(change(request(text('x'))))).statusCode).toBe(400)
  })

  test('10 MB are 413', async () => {
    await open()
    const { query } = request(text('x'))
    expect((await inject({ query, body: 'x'.repeat(10 * 1024 * 1024) })).statusCode).toBe(413)
  })
})

test('while the database is away the member is told so, and may say it again', async () => {
  const outage = { isOn: true }
  await open({ outage })
  const words = house.desk.line.content.texts.of('zh-Hans', 'error.store-unavailable')
  expect(await say(A_CASE[0])).toBe(words)
  outage.isOn = false
  expect(await say(A_CASE[0])).toContain('手机号')
})

test('neither names nor tokens are logged', async () => {
  token()
  nock(API).get('/cgi-bin/media/get').query(true).reply(500)
  await open()
  await say(A_CASE[0])
  await inject(request(message({ MsgType: 'image', MediaId: 'm' })))
  const all = house.logged.join('')
  expect(all).not.toContain(member)
  expect(all).not.toContain('token-1')
  expect(all).not.toContain('wecom-secret')
})
