import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signAcs3 } from '../../../../src/adapters/sms/acs3-signature.ts'
import { createAliyunSmsGateway } from '../../../../src/adapters/sms/aliyun-sms-gateway.ts'
import { createLogSmsGateway } from '../../../../src/adapters/sms/log-sms-gateway.ts'
import { readConfig } from '../../../../src/config.ts'
import { ManualClock } from '../../../../src/kernel/clock.ts'
import { openSmsGateway } from '../../../../src/open-sms-gateway.ts'

const HOST = 'https://dysmsapi.aliyuncs.com'
const CLOCK = new ManualClock('2026-11-24T02:00:00Z')
const MESSAGE = {
  to: '13800138000',
  text: '有答复了',
  key: 'case-1:4',
  of: {
    key: 'sms.replied',
    params: { number: '261124 00001 0', department: "住建局(城)*!'~", where: '8890' },
  },
}

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([])
  nock.cleanAll()
  nock.enableNetConnect()
})

function gateway() {
  const warned: unknown[] = []
  const sms = createAliyunSmsGateway({
    key: { id: 'the-key', secret: 'the-key-secret' },
    baseUrl: HOST,
    templates: {
      sign: '一号',
      templates: {
        'sms.replied': { code: 'SMS_000000001', params: { number: 'number', department: 'department' } },
      },
    },
    clock: CLOCK,
    newNonce: () => 'nonce-1',
    logger: { warn: (...parts: unknown[]) => void warned.push(parts) },
  })
  return { sms, warned }
}
const answers = (answer: object, status = 200) => nock(HOST).post('/').query(true).reply(status, answer)

describe('the signature of Alibaba Cloud', () => {
  test('is the one of the example in its documentation', () => {
    const { query, headers } = signAcs3(
      {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        action: 'RunInstances',
        version: '2014-05-26',
        params: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
        nonce: '3156853299f313e23d1673dc12e1703d',
        at: new Date('2023-10-26T10:22:32.987Z'),
      },
      { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' },
    )
    expect(query).toBe('ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai')
    expect(headers.authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
    expect(headers['x-acs-date']).toBe('2023-10-26T10:22:32Z')
  })
})

describe('a message by Alibaba Cloud', () => {
  test('goes out as the template of its text, signed', async () => {
    let body: unknown
    // Worked out by another implementation (Python) from the same request.
    const signature = '2491de4dbdf9c4501f35444cf78ca908b9b4a61a3ace7ee71543c4bad403fafc'
    nock(HOST, {
      reqheaders: {
        'x-acs-action': 'SendSms',
        'x-acs-version': '2017-05-25',
        'x-acs-date': '2026-11-24T02:00:00Z',
        'x-acs-signature-nonce': 'nonce-1',
        authorization: value => String(value).endsWith(`Signature=${signature}`),
      },
    })
      .post('/', posted => {
        body = posted
        return true
      })
      .query({
        PhoneNumbers: '13800138000',
        SignName: '一号',
        TemplateCode: 'SMS_000000001',
        TemplateParam: JSON.stringify({ number: '261124 00001 0', department: "住建局(城)*!'~" }),
        OutId: 'case-1:4',
      })
      .reply(200, { Code: 'OK', Message: 'OK', BizId: '1', RequestId: 'r' })
    expect(await gateway().sms.send(MESSAGE)).toBe('sent')
    expect(body).toBe('')
  })

  test('without a template for its text is refused, and nothing is asked', async () => {
    const { sms, warned } = gateway()
    expect(await sms.send({ ...MESSAGE, of: { key: 'sms.answer', params: { text: '好' } } })).toBe('refused')
    expect(JSON.stringify(warned)).toContain('sms.answer')
    expect(JSON.stringify(warned)).not.toContain('13800138000')
  })

  test.each([
    'isv.MOBILE_NUMBER_ILLEGAL',
    'isv.BLACK_KEY_CONTROL_LIMIT',
    'isv.SMS_CONTENT_ILLEGAL',
    'isv.PARAM_LENGTH_LIMIT',
    'isv.TEMPLATE_MISSING_PARAMETERS',
    'isv.TEMPLATE_PARAMS_ILLEGAL',
    'isv.INVALID_PARAMETERS',
    'isv.INVALID_JSON_PARAM',
    'isv.PARAM_NOT_SUPPORT_URL',
    'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
    'isv.MOBILE_COUNT_OVER_LIMIT',
    'isv.SMS_TEST_NUMBER_LIMIT',
    'FILTER',
  ])('%s: never', async Code => {
    answers({ Code, Message: '…' })
    expect(await gateway().sms.send(MESSAGE)).toBe('refused')
  })

  test.each([
    'isv.BUSINESS_LIMIT_CONTROL',
    'isv.DAY_LIMIT_CONTROL',
    'isv.OUT_OF_SERVICE',
    'isv.AMOUNT_NOT_ENOUGH',
    'isv.SMS_SIGNATURE_ILLEGAL',
    'isv.SMS_TEMPLATE_ILLEGAL',
    'isp.RAM_PERMISSION_DENY',
    'isp.SYSTEM_ERROR',
    'isv.DENY_IP_RANGE',
    'SignatureDoesNotMatch',
    'one of tomorrow',
  ])('%s: may work later', async Code => {
    answers({ Code, Message: '13800138000' })
    await expect(gateway().sms.send(MESSAGE)).rejects.toThrow(Code)
  })

  test.each([400, 403, 429, 500, 503])('%i: may work later, and the number is in no error', async status => {
    answers({ Code: 'Throttling' }, status)
    const error = await gateway()
      .sms.send(MESSAGE)
      .catch(each => each)
    expect(String(error)).toContain(`answered with ${status}`)
    expect(`${error.stack}${error.cause}`).not.toContain('13800138000')
  })

  test('no answer, or one that is none: may work later, and the number is in no error', async () => {
    nock(HOST).post('/').query(true).replyWithError(new Error('reset of PhoneNumbers=13800138000'))
    const error = await gateway()
      .sms.send(MESSAGE)
      .catch(each => each)
    expect(`${error.stack}${error.cause}`).not.toContain('13800138000')
    nock(HOST).post('/').query(true).reply(200, '<html>')
    await expect(gateway().sms.send(MESSAGE)).rejects.toThrow('did not answer with an object')
  })
})

describe('for development', () => {
  test('the log says that a message would have gone out, never to whom or what', async () => {
    const logged: unknown[] = []
    const logger = { info: (...parts: unknown[]) => void logged.push(parts) }
    expect(await createLogSmsGateway({ logger, file: null }).send(MESSAGE)).toBe('sent')
    expect(logged).toHaveLength(1)
    expect(JSON.stringify(logged)).not.toMatch(/13800138000|答复/)
  })

  test('both stand in a file that only its owner can read, when one is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yihao-sms-'))
    try {
      const file = join(folder, 'sms.jsonl')
      const log = createLogSmsGateway({ logger: { info: () => {} }, file })
      await log.send(MESSAGE)
      await log.send({ ...MESSAGE, key: 'case-1:5' })
      const lines = (await readFile(file, 'utf8'))
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      expect(lines).toMatchObject([{ to: '13800138000', text: '有答复了' }, { key: 'case-1:5' }])
      expect((await stat(file)).mode & 0o077).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('which way it is', () => {
  const http = { SMS_GATEWAY_URL: 'https://sms.example.cn/send', SMS_GATEWAY_KEY: 'k'.repeat(16) }
  const aliyun = { ALIYUN_SMS_KEY_ID: 'a', ALIYUN_SMS_KEY_SECRET: 'b' }
  const parts = { clock: CLOCK, chance: {}, content: { smsTemplates: {} }, logger: {} } as never

  test.each([
    [{}, false],
    [http, true],
    [{ SMS_GATEWAY: 'aliyun', ...aliyun }, true],
    [{ SMS_GATEWAY: 'log' }, true],
    [aliyun, false],
  ])('%j', (settings, isThere) => {
    expect(openSmsGateway(readConfig(settings), parts) !== null).toBe(isThere)
  })

  test.each([
    [{ SMS_GATEWAY_URL: http.SMS_GATEWAY_URL }, 'SMS_GATEWAY_KEY'],
    [{ SMS_GATEWAY: 'http' }, 'SMS_GATEWAY_URL'],
    [{ SMS_GATEWAY: 'aliyun' }, 'ALIYUN_SMS_KEY_ID'],
    [{ ALIYUN_SMS_KEY_ID: 'a' }, 'ALIYUN_SMS_KEY_SECRET'],
    [{ SMS_UP_PATH: 'x'.repeat(16) }, 'SMS_GATEWAY'],
    [{ SMS_UP_PATH: 'short', SMS_GATEWAY: 'log' }, 'SMS_UP_PATH'],
    [{ SMS_UP_PATH: `${'x'.repeat(16)}/..`, SMS_GATEWAY: 'log' }, 'SMS_UP_PATH'],
    [{ SMS_UP_NETWORKS: '10.0.0.1' }, 'SMS_UP_NETWORKS'],
  ])('%j is named as wrong', (settings, named) => {
    expect(() => readConfig(settings)).toThrow(named)
  })
})
