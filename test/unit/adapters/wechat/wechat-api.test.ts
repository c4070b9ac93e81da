import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AccountRefused, VendorAway, VendorRefusal } from '../../../../src/adapters/chat/call-vendor.ts'
import { MemoryShared } from '../../../../src/adapters/memory/memory-shared.ts'
import { WechatApi } from '../../../../src/adapters/wechat/wechat-api.ts'
import { createWechatSender } from '../../../../src/adapters/wechat/wechat-sender.ts'
import type { CaseCard, Outgoing } from '../../../../src/conversation/message.ts'
import { ManualClock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/logger.ts'
import { quietLogger } from '../../../support/quiet-logger.ts'

const HOST = 'https://api.weixin.qq.com'
const SEND = '/cgi-bin/message/custom/send'

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([])
  nock.cleanAll()
  nock.enableNetConnect()
})

function api(clock = new ManualClock('2026-11-24T02:00:00Z')) {
  const shared = new MemoryShared(clock)
  const options = { appId: 'wx1', appSecret: 'secret', baseUrl: HOST, shared, logger: quietLogger }
  return { api: new WechatApi(options), clock }
}

const token = (value: string, seconds = 7200) =>
  nock(HOST)
    .post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: 'wx1',
      secret: 'secret',
      force_refresh: false,
    })
    .reply(200, { access_token: value, expires_in: seconds })
const send = (of: string, answer: object, status = 200) =>
  nock(HOST)
    .post(SEND, { touser: 'openid', msgtype: 'text', text: { content: '好' } })
    .query({ access_token: of })
    .reply(status, answer)

describe("the platform's interface", () => {
  test('twenty askers fetch one token, and it is renewed five minutes before its end', async () => {
    const { api: wechat, clock } = api()
    token('t1')
    nock(HOST).post(SEND).query({ access_token: 't1' }).times(20).reply(200, { errcode: 0 })
    await Promise.all(Array.from({ length: 20 }, () => wechat.sendText('openid', '好')))
    clock.advance((7200 - 301) * 1000)
    send('t1', { errcode: 0 })
    await wechat.sendText('openid', '好')
    clock.advance(2000)
    token('t2')
    send('t2', { errcode: 0 })
    await wechat.sendText('openid', '好')
  })

  test.each([40001, 40014, 42001])('a token refused with %i is renewed, once', async code => {
    const { api: wechat } = api()
    token('old')
    send('old', { errcode: code })
    token('new')
    send('new', { errcode: 0 })
    await wechat.sendText('openid', '好')
  })

  test('a second bad token is a refusal of the account, not a circle', async () => {
    const { api: wechat } = api()
    token('a')
    send('a', { errcode: 40001 })
    token('b')
    send('b', { errcode: 40001 })
    await expect(wechat.sendText('openid', '好')).rejects.toBeInstanceOf(AccountRefused)
  })

  test.each([40013, 40125, 40164, 48001, 48004, 50002])(
    '%i refuses the account, not the person',
    async code => {
      const { api: wechat } = api()
      token('t')
      send('t', { errcode: code })
      await expect(wechat.sendText('openid', '好')).rejects.toMatchObject({ name: 'AccountRefused', code })
    },
  )

  test.each([
    ['busy', 200, { errcode: -1 }],
    ['over the quota of the day', 200, { errcode: 45009 }],
    ['over the quota of the minute', 200, { errcode: 45011 }],
    ['broken', 502, {}],
  ])('%s may work later', async (_what, status, answer) => {
    const { api: wechat } = api()
    token('t')
    send('t', answer, status)
    await expect(wechat.sendText('openid', '好')).rejects.toBeInstanceOf(VendorAway)
  })

  test('a failure names neither token nor address of a person', async () => {
    const { api: wechat } = api()
    token('secret-token')
    nock(HOST).post(SEND).query(true).replyWithError('socket hang up')
    const error = await wechat.sendText('openid', '好').catch((caught: Error) => caught)
    expect(JSON.stringify([error, (error as Error).message, String((error as Error).cause)])).not.toMatch(
      /secret-token|openid/,
    )
  })

  test('media comes as bytes, a refusal as JSON', async () => {
    const { api: wechat } = api()
    token('t')
    const at = (id: string) => nock(HOST).get('/cgi-bin/media/get').query({ access_token: 't', media_id: id })
    at('m1').reply(200, Buffer.from([1, 2, 3]), { 'content-type': 'image/jpeg' })
    expect([...(await wechat.media('m1'))]).toEqual([1, 2, 3])
    at('m2').reply(200, { errcode: 40007 })
    await expect(wechat.media('m2')).rejects.toMatchObject({ code: 40007 })
    at('m3').reply(200, Buffer.alloc(11 * 1024 * 1024), { 'content-type': 'image/jpeg' })
    await expect(wechat.media('m3')).rejects.toBeInstanceOf(VendorRefusal)
  })
})

const CARD = {
  number: '261124000010',
  title: '楼道灯与单元门',
  departmentName: '李石街道办事处',
  statusText: '已有答复',
}
const saying = (text: string, cards: Partial<CaseCard>[] = []): Outgoing[] => [
  { key: 'notify.replied', text, choices: [], cards: cards as CaseCard[], expects: 'nothing' },
]
const contact = { conversationId: 'wechat.x', channel: 'wechat', address: 'openid', isGone: false }

function sender({ allowance = 5, template = true } = {}) {
  const { api: wechat, clock } = api()
  const left: string[] = []
  const warned: string[] = []
  let messages = allowance
  return {
    left,
    allowance: () => messages,
    warned,
    sender: createWechatSender({
      api: wechat,
      contacts: {
        take: async () => messages-- > 0,
        giveBack: async () => void messages++,
        left: async id => void left.push(id),
      },
      inText: said => said.map(({ text }) => text).join('\n'),
      template: template ? { id: 'T', fields: { character_string1: 'number', thing2: 'department' } } : null,
      publicUrl: 'https://12345.example.cn',
      clock,
      logger: { ...quietLogger, warn: (_details: object, text: string) => void warned.push(text) } as Logger,
    }),
  }
}

const templateSent = (answer: object) =>
  nock(HOST)
    .post('/cgi-bin/message/template/send', {
      touser: 'openid',
      template_id: 'T',
      url: 'https://12345.example.cn/status#n=261124000010',
      data: { character_string1: { value: '261124000010' }, thing2: { value: '李石街道办事处' } },
    })
    .query(true)
    .reply(200, answer)

describe('sending what nobody waits for', () => {
  test('is a text while something is left of the allowance', async () => {
    token('t')
    send('t', { errcode: 0 })
    expect(await sender().sender.send(contact, saying('好'), 'zh-Hans')).toBe('sent')
  })

  test('is the template when nothing is left, without asking the platform in vain', async () => {
    token('t')
    templateSent({ errcode: 0 })
    expect(await sender({ allowance: 0 }).sender.send(contact, saying('好', [CARD]), 'zh-Hans')).toBe('sent')
  })

  test.each([45015, 45047, 45002])('is the template when the platform says %i', async code => {
    token('t')
    send('t', { errcode: code })
    templateSent({ errcode: 0 })
    expect(await sender().sender.send(contact, saying('好', [CARD]), 'zh-Hans')).toBe('sent')
  })

  test('reaches nobody without template, or without a case to name', async () => {
    const without = sender({ allowance: 0, template: false }).sender
    expect(await without.send(contact, saying('好', [CARD]), 'zh-Hans')).toBe('unreachable')
    const noCard = sender({ allowance: 0 }).sender
    expect(await noCard.send(contact, saying('好'), 'zh-Hans')).toBe('unreachable')
  })

  test('is for later, and uses nothing up, while the account is refused', async () => {
    token('old')
    send('old', { errcode: 42001 })
    nock(HOST).post('/cgi-bin/stable_token').reply(200, { errcode: 40125 })
    const { sender: wechat, allowance, left } = sender()
    await expect(wechat.send(contact, saying('好', [CARD]), 'zh-Hans')).rejects.toThrow(AccountRefused)
    expect(allowance()).toBe(5)
    expect(left).toEqual([])
  })

  test('what the platform refuses for reasons of its own goes another way, and the operator hears of it', async () => {
    token('t')
    send('t', { errcode: 45002 })
    const { sender: wechat, warned } = sender({ template: false })
    expect(await wechat.send(contact, saying('好', [CARD]), 'zh-Hans')).toBe('unreachable')
    expect(warned).toEqual(['WeChat: a message was refused; it goes another way'])
  })

  test.each([43004, 43101, 40003])('who is gone (%i) is remembered as gone', async code => {
    token('t')
    send('t', { errcode: code })
    const { sender: wechat, left } = sender()
    expect(await wechat.send(contact, saying('好', [CARD]), 'zh-Hans')).toBe('unreachable')
    expect(left).toEqual(['wechat.x'])
  })

  test('a long text goes in pieces that the platform takes, none cut inside a character', async () => {
    token('t')
    const bodies: string[] = []
    nock(HOST)
      .post(SEND, body => Boolean(bodies.push((body as { text: { content: string } }).text.content)))
      .query(true)
      .times(2)
      .reply(200, { errcode: 0 })
    const text = `${'测'.repeat(600)}\n${'试'.repeat(600)}`
    expect(await sender().sender.send(contact, saying(text), 'zh-Hans')).toBe('sent')
    expect(bodies.map(body => Buffer.byteLength(body))).toEqual([1800, 1800])
    expect(bodies.join('\n')).toBe(text)
  })
})
