import { readFlatXml, writeFlatXml } from '../../src/adapters/chat/flat-xml.ts'
import { createMessageCipher } from '../../src/adapters/chat/sealed-message.ts'
import type { Post, Posted } from './post.ts'
import type { VendorPlatform } from './vendor-platform.ts'
import {
  dingtalkSign,
  freshNonce,
  sealedByFeishu,
  sealedXml,
  secondsOf,
  signedByFeishu,
} from './vendor-signatures.ts'

const KEY = 'A'.repeat(43)

/** Settings that switch on the channels of all these wires. */
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

/** To whom a wire leads, and when. */
export interface WiredTo {
  /** To the line. */
  post: Post
  now(): Date
  /** The vendors' own side: it keeps what the line fetches. */
  platform: VendorPlatform
}

/** Somebody who was never here, as a vendor speaks for them. */
export interface VendorPerson {
  /** Under what the platform knows them: answers that come apart arrive there. */
  address: string
  /** Posts what they say. Returns what is answered in the request itself, "" when it comes apart. */
  say(text: string): Promise<string>
  /** The same for a location; not there where the vendor's robots are sent none. */
  sendPlace?(place: PlaceSent): Promise<string>
}

/** A location as the vendors' maps tell it, by GCJ-02. */
export interface PlaceSent {
  label: string
  longitude: number
  latitude: number
}

const keys = { token: 'token', cipher: createMessageCipher(KEY, 'ww1') }
let people = 0

async function postWell(
  { post }: WiredTo,
  path: string,
  { query, ...sent }: Posted & { query?: Record<string, string> },
): Promise<string> {
  const { status, text } = await post(query ? `${path}?${new URLSearchParams(query)}` : path, sent)
  if (status !== 200) throw new Error(`${path} answered with ${status}`)
  return text
}

export function wecomPerson(wired: WiredTo): VendorPerson {
  const address = `member-${people++}`
  const send = async (message: Record<string, string | number>) => {
    const at = secondsOf(wired.now())
    const fields = { ToUserName: 'ww1', FromUserName: address, CreateTime: at }
    const plain = writeFlatXml({ ...fields, ...message, MsgId: freshNonce(), AgentID: 218 })
    const body = await postWell(wired, '/channels/wecom', sealedXml(plain, keys, at))
    if (body === '') return ''
    const answer = readFlatXml(body)
    return readFlatXml(keys.cipher.open(answer?.Encrypt ?? ''))?.Content ?? ''
  }
  return {
    address,
    say: text => send({ MsgType: 'text', Content: text }),
    sendPlace: place => send(locationOf(place)),
  }
}

/** As official accounts and applications of WeCom are posted it. */
export function locationOf({ label, longitude, latitude }: PlaceSent): Record<string, string | number> {
  return { MsgType: 'location', Location_X: latitude, Location_Y: longitude, Scale: 15, Label: label }
}

/** @param account of the enterprise to which they write; without it one of their own */
export function wechatKfPerson(wired: WiredTo, account = `wk-${people++}`): VendorPerson {
  const address = `wm-${people++}`
  const send = async (message: object) => {
    const at = secondsOf(wired.now())
    const who = { open_kfid: account, external_userid: address, send_time: at, origin: 3 }
    wired.platform.keep(account, { ...who, msgid: freshNonce(), ...message })
    const ring = { ToUserName: 'ww1', MsgType: 'event', Event: 'kf_msg_or_event', Token: 'r' }
    const plain = writeFlatXml({ ...ring, OpenKfId: account })
    await postWell(wired, '/channels/wechat-kf', sealedXml(plain, keys, at))
    return ''
  }
  return {
    address,
    say: content => send({ msgtype: 'text', text: { content } }),
    sendPlace: ({ label: name, longitude, latitude }) =>
      send({ msgtype: 'location', location: { name, longitude, latitude } }),
  }
}

/** @param webhookOf where the conversation of this person may be answered for a while; without it the robot writes to them */
export function dingtalkPerson(wired: WiredTo, webhookOf?: (address: string) => string): VendorPerson {
  const address = `staff-${people++}`
  return {
    address,
    async say(content) {
      const at = wired.now().getTime()
      const webhook = webhookOf && {
        sessionWebhook: webhookOf(address),
        sessionWebhookExpiredTime: at + 1000,
      }
      const body = JSON.stringify({
        msgId: freshNonce(),
        senderStaffId: address,
        senderId: `$:${address}`,
        conversationType: '1',
        msgtype: 'text',
        text: { content },
        ...webhook,
      })
      const headers = { timestamp: String(at), sign: dingtalkSign(String(at), 'secret') }
      await postWell(wired, '/channels/dingtalk', { body, headers })
      return ''
    },
  }
}

export function feishuPerson(wired: WiredTo): VendorPerson {
  const address = `ou_${people++}`
  const send = async (type: string, content: object) => {
    const message = { message_id: freshNonce(), chat_type: 'p2p', message_type: type }
    const event = {
      sender: { sender_id: { open_id: address }, sender_type: 'user' },
      message: { ...message, content: JSON.stringify(content) },
    }
    const kind = { event_type: 'im.message.receive_v1', token: 'verify', app_id: 'cli1' }
    const header = { event_id: freshNonce(), ...kind }
    const encrypt = sealedByFeishu(JSON.stringify({ schema: '2.0', header, event }), 'encrypt')
    const body = JSON.stringify({ encrypt })
    const headers = signedByFeishu(body, { at: secondsOf(wired.now()), encryptKey: 'encrypt' })
    await postWell(wired, '/channels/feishu', { body, headers })
    return ''
  }
  return {
    address,
    say: text => send('text', { text }),
    sendPlace: ({ label: name, longitude, latitude }) =>
      send('location', { name, longitude: String(longitude), latitude: String(latitude) }),
  }
}
