import { randomBytes } from 'node:crypto'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { signatureOf } from '../../src/adapters/chat/sealed-message.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { type RunningChannels, startChannels } from '../support/chat-channels.ts'
import { overlay } from '../support/test-line.ts'
import { type Desk, useTestLine } from '../support/use-test-line.ts'
import { WECHAT_SETTINGS, WechatClient } from '../support/wechat-client.ts'

const lines = useTestLine()
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const HOST = 'https://api.weixin.qq.com'

let desk: Desk
let running: RunningChannels
let person: WechatClient
const now = () => desk.line.clock.now()

beforeAll(async () => {
  desk = lines.fresh()
  running = await startChannels(desk.line, WECHAT_SETTINGS)
  nock.enableNetConnect('127.0.0.1')
})
afterAll(async () => {
  nock.restore()
  await running?.stop()
})
afterEach(() => {
  nock.cleanAll()
})
let houses = 10
/** Nobody's neighbour. */
const place = () => `人民路${houses++}号`
const someone = () => {
  person = new WechatClient(running.url, now)
  return person
}
const token = () =>
  nock(HOST).post('/cgi-bin/stable_token').reply(200, { access_token: 't', expires_in: 7200 })

describe('verification of the server', () => {
  const get = (query: Record<string, string>) =>
    fetch(`${running.url}/channels/wechat?${new URLSearchParams(query)}`)

  test('echoes what the platform sent, as it stands', async () => {
    const answer = await get({
      signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
      timestamp: '1714036504',
      nonce: '1514711492',
      echostr: '4375120948345356249',
    })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('4375120948345356249')
  })

  test.each([
    [{}],
    [{ signature: 'f464', timestamp: '1714036504', nonce: '1514711492', echostr: 'x' }],
    [
      {
        signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
        timestamp: '1714036504',
        nonce: '1',
        echostr: 'x',
      },
    ],
  ])('refuses %j', async query => {
    expect((await get(query as Record<string, string>)).status).toBe(403)
  })
})

describe('a conversation in the official account', () => {
  test.each([
    ['sealed XML', {}],
    ['plain XML', { isSealed: false }],
    ['sealed JSON', { isJson: true }],
    ['plain JSON', { isJson: true, isSealed: false }],
  ])('goes from the first word to the number, by %s', async (_how, posting) => {
    const { openId } = someone()
    const before = desk.record.caseIds.length
    expect(await person.say(`${place()}半夜施工太吵了，楼道灯也坏了`, posting)).toMatch(/1\. 分别登记\n2\. /)
    expect(await person.say('1', posting)).toContain('不留电话')
    expect(await person.say('13800138000', posting)).toMatch(/城市管理综合执法局[\s\S]*1\. 没问题，提交/)
    const filed = await person.say('1', posting)
    expect(filed).toMatch(/编号：261124 \d{5} \d\n查询码：[A-Z0-9]{8}/)
    expect(desk.record.caseIds.length).toBe(before + 2)
    expect(running.logged.join('\n')).not.toContain(openId)
    expect(running.logged.join('\n')).not.toContain('13800138000')
  })

  test('who follows the account is greeted, and greeted again on coming back', async () => {
    someone()
    const greeting = (await person.post({ MsgType: 'event', Event: 'subscribe', EventKey: '' })).said
    expect(greeting).toContain('8890')
    expect((await person.post({ MsgType: 'event', Event: 'unsubscribe' })).raw).toBe('success')
    desk.line.clock.advance(60_000)
    expect((await person.post({ MsgType: 'event', Event: 'subscribe', EventKey: '' })).said).toBe(greeting)
  })

  test('a tap of the menu says what stands behind it; an unknown one says nothing', async () => {
    someone()
    const tapped = await person.post({ MsgType: 'event', Event: 'CLICK', EventKey: 'say:我要反映问题' })
    expect(tapped.said).not.toBe('')
    expect((await person.post({ MsgType: 'event', Event: 'CLICK', EventKey: 'other' })).raw).toBe('success')
    expect((await person.post({ MsgType: 'event', Event: 'VIEW', EventKey: 'https://x' })).raw).toBe(
      'success',
    )
  })

  test('a scanned code opens its case for its owner', async () => {
    someone()
    for (const text of [`${place()}门口路灯不亮了`, '不留电话', '1']) await person.say(text)
    const number = (await person.say('查进度')).match(/\d{6} ?\d{5} ?\d/)![0].replaceAll(' ', '')
    const scan = { MsgType: 'event', Event: 'SCAN', EventKey: `case-${number}` }
    expect((await person.post(scan)).said).toContain('答复您')
    const stranger = new WechatClient(running.url, now)
    const opened = await stranger.post({ ...scan, Event: 'subscribe', EventKey: `qrscene_case-${number}` })
    expect(opened.said).toContain('查询码')
    expect(opened.said).not.toContain('路灯')
  })

  test('voice is its recognised words, a location its name, a link its title', async () => {
    someone()
    const post = (fields: Record<string, string>) => person.post(fields).then(({ said }) => said)
    expect(await post({ MsgType: 'voice', MediaId: 'm', Recognition: '', MsgId: '1' })).toContain('没听清')
    expect(
      await post({ MsgType: 'voice', MediaId: 'm', Recognition: '楼道灯坏了好几天', MsgId: '2' }),
    ).toContain('地方')
    expect(await post({ MsgType: 'location', Label: '', MsgId: '3' })).toContain('地名')
    expect(await post({ MsgType: 'location', Label: '李石街道人民路3号', MsgId: '4' })).toContain('手机号')
    expect(await post({ MsgType: 'shortvideo', MediaId: 'm', MsgId: '5' })).toContain('看不了')
    expect(await post({ MsgType: 'link', Title: '', Url: '', MsgId: '6' })).toContain('看不了')
    const unsupported = '【收到不支持的消息类型，暂无法显示】'
    expect(await post({ MsgType: 'text', Content: unsupported, MsgId: '7' })).toContain('看不了')
  })

  test('a picture is fetched, judged by its bytes and kept', async () => {
    someone()
    token()
    const at = (id: string) => nock(HOST).get('/cgi-bin/media/get').query({ access_token: 't', media_id: id })
    for (const text of [`${place()}门口路灯不亮了`, '不留电话']) await person.say(text)
    at('good').reply(200, PNG, { 'content-type': 'image/jpeg' })
    const kept = await person.post({ MsgType: 'image', MediaId: 'good', MsgId: '11' })
    expect(kept.said).not.toContain('没收到')
    at('bad').reply(200, Buffer.from('#!/bin/sh'), { 'content-type': 'image/jpeg' })
    const bad = await person.post({ MsgType: 'image', MediaId: 'bad', MsgId: '12' })
    expect(bad.said).toContain('收不了')
    at('gone').reply(200, { errcode: 40007 })
    const gone = await person.post({ MsgType: 'image', MediaId: 'gone', MsgId: '13' })
    expect(gone.said).toContain('收不了')
    at('away').reply(503)
    const away = await person.post({ MsgType: 'image', MediaId: 'away', MsgId: '14' })
    expect(away.said).toContain('没收到')
  })
})

describe('what is not authentic', () => {
  const HELLO = { MsgType: 'text', Content: '你好', MsgId: '900' }
  test.each([
    ['a wrong signature', { signature: '0'.repeat(40) }],
    ['a wrong signature, plain', { isSealed: false, signature: '0'.repeat(40) }],
    ['a stale time', { timestamp: '1714112445' }],
    ['a time of next week', { timestamp: String(1795485600 + 7 * 86_400) }],
    ['no time', { timestamp: '' }],
    ['a body that is no message', { body: '<xml><Encrypt>AAAA</Encrypt></xml>' }],
  ])('%s is refused', async (_what, posting) => {
    const answer = await someone().post(HELLO, posting)
    expect(answer.status).toBe(403)
    expect(answer.raw).not.toContain('查')
  })

  test('the same signature twice is refused the second time', async () => {
    someone()
    const posting = { nonce: 'used-once' }
    expect((await person.post(HELLO, posting)).status).toBe(200)
    expect((await person.post({ ...HELLO, MsgId: '901' }, posting)).status).toBe(403)
  })

  test('for another account is refused', async () => {
    const other = await startChannels(desk.line, { ...WECHAT_SETTINGS, WECHAT_APP_ID: 'wx-another' })
    try {
      expect((await new WechatClient(other.url, now).post(HELLO)).status).toBe(403)
    } finally {
      await other.stop()
    }
  })
})

describe('bad bodies', () => {
  test.each([
    ['malformed XML', '<xml><a></xml>'],
    ['entities', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>'],
    ['JSON that is none', '{"a":'],
    ['a list', '[1,2]'],
    ['nothing', ''],
    ['no sender', '<xml><MsgType>text</MsgType></xml>'],
    ['deep nesting', `<xml>${'<a>'.repeat(2000)}${'</a>'.repeat(2000)}</xml>`],
  ])('%s: 400', async (_what, body) => {
    expect((await someone().post({}, { isSealed: false, body })).status).toBe(400)
  })

  test('an id longer than any index takes is kept as far as it fits, and still known when it comes again', async () => {
    const hello = { MsgType: 'text', Content: '你好', MsgId: randomBytes(9000).toString('hex') }
    const [first, again] = [await someone().post(hello), await person.post(hello)]
    expect(first.said).toContain('有什么事')
    expect(again.said).toBe(first.said)
  })

  test('more words than a message may have are refused in words, as on the page', async () => {
    expect(await someone().say('灯'.repeat(8001))).toContain('8000')
  })

  test('ten megabytes: 413, before anything is read', async () => {
    const body = `<xml><Content>${'x'.repeat(10 * 1024 * 1024)}</Content></xml>`
    expect((await someone().post({}, { isSealed: false, body })).status).toBe(413)
  })
})

describe('repeats and trouble', () => {
  test('a message sent three times at once is one turn with one answer', async () => {
    someone()
    for (const text of [`${place()}门口路灯不亮了`, '不留电话']) await person.say(text)
    const before = desk.record.caseIds.length
    const confirm = { MsgType: 'text', Content: '提交', MsgId: '5550001' }
    const answers = await Promise.all([1, 2, 3].map(() => person.post(confirm)))
    expect(new Set(answers.map(({ said }) => said)).size).toBe(1)
    expect(answers[0]!.said).toContain('编号')
    expect(desk.record.caseIds.length).toBe(before + 1)
  })

  test('an answer that takes too long is sent by itself', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const slow = overlay(desk.line, {
      store: overlay(desk.line.store, {
        transact: async work => {
          await held
          return desk.line.store.transact(work)
        },
      }),
    })
    const patient = await startChannels(slow, WECHAT_SETTINGS, { answerWithinMs: 50 })
    try {
      token()
      const sent = new Promise<string>(resolve => {
        nock(HOST)
          .post('/cgi-bin/message/custom/send', body => {
            resolve((body as { text: { content: string } }).text.content)
            return true
          })
          .query({ access_token: 't' })
          .reply(200, { errcode: 0 })
      })
      const answer = await new WechatClient(patient.url, now).post({
        MsgType: 'text',
        Content: `${place()}门口路灯不亮了`,
        MsgId: '77',
      })
      expect(answer.raw).toBe('success')
      release()
      expect(await sent).toContain('手机号')
    } finally {
      await patient.stop()
    }
  })

  test('while the database is away the person is told, in the form that the platform shows', async () => {
    const away = overlay(desk.line, {
      store: overlay(desk.line.store, {
        transact: () => Promise.reject(new AppError('store-unavailable')),
      }),
    })
    const without = await startChannels(away, WECHAT_SETTINGS)
    try {
      const answer = await new WechatClient(without.url, now).post({
        MsgType: 'text',
        Content: '你好',
        MsgId: '1',
      })
      expect(answer).toMatchObject({ status: 200, said: expect.stringContaining('稍后') })
    } finally {
      await without.stop()
    }
  })

  test('without its settings there is no such channel', async () => {
    const without = await startChannels(desk.line, {})
    try {
      const query = { timestamp: '1', nonce: '1', signature: signatureOf('AAAAA', '1', '1'), echostr: 'x' }
      expect((await fetch(`${without.url}/channels/wechat?${new URLSearchParams(query)}`)).status).toBe(404)
    } finally {
      await without.stop()
    }
  })
})
