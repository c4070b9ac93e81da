import { setTimeout as sleep } from 'node:timers/promises'
import nock from 'nock'
import { readFlatXml, writeFlatXml } from '../../src/adapters/chat/flat-xml.ts'
import { createMessageCipher } from '../../src/adapters/chat/sealed-message.ts'
import {
  dingtalkSign,
  freshNonce,
  sealedByFeishu,
  sealedXml,
  secondsOf,
  signedByFeishu,
} from './vendor-signatures.ts'

const KEY = 'A'.repeat(43)

/** Settings that switch on the channels of all these talkers. */
export const VENDOR_SETTINGS = {
  WECOM_CORP_ID: 'ww1',
  WECOM_AGENT_ID: '218',
  WECOM_SECRET: 'secret',
  WECOM_TOKEN: 'token',
  WECOM_AES_KEY: KEY,
  WECHAT_KF_CORP_ID: 'ww1',
  WECHAT_KF_SECRET: 'secret',
  WECHAT_KF_TOKEN: 'token',
  WECHAT_KF_AES_KEY: KEY,
  DINGTALK_APP_KEY: 'ding1',
  DINGTALK_APP_SECRET: 'secret',
  DINGTALK_ROBOT_CODE: 'robot',
  FEISHU_APP_ID: 'cli1',
  FEISHU_APP_SECRET: 'secret',
  FEISHU_ENCRYPT_KEY: 'encrypt',
  FEISHU_VERIFICATION_TOKEN: 'verify',
} as const

/** Somebody who was never here: says something and sees what the line says to it. */
export type VendorTalker = (text: string) => Promise<string>

export interface TalkedTo {
  /** Of the running line. */
  url: string
  now(): Date
}

const keys = { token: 'token', cipher: createMessageCipher(KEY, 'ww1') }
let people = 0

async function post(
  { url }: TalkedTo,
  path: string,
  {
    query = {},
    body,
    headers = {},
  }: { query?: Record<string, string>; body: string; headers?: Record<string, string> },
): Promise<string> {
  const response = await fetch(`${url}${path}?${new URLSearchParams(query)}`, {
    method: 'POST',
    body,
    headers,
  })
  if (response.status !== 200) throw new Error(`${path} answered with ${response.status}`)
  return response.text()
}

/** What was sent since the last look, once something was and nothing more comes; empty when nothing comes at all. */
async function arriving(sent: string[]): Promise<string> {
  const end = performance.now() + 3000
  for (let quiet = 0, before = 0; quiet < 4; await sleep(10)) {
    if (performance.now() > end) break
    quiet = sent.length > 0 && sent.length === before ? quiet + 1 : 0
    before = sent.length
  }
  return sent.splice(0).join('\n')
}

export function wecomTalker(line: TalkedTo): VendorTalker {
  const from = `member-${people++}`
  return async text => {
    const at = secondsOf(line.now())
    const fields = { ToUserName: 'ww1', FromUserName: from, CreateTime: at, MsgType: 'text', Content: text }
    const plain = writeFlatXml({ ...fields, MsgId: freshNonce(), AgentID: 218 })
    const body = await post(line, '/channels/wecom', sealedXml(plain, keys, at))
    if (body === '') return ''
    const answer = readFlatXml(body)
    return readFlatXml(keys.cipher.open(answer?.Encrypt ?? ''))?.Content ?? ''
  }
}

export function wechatKfTalker(line: TalkedTo): VendorTalker {
  const [account, customer] = [`wk-${people++}`, 'wm-1']
  const [said, sent]: [object[], string[]] = [[], []]
  const platform = nock('https://qyapi.weixin.qq.com').persist()
  platform.get('/cgi-bin/gettoken').query(true).reply(200, { access_token: 't', expires_in: 7200 })
  platform
    .post('/cgi-bin/kf/sync_msg', body => body.open_kfid === account)
    .query(true)
    .reply(200, async (request: Request) => {
      const { cursor = '0' } = (await request.json()) as { cursor?: string }
      return {
        errcode: 0,
        next_cursor: String(said.length),
        has_more: 0,
        msg_list: said.slice(Number(cursor)),
      }
    })
  platform
    .post('/cgi-bin/kf/send_msg', body => body.open_kfid === account)
    .query(true)
    .reply(200, async (request: Request) => {
      const { text } = (await request.json()) as { text: { content: string } }
      sent.push(text.content)
      return { errcode: 0 }
    })
  return async content => {
    const at = secondsOf(line.now())
    const who = { open_kfid: account, external_userid: customer, send_time: at, origin: 3 }
    said.push({ ...who, msgid: freshNonce(), msgtype: 'text', text: { content } })
    const ring = {
      ToUserName: 'ww1',
      MsgType: 'event',
      Event: 'kf_msg_or_event',
      Token: 'r',
      OpenKfId: account,
    }
    await post(line, '/channels/wechat-kf', sealedXml(writeFlatXml(ring), keys, at))
    return arriving(sent)
  }
}

export function dingtalkTalker(line: TalkedTo): VendorTalker {
  const staff = `staff-${people++}`
  const sent: string[] = []
  nock('https://oapi.dingtalk.com')
    .persist()
    .post('/robot/sendBySession')
    .query({ session: staff })
    .reply(200, async (request: Request) => {
      const { text } = (await request.json()) as { text: { content: string } }
      sent.push(text.content)
      return { errcode: 0 }
    })
  return async content => {
    const at = line.now().getTime()
    const body = JSON.stringify({
      msgId: freshNonce(),
      senderStaffId: staff,
      senderId: `$:${staff}`,
      conversationType: '1',
      sessionWebhook: `https://oapi.dingtalk.com/robot/sendBySession?session=${staff}`,
      sessionWebhookExpiredTime: at + 1000,
      msgtype: 'text',
      text: { content },
    })
    const headers = { timestamp: String(at), sign: dingtalkSign(String(at), 'secret') }
    await post(line, '/channels/dingtalk', { body, headers })
    return arriving(sent)
  }
}

export function feishuTalker(line: TalkedTo): VendorTalker {
  const openId = `ou_${people++}`
  const sent: string[] = []
  const platform = nock('https://open.feishu.cn').persist()
  const token = { code: 0, tenant_access_token: 't', expire: 7200 }
  platform.post('/open-apis/auth/v3/tenant_access_token/internal').reply(200, token)
  platform
    .post('/open-apis/im/v1/messages', body => body.receive_id === openId)
    .query(true)
    .reply(200, async (request: Request) => {
      const { content } = (await request.json()) as { content: string }
      sent.push((JSON.parse(content) as { text: string }).text)
      return { code: 0 }
    })
  return async text => {
    const message = { message_id: freshNonce(), chat_type: 'p2p', message_type: 'text' }
    const event = {
      sender: { sender_id: { open_id: openId }, sender_type: 'user' },
      message: { ...message, content: JSON.stringify({ text }) },
    }
    const header = {
      event_id: freshNonce(),
      event_type: 'im.message.receive_v1',
      token: 'verify',
      app_id: 'cli1',
    }
    const encrypt = sealedByFeishu(JSON.stringify({ schema: '2.0', header, event }), 'encrypt')
    const body = JSON.stringify({ encrypt })
    const headers = signedByFeishu(body, { at: secondsOf(line.now()), encryptKey: 'encrypt' })
    await post(line, '/channels/feishu', { body, headers })
    return arriving(sent)
  }
}
