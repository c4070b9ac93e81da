import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readFlatXml } from '../../../../src/adapters/chat/flat-xml.ts'
import { createMessageCipher, signatureOf } from '../../../../src/adapters/chat/sealed-message.ts'
import { openSealed } from '../../../../src/adapters/chat/sealed-request.ts'
import { readDingtalkMessage } from '../../../../src/adapters/dingtalk/dingtalk-message.ts'
import { feishuSignature, openFeishu } from '../../../../src/adapters/feishu/feishu-envelope.ts'
import { readFeishuEvent } from '../../../../src/adapters/feishu/feishu-message.ts'
import { readKfMessage } from '../../../../src/adapters/wechat-kf/kf-message.ts'
import { readWecomMessage } from '../../../../src/adapters/wecom/wecom-message.ts'
import { AppError } from '../../../../src/kernel/errors.ts'
import { mutationsOf } from '../../../support/mutations.ts'

/** So many broken messages each reader must live through. */
const INPUTS = 100_000
const PATIENCE_MS = 120_000

const KINDS = [
  'said', 'picture', 'unheard', 'unnamed-place', 'unreadable', 'came', 'left', 'silent', 'welcomed', 'undelivered',
] // biome-ignore format: a list

interface Event {
  kind: string
  text?: string
  externalId?: string
}

/** What a reader may say of something broken: that it is none, or an event in which everything is what it should be. */
function requireWhole(event: Event): void {
  const isWhole =
    KINDS.includes(event.kind) &&
    (event.text === undefined || typeof event.text === 'string') &&
    (event.externalId === undefined || typeof event.externalId === 'string')
  if (!isWhole) throw new Error(`no event: ${JSON.stringify(event)}`)
}

/** How many of the broken samples were still read, and how many were none. */
function readAll(
  samples: readonly string[],
  read: (text: string) => Event | null,
): { read: number; none: number } {
  const count = { read: 0, none: 0 }
  for (const text of mutationsOf(samples, INPUTS)) {
    const event = read(text)
    if (event) requireWhole(event)
    count[event ? 'read' : 'none']++
  }
  return count
}

const xml = (inner: string) =>
  `<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1348831860</CreateTime>${inner}<AgentID>1</AgentID></xml>`
const WECOM = [
  xml(
    '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[路灯不亮了]]></Content><MsgId>6000000000000000001</MsgId>',
  ),
  xml('<MsgType><![CDATA[image]]></MsgType><MediaId><![CDATA[m]]></MediaId><MsgId>2</MsgId>'),
  xml(
    '<MsgType><![CDATA[location]]></MsgType><Location_X>41.824</Location_X><Location_Y>123.763</Location_Y><Label><![CDATA[人民路3号]]></Label><MsgId>3</MsgId>',
  ),
  xml(
    '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[click]]></Event><EventKey><![CDATA[say:你好]]></EventKey>',
  ),
]
const KF = [
  {
    msgid: 'a',
    open_kfid: 'wk',
    external_userid: 'wm',
    send_time: 1,
    origin: 3,
    msgtype: 'text',
    text: { content: '路灯' },
  },
  {
    msgid: 'b',
    open_kfid: 'wk',
    external_userid: 'wm',
    send_time: 1,
    origin: 3,
    msgtype: 'image',
    image: { media_id: 'm' },
  },
  {
    msgid: 'c',
    open_kfid: 'wk',
    external_userid: 'wm',
    send_time: 1,
    origin: 3,
    msgtype: 'location',
    location: { name: 'x', longitude: 123.763, latitude: 41.824 },
  },
  {
    msgid: 'd',
    send_time: 1,
    origin: 4,
    msgtype: 'event',
    event: { event_type: 'enter_session', open_kfid: 'wk', external_userid: 'wm', welcome_code: 'w' },
  },
].map(each => JSON.stringify(each))
const ding = {
  msgId: 'a',
  senderId: '$:1',
  senderStaffId: 'm',
  conversationType: '1',
  sessionWebhook: 'https://oapi.dingtalk.com/x',
}
const DINGTALK = [
  { ...ding, msgtype: 'text', text: { content: '路灯' } },
  { ...ding, msgtype: 'picture', content: { downloadCode: 'c' } },
  {
    ...ding,
    msgtype: 'richText',
    content: { richText: [{ text: '路灯' }] },
    conversationType: '2',
    isInAtList: true,
  },
].map(each => JSON.stringify(each))
const sender = { sender_id: { open_id: 'ou' }, sender_type: 'user' }
const lark = {
  message_id: 'om',
  chat_type: 'p2p',
  mentions: [{ key: '@_user_1', id: { open_id: 'ou_robot' } }],
}
const FEISHU = [
  { sender, message: { ...lark, message_type: 'text', content: '{"text":"@_user_1 路灯"}' } },
  {
    sender,
    message: {
      ...lark,
      message_type: 'post',
      content: '{"title":"a","content":[[{"tag":"text","text":"路灯"}]]}',
    },
  },
  { sender, message: { ...lark, message_type: 'image', content: '{"image_key":"k"}' } },
].map(each => JSON.stringify(each))

/** As an envelope has parsed it before the reader sees it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

describe(`of ${INPUTS.toLocaleString('en')} broken messages none breaks the reader, and what it still reads is whole`, () => {
  test.each<[string, readonly string[], (text: string) => Event | null]>([
    [
      'WeCom',
      WECOM,
      text => {
        const fields = readFlatXml(text)
        return fields && (readWecomMessage(fields)?.event ?? null)
      },
    ],
    ['微信客服', KF, text => readKfMessage(parsed(text))?.event ?? null],
    ['DingTalk', DINGTALK, text => readDingtalkMessage(text)?.event ?? null],
    ['Feishu', FEISHU, text => readFeishuEvent('im.message.receive_v1', 'e', parsed(text))?.event ?? null],
  ])(
    '%s',
    (_name, samples, read) => {
      for (const sample of samples) expect(read(sample)).not.toBeNull()
      const count = readAll(samples, read)
      // Else the mutations were too mild or too wild to say anything.
      expect(count.read).toBeGreaterThan(INPUTS / 100)
      expect(count.none).toBeGreaterThan(INPUTS / 100)
    },
    PATIENCE_MS,
  )
})

describe(`of ${INPUTS.toLocaleString('en')} broken envelopes none is taken`, () => {
  const refusalOf = (open: () => unknown): string => {
    try {
      return `taken: ${JSON.stringify(open())}`
    } catch (error) {
      if (error instanceof AppError) return error.code
      throw error
    }
  }

  test(
    'those of WeCom, 微信客服 and DingTalk events',
    () => {
      const cipher = createMessageCipher('kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR', 'ww1')
      const [keys, sealed] = [{ token: 't', cipher }, cipher.seal('<xml><a>1</a></xml>')]
      const at = { timestamp: '1', nonce: 'n' }
      const given = { ...at, msg_signature: signatureOf('t', '1', 'n', sealed) }
      expect(openSealed(sealed, given, keys)).toBe('<xml><a>1</a></xml>')
      for (const text of mutationsOf([sealed], INPUTS)) {
        if (text === sealed) continue
        const outcome = refusalOf(() => openSealed(text, given, keys))
        if (outcome !== 'signature-invalid') throw new Error(`${outcome} for ${text}`)
        // With a signature of its own, too, it is opened or refused, and nothing breaks.
        refusalOf(() => openSealed(text, { ...at, msg_signature: signatureOf('t', '1', 'n', text) }, keys))
      }
    },
    PATIENCE_MS,
  )

  test(
    'those of Feishu',
    () => {
      const keys = { encryptKey: 'key', verificationToken: 'verify' }
      const cipher = createCipheriv(
        'aes-256-cbc',
        createHash('sha256').update('key').digest(),
        Buffer.alloc(16, 7),
      )
      const event = JSON.stringify({
        schema: '2.0',
        header: { event_id: 'e', event_type: 'im.message.receive_v1', token: 'verify', app_id: 'cli' },
        event: {},
      })
      const encrypt = Buffer.concat([Buffer.alloc(16, 7), cipher.update(event), cipher.final()]).toString(
        'base64',
      )
      const body = JSON.stringify({ encrypt })
      const given = {
        timestamp: '1',
        nonce: 'n',
        signature: feishuSignature(body, { timestamp: '1', nonce: 'n' }, 'key'),
      }
      expect(openFeishu(body, given, keys)).toMatchObject({ kind: 'event', id: 'e' })
      for (const text of mutationsOf([body], INPUTS)) {
        if (text === body) continue
        const outcome = refusalOf(() => openFeishu(text, given, keys))
        if (outcome !== 'signature-invalid') throw new Error(`${outcome} for ${text}`)
      }
    },
    PATIENCE_MS,
  )
})
