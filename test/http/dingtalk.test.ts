import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { createMessageCipher, signatureOf } from '../../src/adapters/chat/sealed-message.ts'
import { createDingtalkChannel } from '../../src/adapters/dingtalk/dingtalk-channel.ts'
import { HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { A_CASE, type ChatHouse, openChat, PICTURE, withoutNet } from '../support/chat-house.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { dingtalkSign } from '../support/vendor-signatures.ts'

const API = 'https://api.dingtalk.com'
const ROBOT = {
  appKey: 'dingappkey0001',
  appSecret: 'dingtalk-app-secret',
  robotCode: 'dingrobot0001',
  baseUrl: API,
  events: { token: 'dingtoken', aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij' },
}

const lines = useTestLine()
withoutNet()
let house: ChatHouse
let count = 0
/** Somebody who was never here. */
let staff = ''
afterEach(() => house?.app.close())

async function open(options: Parameters<typeof openChat>[2] = {}) {
  staff = `manager-${count++}`
  house = await openChat(lines.fresh(), parts => createDingtalkChannel(ROBOT, parts), options)
}

const now = () => house.desk.line.clock.now().getTime()
const signOf = (timestamp: string) => dingtalkSign(timestamp, ROBOT.appSecret)

type Fields = Record<string, unknown>
function message(fields: Fields = {}): Fields {
  count++
  return {
    conversationId: 'cid-1',
    chatbotUserId: '$:LWCP_v1:$robot',
    msgId: `msg-${count}`,
    senderNick: '王秀兰',
    senderStaffId: staff,
    senderId: `$:LWCP_v1:$${staff}`,
    conversationType: '1',
    sessionWebhook: `https://oapi.dingtalk.com/robot/sendBySession?session=${staff}`,
    sessionWebhookExpiredTime: now() + HOUR,
    createAt: now(),
    msgtype: 'text',
    text: { content: A_CASE[0] },
    ...fields,
  }
}

/** Posts as DingTalk does, and waits until what it brings about has been sent. */
async function post(body: unknown, headers: Record<string, string> = {}) {
  const timestamp = headers.timestamp ?? String(now())
  return house.app.inject({
    method: 'POST',
    url: '/channels/dingtalk',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      timestamp,
      sign: signOf(timestamp),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** What the webhook of the conversation was posted. */
function webhook(host = 'https://oapi.dingtalk.com', status = 200, answer: object = { errcode: 0 }) {
  const posted: Fields[] = []
  nock(host)
    .persist()
    .post('/robot/sendBySession')
    .query(true)
    .reply(status, async (request: Request) => {
      posted.push((await request.json()) as Fields)
      return answer
    })
  return posted
}

/** What the robot sent by itself. */
function robot(
  answer: object = { processQueryKey: 'x', invalidStaffIdList: [], flowControlledStaffIdList: [] },
) {
  const sent: Fields[] = []
  nock(API).persist().post('/v1.0/oauth2/accessToken').reply(200, { accessToken: 't-1', expireIn: 7200 })
  nock(API, { reqheaders: { 'x-acs-dingtalk-access-token': 't-1' } })
    .persist()
    .post('/v1.0/robot/oToMessages/batchSend')
    .reply(200, async (request: Request) => {
      sent.push((await request.json()) as Fields)
      return answer
    })
  return sent
}
const textsOf = (posted: Fields[]) => posted.map(({ text }) => (text as { content: string }).content)

describe('what is said to the robot', () => {
  test('is a talk up to the case, answered in the conversation', async () => {
    const posted = webhook()
    await open()
    for (const content of A_CASE) {
      const { statusCode, json } = await post(message({ text: { content: ` ${content} ` } }))
      expect([statusCode, json()]).toEqual([200, {}])
    }
    await house.app.close()
    expect(textsOf(posted)).toHaveLength(3)
    expect(textsOf(posted)[2]).toMatch(/编号：\d{6} \d{5} \d/)
    expect(posted[0]).toMatchObject({ msgtype: 'text' })
    expect(house.desk.record.caseIds).toHaveLength(1)
  })

  test('is heard when what it does not have is null or empty', async () => {
    const posted = webhook()
    await open()
    const fields = { robotCode: null, senderStaffId: '', isInAtList: null, content: null }
    expect((await post(message(fields))).statusCode).toBe(200)
    await house.app.close()
    expect(textsOf(posted)[0]).toContain('手机号')
  })

  test('files one case and is answered once when its last message comes three times at once', async () => {
    const posted = webhook()
    await open()
    for (const content of A_CASE.slice(0, 2)) await post(message({ text: { content } }))
    const last = message({ text: { content: A_CASE[2] } })
    const answers = await Promise.all([post(last), post(last), post(last)])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    await house.app.close()
    expect(house.desk.record.caseIds).toHaveLength(1)
    expect(posted).toHaveLength(3)
  })

  test.each<[string, Fields]>([
    ['a voice message with its words', { msgtype: 'audio', content: { recognition: A_CASE[0] } }],
    ['a rich text', { msgtype: 'richText', content: { richText: [{ text: A_CASE[0] }, { text: '！' }] } }],
  ])('%s is heard as words', async (_name, fields) => {
    const posted = webhook()
    await open()
    await post(message(fields))
    await house.app.close()
    expect(textsOf(posted)[0]).toContain('手机号')
  })

  test.each<[string, Fields, string]>([
    ['a voice message without words', { msgtype: 'audio', content: {} }, '没听清'],
    ['a film', { msgtype: 'video', content: { downloadCode: 'c' } }, '看不了'],
    ['a type that nobody knows', { msgtype: 'hologram' }, '看不了'],
    ['an empty text', { text: { content: ' ' } }, '看不了'],
  ])('%s is answered in our own words', async (_name, fields, words) => {
    const posted = webhook()
    await open()
    await post(message(fields))
    await house.app.close()
    expect(textsOf(posted)[0]).toContain(words)
  })

  test('a picture is fetched from where DingTalk keeps it', async () => {
    const posted = webhook()
    robot()
    nock(API)
      .post('/v1.0/robot/messageFiles/download', { downloadCode: 'code-1', robotCode: ROBOT.robotCode })
      .reply(200, { downloadUrl: 'http://zjk-dualstack.trans.dingtalk.com/file?sig=1' })
    nock('https://zjk-dualstack.trans.dingtalk.com')
      .get('/file')
      .query({ sig: '1' })
      .reply(200, PICTURE, { 'content-type': 'image/jpeg' })
    const kept: number[] = []
    await open({ saveFile: async (bytes?: Uint8Array) => `kept-${kept.push(bytes!.length)}.jpg` })
    await post(message({ msgtype: 'picture', content: { downloadCode: 'code-1' } }))
    await house.app.close()
    expect(kept).toEqual([PICTURE.length])
    expect(textsOf(posted)[0]).not.toContain('没收到')
  })

  test('pictures of a rich text are kept with its words, and one that is not is told', async () => {
    const posted = webhook()
    robot()
    for (const code of ['1', '2'])
      nock(API)
        .post('/v1.0/robot/messageFiles/download', { downloadCode: code, robotCode: ROBOT.robotCode })
        .reply(200, { downloadUrl: `https://trans.dingtalk.com/${code}` })
    nock('https://trans.dingtalk.com')
      .get('/1')
      .reply(200, PICTURE, { 'content-type': 'image/jpeg' })
      .get('/2')
      .reply(503)
    const kept: number[] = []
    await open({ saveFile: async (bytes?: Uint8Array) => `kept-${kept.push(bytes!.length)}.jpg` })
    const richText = [{ text: A_CASE[0] }, { type: 'picture', downloadCode: '1' }, { downloadCode: '2' }]
    await post(message({ msgtype: 'richText', content: { richText } }))
    for (const content of A_CASE.slice(1)) await post(message({ text: { content } }))
    await house.app.close()
    expect(kept).toEqual([PICTURE.length])
    expect(textsOf(posted)[0]).toMatch(/没收到[\s\S]*手机号/)
    const { line } = house.desk
    const entries = await line.store.transcriptAfter(`dingtalk.${line.pseudonym('dingtalk', staff)}`, 0, 10)
    expect(entries.find(({ from }) => from === 'resident')!.body).toMatchObject({
      text: A_CASE[0],
      attachments: ['kept-1.jpg'],
    })
  })

  test('what is said to another robot is acknowledged and not heard', async () => {
    const posted = webhook()
    await open()
    const { statusCode, json } = await post(message({ robotCode: 'dingrobot0002' }))
    expect([statusCode, json()]).toEqual([200, {}])
    await post(message({ robotCode: ROBOT.robotCode }))
    await house.app.close()
    expect(posted).toHaveLength(1)
    expect(house.logged.filter(line => line.includes('to another robot'))).toHaveLength(1)
  })

  test('a picture that is said to be somewhere else is not fetched', async () => {
    const posted = webhook()
    robot()
    nock(API)
      .post('/v1.0/robot/messageFiles/download')
      .reply(200, { downloadUrl: 'http://169.254.169.254/latest' })
    const elsewhere = nock('https://169.254.169.254').get('/latest').reply(200, PICTURE)
    await open()
    await post(message({ msgtype: 'picture', content: { downloadCode: 'code-1' } }))
    await house.app.close()
    expect(elsewhere.isDone()).toBe(false)
    expect(textsOf(posted)[0]).toContain('收不了')
  })
})

describe('the answer', () => {
  test.each([
    ['another host', 'https://evil.example/robot/sendBySession?session=1'],
    ['a host that only looks like it', 'https://oapi.dingtalk.com.evil.example/robot/sendBySession'],
    ['another port', 'https://oapi.dingtalk.com:8443/robot/sendBySession'],
    ['plain HTTP', 'http://oapi.dingtalk.com/robot/sendBySession'],
    ['somebody before the host', 'https://oapi.dingtalk.com@evil.example/robot/sendBySession'],
    ['no address at all', 'robot'],
  ])('is not posted to %s, but sent by the robot', async (_name, sessionWebhook) => {
    const sent = robot()
    // Anybody else would take it.
    nock(/^(?!https:\/\/api\.dingtalk\.com)/)
      .persist()
      .post(/.*/)
      .query(true)
      .reply(200, { errcode: 0 })
    await open()
    await post(message({ sessionWebhook }))
    await house.app.close()
    expect(sent).toMatchObject([{ robotCode: ROBOT.robotCode, userIds: [staff], msgKey: 'sampleText' }])
    expect(JSON.parse(sent[0]!.msgParam as string)).toEqual({ content: expect.stringContaining('手机号') })
  })

  test.each<[string, () => unknown, Fields]>([
    ['has expired', () => webhook(), { sessionWebhookExpiredTime: 1 }],
    ['is refused', () => webhook('https://oapi.dingtalk.com', 200, { errcode: 300001 }), {}],
    ['is away', () => webhook('https://oapi.dingtalk.com', 502), {}],
    ['is missing', () => {}, { sessionWebhook: undefined }],
  ])('is sent by the robot when the webhook %s', async (_name, prepare, fields) => {
    prepare()
    const sent = robot()
    await open()
    await post(message(fields))
    await house.app.close()
    expect(sent).toHaveLength(1)
  })

  test('to somebody in a group is private, and only when they address the robot', async () => {
    const [posted, sent] = [webhook(), robot()]
    await open()
    await post(message({ conversationType: '2', isInAtList: false }))
    await post(message({ conversationType: '2', isInAtList: true }))
    await house.app.close()
    expect(posted).toEqual([])
    expect(sent).toMatchObject([{ userIds: [staff] }])
  })

  test('to somebody in a group who is from elsewhere asks them to write privately', async () => {
    const [posted, sent] = [webhook(), robot()]
    await open()
    await post(message({ conversationType: '2', isInAtList: true, senderStaffId: undefined }))
    await house.app.close()
    expect(textsOf(posted)).toEqual([expect.stringContaining('单聊')])
    expect(sent).toEqual([])
  })

  test('news later goes by the robot; whom it does not know is told another way', async () => {
    webhook()
    await open()
    await post(message())
    await house.app.close()
    const id = `dingtalk.dingtalk/${staff}`
    const send = async () => {
      const contact = (await house.desk.line.store.contacts.byConversation(id))!
      const said = { key: 'x', text: '有新进展', choices: [], cards: [], expects: 'nothing' as const }
      return house.channel.sender.send(contact, [said], 'zh-Hans')
    }
    robot()
    expect(await send()).toBe('sent')
    nock.cleanAll()
    robot({ invalidStaffIdList: [staff] })
    expect(await send()).toBe('unreachable')
    expect((await house.desk.line.store.contacts.byConversation(id))!.isGone).toBe(true)
  })
})

describe('what is not authentic', () => {
  test.each<[string, () => Record<string, string>]>([
    ['a wrong signature', () => ({ sign: 'YR+XYy8SflKUAQkkeWIq6khrvu8R/xDMKAlIxQvUeUg=' })],
    ['no signature', () => ({ sign: '' })],
    ['a signature of more than an hour ago', () => signedAt(now() - HOUR - MINUTE)],
    ['a signature of an hour to come', () => signedAt(now() + HOUR + MINUTE)],
    ['no time', () => signedAt(Number.NaN)],
  ])('%s is refused', async (_name, headers) => {
    await open()
    house.desk.line.clock.advance(1)
    expect((await post(message(), headers())).statusCode).toBe(403)
    expect(await house.desk.line.store.contacts.byConversation(`dingtalk.dingtalk/${staff}`)).toBeNull()
  })
  const signedAt = (at: number) => ({ timestamp: String(at), sign: signOf(String(at)) })

  test('the same request again brings nothing new', async () => {
    const posted = webhook()
    await open()
    const [body, timestamp] = [message(), String(now())]
    for (let i = 0; i < 3; i++) expect((await post(body, { timestamp })).statusCode).toBe(200)
    await house.app.close()
    expect(posted).toHaveLength(1)
  })

  test.each<[string, () => unknown]>([
    ['no JSON', () => '<xml></xml>'],
    ['an empty body', () => ''],
    ['a list', () => [message()]],
    ['no message id', () => message({ msgId: undefined })],
    ['numbers where words are due', () => message({ senderId: 7 })],
    ['ten thousand brackets', () => '['.repeat(10_000)],
  ])('%s is 400', async (_name, body) => {
    await open()
    expect((await post(body())).statusCode).toBe(400)
  })

  test('10 MB are 413', async () => {
    await open()
    expect((await post('x'.repeat(10 * 1024 * 1024))).statusCode).toBe(413)
  })
})

/** Made apart from our code, with Python's hmac and hashlib and `openssl enc -aes-256-cbc`; 13 digits are milliseconds. */
describe('vectors', () => {
  const EVENT = {
    query: {
      signature: 'cd4747791730a45dc3a9ae99f5ef2c9870db7e9f',
      timestamp: '1795485600000',
      nonce: 'nonce0001',
    },
    encrypt: 'HcA0QDKRG/U9FnFvX30Rg3cmHeq0C2cGbcAKqeLm0GR3PgT+O4U/IdQpmL45HaxvApjh/eaQr5zbaEAfHy7MMw==',
  }
  const event = (changes: Partial<typeof EVENT.query> = {}, encrypt = EVENT.encrypt, body?: string) =>
    house.app.inject({
      method: 'POST',
      url: '/channels/dingtalk/events',
      query: { ...EVENT.query, ...changes },
      headers: { 'content-type': 'application/json' },
      body: body ?? JSON.stringify({ encrypt }),
    })

  test('a robot message signed at 2026-11-24T02:00:00Z is taken', async () => {
    const posted = webhook()
    await open()
    const headers = { timestamp: '1795485600000', sign: 'YR+XYy8SflKUAQkkeWIq6khrvu8R/xDMKAlIxQvUeUg=' }
    expect((await post(message(), headers)).statusCode).toBe(200)
    await house.app.close()
    expect(posted).toHaveLength(1)
  })

  test('check_url is answered with a sealed "success"', async () => {
    await open()
    const answer = await event()
    expect(answer.statusCode).toBe(200)
    const { msg_signature: signature, timeStamp, nonce, encrypt } = answer.json<Record<string, string>>()
    expect(signature).toBe(signatureOf('dingtoken', timeStamp!, nonce!, encrypt!))
    expect(createMessageCipher(ROBOT.events.aesKey, ROBOT.appKey).open(encrypt!)).toBe('success')
  })

  test('an event is refused when it is not authentic, stale or used', async () => {
    await open()
    expect((await event({ nonce: 'nonce0002' })).statusCode).toBe(403)
    expect((await event({}, EVENT.encrypt.replace('H', 'I'))).statusCode).toBe(403)
    expect((await event()).statusCode).toBe(200)
    expect((await event()).statusCode).toBe(403)
    house.desk.line.clock.advance(11 * MINUTE)
    expect((await event()).statusCode).toBe(403)
  })

  test('an event that is none is 400', async () => {
    await open()
    expect((await event({}, '', '<xml/>')).statusCode).toBe(400)
    const encrypt = createMessageCipher(ROBOT.events.aesKey, ROBOT.appKey).seal('hello')
    const signature = signatureOf('dingtoken', EVENT.query.timestamp, 'n-3', encrypt)
    expect((await event({ signature, nonce: 'n-3' }, encrypt)).statusCode).toBe(400)
  })

  test('an event for somebody else is refused', async () => {
    await open()
    const encrypt = createMessageCipher(ROBOT.events.aesKey, 'dingsomebodyelse').seal(
      '{"EventType":"check_url"}',
    )
    const signature = signatureOf('dingtoken', EVENT.query.timestamp, 'n-4', encrypt)
    expect((await event({ signature, nonce: 'n-4' }, encrypt)).statusCode).toBe(403)
  })
})

test('while the database is away the person is told so', async () => {
  const posted = webhook()
  await open({ outage: { isOn: true } })
  expect((await post(message())).statusCode).toBe(200)
  await house.app.close()
  expect(textsOf(posted)).toEqual([house.desk.line.content.texts.of('zh-Hans', 'error.store-unavailable')])
})
