import { createHash } from 'node:crypto'
import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { createFeishuChannel } from '../../src/adapters/feishu/feishu-channel.ts'
import { feishuSignature, openFeishuSealed } from '../../src/adapters/feishu/feishu-envelope.ts'
import { MINUTE } from '../../src/kernel/clock.ts'
import { A_CASE, type ChatHouse, openChat, PICTURE, withoutNet } from '../support/chat-house.ts'
import { useTestLine } from '../support/use-test-line.ts'
import { sealedByFeishu, secondsOf, signedByFeishu } from '../support/vendor-signatures.ts'

const API = 'https://open.feishu.cn'
const ROBOT = {
  appId: 'cli_a1',
  appSecret: 'feishu-app-secret',
  encryptKey: 'feishu-encrypt-key',
  verificationToken: 'verify-token',
  baseUrl: API,
}

const lines = useTestLine()
withoutNet()
let house: ChatHouse
let count = 0
/** Somebody who was never here. */
let person = ''
afterEach(() => house?.app.close())

async function open(options: Parameters<typeof openChat>[2] = {}) {
  person = `ou_${count++}`
  house = await openChat(lines.fresh(), parts => createFeishuChannel(ROBOT, parts), options)
}

type Fields = Record<string, unknown>

/** What the robot sent; the same uuid shows once. */
function robot({ isKnown = true } = {}) {
  const sent: Fields[] = []
  nock(API)
    .persist()
    .post('/open-apis/auth/v3/tenant_access_token/internal', {
      app_id: ROBOT.appId,
      app_secret: ROBOT.appSecret,
    })
    .reply(200, { code: 0, tenant_access_token: 't-1', expire: 7200 })
  nock(API, { reqheaders: { authorization: 'Bearer t-1' } })
    .persist()
    .post('/open-apis/im/v1/messages')
    .query({ receive_id_type: 'open_id' })
    .reply(async (request: Request) => {
      const body = (await request.json()) as Fields
      sent.push(body)
      return [200, { code: 0, msg: 'success' }]
    })
  nock(API)
    .persist()
    .get('/open-apis/bot/v3/info')
    .reply(isKnown ? 200 : 502, { code: 0, bot: { open_id: 'ou_robot' } })
  return sent
}
const textsOf = (sent: Fields[]) =>
  [...new Map(sent.map(body => [body.uuid, body])).values()].map(
    ({ content }) => (JSON.parse(content as string) as { text: string }).text,
  )

const seal = (plain: string, encryptKey = ROBOT.encryptKey) => sealedByFeishu(plain, encryptKey)

const nowInSeconds = () => secondsOf(house.desk.line.clock.now())

/** A request as Feishu signs it, with what a test wants to be wrong with it. */
function inject(
  plain: string,
  wrong: { at?: number; nonce?: string; sign?: string; body?: string; headers?: boolean } = {},
) {
  const body = wrong.body ?? JSON.stringify({ encrypt: seal(plain) })
  const { at = nowInSeconds(), nonce, sign } = wrong
  const signed = signedByFeishu(body, { at, nonce, encryptKey: ROBOT.encryptKey })
  const headers = sign === undefined ? signed : { ...signed, 'x-lark-signature': sign }
  return house.app.inject({
    method: 'POST',
    url: '/channels/feishu',
    headers: { 'content-type': 'application/json', ...(wrong.headers === false ? {} : headers) },
    body,
  })
}

function event(type: string, content: unknown, header: Fields = {}): string {
  const head = {
    event_id: `evt-${count++}`,
    token: ROBOT.verificationToken,
    create_time: '1',
    event_type: type,
  }
  return JSON.stringify({
    schema: '2.0',
    header: { ...head, tenant_key: 'k', app_id: ROBOT.appId, ...header },
    event: content,
  })
}

function message(type: string, content: unknown, more: Fields = {}, header: Fields = {}): string {
  return event(
    'im.message.receive_v1',
    {
      sender: { sender_id: { open_id: person }, sender_type: 'user' },
      message: {
        message_id: `om_${count++}`,
        chat_id: 'oc_1',
        chat_type: 'p2p',
        message_type: type,
        content: typeof content === 'string' ? content : JSON.stringify(content),
        ...more,
      },
    },
    header,
  )
}
const text = (words: string, more: Fields = {}) => message('text', { text: words }, more)

/** Made apart from our code, with Python's hashlib and `openssl enc -aes-256-cbc -nopad`. */
const CHECK =
  'YWJjZGVmZ2hpamtsbW5vcK+IMtjx4x7vs8rpALxQIKHOj0gJD3u3AEbo0RWF1yE1oZZbHlfI4cSK/TweX8Ltilcg2ZvwoSXLXgLOfELPCLjKRzejvfLIf7Rg0vv/jNQh8Upbnk6XG9kz/EKvcSaRvaEOdcTH7ZiyhiqoP56/0g4='
const CHECK_SIGNATURE = '55826ae0193233f6b6dc9b80b344ea145c4492ad3211de0dc3e61a7e3088734b'

describe('vectors', () => {
  test('the check of the address is opened and echoed, signed or not', async () => {
    await open()
    const body = JSON.stringify({ encrypt: CHECK })
    for (const headers of [true, false]) {
      const answer = await inject('', { body, headers })
      expect([answer.statusCode, answer.json()]).toEqual([
        200,
        { challenge: '1b6aef1a-401f-406a-be41-f48911eabcef' },
      ])
    }
  })

  test('the signature of a body', async () => {
    await open()
    const body = JSON.stringify({ encrypt: CHECK })
    const signed = createHash('sha256').update(`1795485600nonce0001${ROBOT.encryptKey}${body}`).digest('hex')
    expect(signed).toBe(CHECK_SIGNATURE)
    expect(feishuSignature(body, { timestamp: '1795485600', nonce: 'nonce0001' }, ROBOT.encryptKey)).toBe(
      signed,
    )
  })

  test('the documented one: "hello world" under "test key"', () => {
    expect(openFeishuSealed('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'test key')).toBe('hello world')
  })

  test('a plain check needs the right token', async () => {
    await open()
    const check = (token: string) => JSON.stringify({ challenge: 'c-1', token, type: 'url_verification' })
    expect((await inject('', { body: check('verify-token'), headers: false })).json()).toEqual({
      challenge: 'c-1',
    })
    expect((await inject('', { body: check('another'), headers: false })).statusCode).toBe(403)
  })
})

describe('what is said to the robot', () => {
  test('is a talk up to the case', async () => {
    const sent = robot()
    await open()
    for (const words of A_CASE) {
      const { statusCode, json } = await inject(text(words))
      expect([statusCode, json()]).toEqual([200, {}])
    }
    await house.app.close()
    expect(sent.map(({ receive_id: to, msg_type: type }) => [to, type])).toEqual(
      A_CASE.map(() => [person, 'text']),
    )
    expect(textsOf(sent)[2]).toMatch(/编号：\d{6} \d{5} \d/)
    expect(house.desk.record.caseIds).toHaveLength(1)
  })

  test('is heard when what it does not have is null', async () => {
    const sent = robot()
    await open()
    expect((await inject(message('text', { text: A_CASE[0] }, { mentions: null }))).statusCode).toBe(200)
    await house.app.close()
    expect(textsOf(sent)[0]).toContain('手机号')
  })

  test('files one case and shows one answer when its last message comes three times at once', async () => {
    const sent = robot()
    await open()
    for (const words of A_CASE.slice(0, 2)) await inject(text(words))
    const last = text(A_CASE[2])
    const answers = await Promise.all([inject(last), inject(last), inject(last)])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    await house.app.close()
    expect(house.desk.record.caseIds).toHaveLength(1)
    expect(textsOf(sent)).toHaveLength(3)
  })

  test('is acknowledged in time, however long the answer takes', async () => {
    const sent = robot()
    person = `ou_${count++}`
    house = await openChat(lines.fresh(), parts => {
      const hear: typeof parts.line.hear = async (...given) => {
        await slow
        return parts.line.hear(...given)
      }
      return createFeishuChannel(
        { ...ROBOT, acknowledgeWithinMs: 20 },
        { ...parts, line: { ...parts.line, hear } },
      )
    })
    let release = () => {}
    const slow = new Promise<void>(resolve => {
      release = resolve
    })
    expect((await inject(text(A_CASE[0]))).statusCode).toBe(200)
    expect(sent).toEqual([])
    release()
    await house.app.close()
    expect(textsOf(sent)).toEqual([expect.stringContaining('手机号')])
  })

  test.each<[string, string, unknown, string]>([
    ['a rich text', 'post', { title: '', content: [[{ tag: 'text', text: A_CASE[0] }]] }, '手机号'],
    ['a place', 'location', { name: A_CASE[0], longitude: '1', latitude: '2' }, '那里怎么了'],
    ['a place without a name', 'location', { longitude: '1', latitude: '2' }, '没有地名'],
    ['a voice message', 'audio', { file_key: 'f', duration: 2000 }, '没听清'],
    ['a film', 'media', { file_key: 'f' }, '看不了'],
    ['a type that nobody knows', 'hologram', {}, '看不了'],
    ['a text that is none', 'text', 'not json', '看不了'],
  ])('%s is answered', async (_name, type, content, words) => {
    const sent = robot()
    await open()
    expect((await inject(message(type, content))).statusCode).toBe(200)
    await house.app.close()
    expect(textsOf(sent)[0]).toContain(words)
  })

  test('a picture is fetched by its message and its key', async () => {
    const sent = robot()
    nock(API, { reqheaders: { authorization: 'Bearer t-1' } })
      .get('/open-apis/im/v1/messages/om_pic/resources/img_v2%2F1')
      .query({ type: 'image' })
      .reply(200, PICTURE, { 'content-type': 'image/jpeg' })
    const kept: number[] = []
    await open({ saveFile: async (bytes?: Uint8Array) => `kept-${kept.push(bytes!.length)}.jpg` })
    await inject(message('image', { image_key: 'img_v2/1' }, { message_id: 'om_pic' }))
    await house.app.close()
    expect(kept).toEqual([PICTURE.length])
    expect(textsOf(sent)[0]).not.toContain('没收到')
  })

  test('the pictures of a rich text are kept with its words', async () => {
    const sent = robot()
    nock(API, { reqheaders: { authorization: 'Bearer t-1' } })
      .get('/open-apis/im/v1/messages/om_post/resources/img_v2')
      .query({ type: 'image' })
      .reply(200, PICTURE, { 'content-type': 'image/jpeg' })
    await open({ saveFile: async () => 'kept.jpg' })
    const content = [[{ tag: 'text', text: A_CASE[0] }], [{ tag: 'img', image_key: 'img_v2' }]]
    await inject(message('post', { title: '', content }, { message_id: 'om_post' }))
    for (const words of A_CASE.slice(1)) await inject(text(words))
    await house.app.close()
    expect(textsOf(sent)[0]).toContain('手机号')
    const { line } = house.desk
    const entries = await line.store.transcriptAfter(`feishu.${line.pseudonym('feishu', person)}`, 0, 10)
    expect(entries.find(({ from }) => from === 'resident')!.body).toMatchObject({
      text: A_CASE[0],
      attachments: ['kept.jpg'],
    })
  })

  test('whoever opens the conversation for the first time is greeted', async () => {
    const sent = robot()
    await open()
    const enter = (more: Fields) =>
      inject(
        event('im.chat.access_event.bot_p2p_chat_entered_v1', {
          chat_id: 'oc',
          operator_id: { open_id: person },
          ...more,
        }),
      )
    await enter({ last_message_id: 'om_1' })
    await enter({})
    await house.app.close()
    expect(textsOf(sent)).toEqual([expect.stringContaining('您好')])
  })
})

describe('in a group', () => {
  const at = (openId: string) => ({
    chat_type: 'group',
    mentions: [{ key: '@_user_1', id: { open_id: openId, union_id: 'on' }, name: '一号' }],
  })

  test('only what is addressed to the robot is heard, without its name, and answered to the person alone', async () => {
    const sent = robot()
    await open()
    await inject(text(A_CASE[0], { chat_type: 'group' }))
    await inject(text(`@_user_1 ${A_CASE[0]}`, at('ou_somebody')))
    await inject(text(`@_user_1 ${A_CASE[0]}`, at('ou_robot')))
    await house.app.close()
    expect(sent).toMatchObject([{ receive_id: person }])
    const transcript = await house.desk.line.store.transcriptAfter(`feishu.feishu/${person}`, 0, 10)
    expect(transcript.find(({ from }) => from === 'resident')!.body).toMatchObject({ text: A_CASE[0] })
  })

  test('it is silent while nobody knows who it is', async () => {
    const sent = robot({ isKnown: false })
    await open()
    expect((await inject(text('@_user_1 你好', at('ou_robot')))).statusCode).toBe(200)
    await house.app.close()
    expect(sent).toEqual([])
  })

  test('what another robot says is not heard', async () => {
    const sent = robot()
    await open()
    const said = JSON.parse(text('你好')) as { event: { sender: Fields } }
    said.event.sender.sender_type = 'app'
    await inject(JSON.stringify(said))
    await house.app.close()
    expect(sent).toEqual([])
  })
})

describe('what is not authentic', () => {
  test.each<[string, () => Parameters<typeof inject>]>([
    ['a wrong signature', () => [text('x'), { sign: '0'.repeat(64) }]],
    ['no signature', () => [text('x'), { headers: false }]],
    ['a stale time', () => [text('x'), { at: nowInSeconds() - 11 * 60 }]],
    ['another key', () => ['', { body: JSON.stringify({ encrypt: seal(text('x'), 'another key') }) }]],
    ['broken padding', () => ['', { body: JSON.stringify({ encrypt: brokenPadding(seal(text('x'))) }) }]],
    ['half a block', () => ['', { body: JSON.stringify({ encrypt: 'AAAA' }) }]],
    ['another token', () => [message('text', { text: 'x' }, {}, { token: 'another' })]],
    ['another application', () => [message('text', { text: 'x' }, {}, { app_id: 'cli_other' })]],
  ])('%s is refused', async (_name, given) => {
    await open()
    expect((await inject(...given())).statusCode).toBe(403)
    expect(await house.desk.line.store.contacts.byConversation(`feishu.feishu/${person}`)).toBeNull()
  })
  function brokenPadding(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64')
    bytes[bytes.length - 17]! ^= 0x80
    return bytes.toString('base64')
  }

  test('the same request again is not heard again, and after a while is refused', async () => {
    const sent = robot()
    await open()
    const body = JSON.stringify({ encrypt: seal(text(A_CASE[0])) })
    const signed = { at: nowInSeconds(), nonce: 'n-1', body }
    for (let i = 0; i < 3; i++) expect((await inject('', signed)).statusCode).toBe(200)
    house.desk.line.clock.advance(11 * MINUTE)
    expect((await inject('', signed)).statusCode).toBe(403)
    await house.app.close()
    expect(sent).toHaveLength(1)
  })

  test.each<[string, () => Parameters<typeof inject>]>([
    ['an event of version 1', () => [JSON.stringify({ uuid: 'u', type: 'event_callback', event: {} })]],
    ['no JSON within', () => ['hello']],
    ['XML', () => ['', { body: '<xml></xml>' }]],
    ['ten thousand brackets', () => ['', { body: '['.repeat(10_000) }]],
  ])('%s is 400 although it is signed', async (_name, given) => {
    await open()
    expect((await inject(...given())).statusCode).toBe(400)
  })

  test.each<[string, () => string]>([
    ['an event that is none of ours', () => event('contact.user.updated_v3', {})],
    ['a message without a sender', () => event('im.message.receive_v1', { message: {} })],
  ])('%s is acknowledged and no more', async (_name, plain) => {
    await open()
    const { statusCode, json } = await inject(plain())
    expect([statusCode, json()]).toEqual([200, {}])
  })

  test('10 MB are 413', async () => {
    await open()
    expect((await inject('', { body: 'x'.repeat(10 * 1024 * 1024) })).statusCode).toBe(413)
  })
})

test('while the database is away the person is told so', async () => {
  const sent = robot()
  await open({ outage: { isOn: true } })
  expect((await inject(text(A_CASE[0]))).statusCode).toBe(200)
  await house.app.close()
  expect(textsOf(sent)).toEqual([house.desk.line.content.texts.of('zh-Hans', 'error.store-unavailable')])
})
