import nock from 'nock'
import { beforeEach, describe, expect, test } from 'vitest'
import { AccountRefused, VendorAway, VendorRefusal } from '../../../../src/adapters/chat/call-vendor.ts'
import { createWorkApi } from '../../../../src/adapters/chat/work-api.ts'
import { DingtalkApi, isWebhook } from '../../../../src/adapters/dingtalk/dingtalk-api.ts'
import { FeishuApi } from '../../../../src/adapters/feishu/feishu-api.ts'
import { MemoryShared } from '../../../../src/adapters/memory/memory-shared.ts'
import { KfApi } from '../../../../src/adapters/wechat-kf/kf-api.ts'
import { WecomApi } from '../../../../src/adapters/wecom/wecom-api.ts'
import { ManualClock } from '../../../../src/kernel/clock.ts'
import { createLogger } from '../../../../src/kernel/logger.ts'
import { PICTURE, withoutNet } from '../../../support/chat-house.ts'
import { TEST_TIME } from '../../../support/test-line.ts'

withoutNet()

const WORK = 'https://qyapi.weixin.qq.com'
const DING = 'https://api.dingtalk.com'
const LARK = 'https://open.feishu.cn'
const memory = () => new MemoryShared(new ManualClock(TEST_TIME))

/** Everything that was logged as an error since the test began. */
let errors: string[] = []
beforeEach(() => {
  errors = []
})
const listening = () =>
  createLogger({ level: 'error', destination: { write: text => void errors.push(text) } })
const workApi = () =>
  createWorkApi(
    'wecom',
    { corpId: 'ww1', secret: 's1', baseUrl: WORK },
    { shared: memory(), logger: listening() },
  )
const dingtalk = () =>
  new DingtalkApi({
    appKey: 'k',
    appSecret: 's',
    robotCode: 'r',
    baseUrl: DING,
    shared: memory(),
    logger: listening(),
  })
const feishu = () =>
  new FeishuApi({ appId: 'cli', appSecret: 's', baseUrl: LARK, shared: memory(), logger: listening() })

/** Tokens `t-1`, `t-2` …, one for each time that one is asked for. */
function tokens() {
  let count = 0
  const next = () => `t-${++count}`
  nock(WORK)
    .persist()
    .get('/cgi-bin/gettoken')
    .query({ corpid: 'ww1', corpsecret: 's1' })
    .reply(200, () => ({ errcode: 0, access_token: next(), expires_in: 7200 }))
  nock(DING)
    .persist()
    .post('/v1.0/oauth2/accessToken', { appKey: 'k', appSecret: 's' })
    .reply(200, () => ({ accessToken: next(), expireIn: 7200 }))
  nock(LARK)
    .persist()
    .post('/open-apis/auth/v3/tenant_access_token/internal', { app_id: 'cli', app_secret: 's' })
    .reply(200, () => ({ code: 0, tenant_access_token: next(), expire: 7200 }))
  return { count: () => count }
}

/** One sending by each vendor, and how its interface answers it. */
const VENDORS = {
  wecom: {
    send: () => new WecomApi(workApi(), '218').sendText('zhangsan', '您好'),
    body: { touser: 'zhangsan', msgtype: 'text', agentid: 218, text: { content: '您好' } },
    at: (token: string) => nock(WORK).post('/cgi-bin/message/send', isBody).query({ access_token: token }),
    good: { errcode: 0, errmsg: 'ok' },
    badToken: [200, { errcode: 42001 }],
    later: [200, { errcode: 45009 }],
    never: [200, { errcode: 60111 }],
    account: [200, { errcode: 301002 }],
  },
  'wechat-kf': {
    send: () => new KfApi(workApi()).sendText('wk1', 'wm1', '您好', 'id-1'),
    body: { touser: 'wm1', open_kfid: 'wk1', msgid: 'id-1', msgtype: 'text', text: { content: '您好' } },
    at: (token: string) => nock(WORK).post('/cgi-bin/kf/send_msg', isBody).query({ access_token: token }),
    good: { errcode: 0, msgid: 'id-1' },
    badToken: [200, { errcode: 40014 }],
    later: [200, { errcode: -1 }],
    never: [200, { errcode: 95001 }],
    account: [200, { errcode: 48002 }],
  },
  dingtalk: {
    send: () => dingtalk().sendText('manager', '您好'),
    body: { robotCode: 'r', userIds: ['manager'], msgKey: 'sampleText', msgParam: '{"content":"您好"}' },
    at: (token: string) =>
      nock(DING, { reqheaders: { 'x-acs-dingtalk-access-token': token } }).post(
        '/v1.0/robot/oToMessages/batchSend',
        isBody,
      ),
    good: { processQueryKey: 'x', invalidStaffIdList: [], flowControlledStaffIdList: [] },
    badToken: [401, { code: 'InvalidAuthentication', message: 'x' }],
    later: [403, { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', message: 'x' }],
    never: [400, { code: 'staffId.notExisted', message: 'x' }],
    account: [403, { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: 'x' }],
  },
  feishu: {
    send: () => feishu().sendText('ou_1', '您好', 'id-1'),
    body: { receive_id: 'ou_1', msg_type: 'text', content: '{"text":"您好"}', uuid: 'id-1' },
    at: (token: string) =>
      nock(LARK, { reqheaders: { authorization: `Bearer ${token}` } })
        .post('/open-apis/im/v1/messages', isBody)
        .query({ receive_id_type: 'open_id' }),
    good: { code: 0, msg: 'success', data: {} },
    badToken: [400, { code: 99991663, msg: 'x' }],
    later: [400, { code: 230020, msg: 'x' }],
    never: [400, { code: 230013, msg: 'x' }],
    account: [400, { code: 99991672, msg: 'x' }],
  },
} as const

let expected: unknown
const isBody = (body: unknown) => JSON.stringify(body) === JSON.stringify(expected)

describe.each(Object.entries(VENDORS))('%s', (_name, vendor) => {
  const answering = (token: string, [status, answer]: readonly [number, object]) => {
    expected = vendor.body
    return vendor.at(token).reply(status, answer)
  }
  const outcome = () =>
    vendor.send().then(
      () => 'sent',
      error => error as Error,
    )

  test('sends the right body with a token that is fetched once', async () => {
    const asked = tokens()
    answering('t-1', [200, vendor.good])
    expect(await outcome()).toBe('sent')
    expect(asked.count()).toBe(1)
  })

  test('renews a token that is no longer good and sends once more', async () => {
    tokens()
    answering('t-1', vendor.badToken)
    answering('t-2', [200, vendor.good])
    expect(await outcome()).toBe('sent')
  })

  test('gives up when the new token is refused, too', async () => {
    const asked = tokens()
    answering('t-1', vendor.badToken)
    answering('t-2', vendor.badToken)
    expect(await outcome()).toBeInstanceOf(AccountRefused)
    expect(asked.count()).toBe(2)
    expect(errors.join('')).toContain('the account itself is refused')
  })

  test('says that the account must be put right, to the operator, too, and without the token', async () => {
    tokens()
    answering('t-1', vendor.account)
    const error = await outcome()
    expect(error).toBeInstanceOf(AccountRefused)
    expect(error).toBeInstanceOf(VendorAway)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain('the account itself is refused')
    expect(errors[0]).toContain(String(Object.values(vendor.account[1])[0]))
    expect(errors[0]).not.toMatch(/t-1|zhangsan|manager|ou_1|您好/)
  })

  test.each<[string, readonly [number, object]]>([
    ['a quota', vendor.later],
    ['500', [500, {}]],
    ['503 with a body', [503, vendor.never[1]]],
    ['429', [429, {}]],
    ['no object', [200, []]],
  ])('says that it may work later at %s', async (_what, answer) => {
    tokens()
    answering('t-1', answer)
    expect(await outcome()).toBeInstanceOf(VendorAway)
  })

  test('says so, too, when nobody answers, and names no token', async () => {
    tokens()
    expected = vendor.body
    vendor.at('t-1').replyWithError(Object.assign(new Error('with t-1 in it'), { code: 'ECONNRESET' }))
    const error = await outcome()
    expect(error).toBeInstanceOf(VendorAway)
    expect(JSON.stringify([error, String(error), String((error as Error).cause)])).not.toContain('t-1')
  })

  test('says so when no token is to be had', async () => {
    for (const host of [WORK, DING, LARK]) {
      nock(host)
        .get(/gettoken/)
        .reply(502)
      nock(host).post(/token/i).reply(502)
    }
    expect(await outcome()).toBeInstanceOf(VendorAway)
  })

  test('says that it never will when the person is not to be reached', async () => {
    tokens()
    answering('t-1', vendor.never)
    const error = await outcome()
    expect(error).toBeInstanceOf(VendorRefusal)
    expect(error).not.toBeInstanceOf(VendorAway)
    expect(errors).toEqual([])
  })
})

describe('what one vendor alone does', () => {
  test('WeCom names in a good answer whom it did not reach', async () => {
    tokens()
    nock(WORK).post('/cgi-bin/message/send').query(true).reply(200, { errcode: 0, invaliduser: 'zhangsan' })
    await expect(new WecomApi(workApi(), '1').sendText('zhangsan', 'x')).rejects.toMatchObject({
      code: 81013,
    })
  })

  test('a hundred senders at once fetch one token', async () => {
    const asked = tokens()
    nock(WORK)
      .persist()
      .post('/cgi-bin/message/send')
      .query({ access_token: 't-1' })
      .reply(200, { errcode: 0 })
    const api = new WecomApi(workApi(), '1')
    await Promise.all(Array.from({ length: 100 }, () => api.sendText('z', 'x')))
    expect(asked.count()).toBe(1)
  })

  test('a secret that is wrong is the account, whatever the vendor calls it', async () => {
    nock(WORK).get('/cgi-bin/gettoken').query(true).reply(200, { errcode: 40001 })
    await expect(new WecomApi(workApi(), '1').sendText('z', 'x')).rejects.toMatchObject({ code: 40001 })
    nock(LARK)
      .post(/tenant_access_token/)
      .reply(200, { code: 10014, msg: 'app secret invalid' })
    await expect(feishu().sendText('o', 'x', 'u')).rejects.toMatchObject({ code: 10014 })
    nock(DING)
      .post(/accessToken/)
      .reply(400, { code: 'invalidClientIdOrSecret' })
    const wrong = await dingtalk()
      .sendText('m', 'x')
      .catch(error => error)
    expect(wrong).toBeInstanceOf(AccountRefused)
    expect(wrong).toMatchObject({ code: 'invalidClientIdOrSecret' })
    expect(errors).toHaveLength(3)
  })

  test.each<
    [string, [number, string | Buffer | object, Record<string, string>], new (...given: never[]) => Error]
  >([
    ['an error instead of a file', [200, { errcode: 40007 }, {}], VendorRefusal],
    [
      'more than 10 MB',
      [200, Buffer.alloc(10 * 1024 * 1024 + 1), { 'content-type': 'image/jpeg' }],
      VendorRefusal,
    ],
    ['500', [500, '', {}], VendorAway],
  ])('WeCom media: %s', async (_what, [status, body, headers], kind) => {
    tokens()
    nock(WORK).get('/cgi-bin/media/get').query(true).reply(status, body, headers)
    await expect(workApi().media('m')).rejects.toBeInstanceOf(kind)
  })

  test('Feishu media: a bad token is renewed, an error is an error', async () => {
    tokens()
    const at = (token: string) =>
      nock(LARK, { reqheaders: { authorization: `Bearer ${token}` } }).get(/\/messages\/om\/resources\/k/)
    at('t-1').reply(400, { code: 99991663 })
    at('t-2').reply(200, PICTURE, { 'content-type': 'image/jpeg' })
    const api = feishu()
    expect((await api.media('om/resources/k')).length).toBe(PICTURE.length)
    at('t-2').reply(400, { code: 234003 })
    await expect(api.media('om/resources/k')).rejects.toMatchObject({ code: 234003 })
  })

  test('DingTalk puts off whom it has sent too much', async () => {
    tokens()
    nock(DING)
      .post(/batchSend/)
      .reply(200, { flowControlledStaffIdList: ['m'] })
    await expect(dingtalk().sendText('m', 'x')).rejects.toBeInstanceOf(VendorAway)
  })

  test.each([
    ['https://oapi.dingtalk.com/robot/sendBySession?session=1', true],
    ['https://api.dingtalk.com/v1.0/x', true],
    ['https://OAPI.dingtalk.com/robot', true],
    ['https://dingtalk.com/robot', false],
    ['https://oapi.dingtalk.com:444/robot', false],
    ['https://a:b@oapi.dingtalk.com/robot', false],
    ['http://oapi.dingtalk.com/robot', false],
    ['https://127.0.0.1/robot', false],
    ['file:///etc/passwd', false],
    ['', false],
  ])('an answer may be posted to %s: %s', (address, isAllowed) => {
    expect(isWebhook(address)).toBe(isAllowed)
  })
})
