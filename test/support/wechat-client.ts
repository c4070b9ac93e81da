import { readFlatXml, writeFlatXml } from '../../src/adapters/chat/flat-xml.ts'
import { createMessageCipher, signatureOf } from '../../src/adapters/chat/sealed-message.ts'
import { fetchPost, type Post } from './post.ts'

export const WECHAT_SETTINGS = {
  WECHAT_TOKEN: 'AAAAA',
  WECHAT_AES_KEY: 'A'.repeat(43),
  WECHAT_APP_ID: 'wxba5fad812f8e6fb9',
  WECHAT_APP_SECRET: 'the-app-secret',
}
const cipher = createMessageCipher(WECHAT_SETTINGS.WECHAT_AES_KEY, WECHAT_SETTINGS.WECHAT_APP_ID)

let nonces = 0
let ids = 7_000_000_000_000_000_000n

/** How the platform posts; whatever is given replaces what it would be. */
export interface Posting {
  isSealed?: boolean
  isJson?: boolean
  timestamp?: string
  nonce?: string
  signature?: string
  /** Stands in the place of the whole body. */
  body?: string
}

/** A client that posts as the platform does. */
export class WechatClient {
  readonly #post: Post
  readonly #now: () => Date
  readonly openId = `o${Math.random().toString(36).slice(2)}`

  constructor(url: string, now: () => Date, post = fetchPost(url)) {
    this.#post = post
    this.#now = now
  }

  say(text: string, posting: Posting = {}): Promise<string> {
    return this.post({ MsgType: 'text', Content: text, MsgId: String(ids++) }, posting).then(
      ({ said }) => said,
    )
  }

  /** Status, and what the person sees; "" when it is nothing. */
  async post(
    fields: Record<string, string | number>,
    posting: Posting = {},
  ): Promise<{ status: number; said: string; raw: string }> {
    const { isSealed = true, isJson = false } = posting
    const { timestamp = String(Math.floor(this.#now().getTime() / 1000)), nonce = `n${nonces++}` } = posting
    const message = {
      ToUserName: 'gh_1',
      FromUserName: this.openId,
      CreateTime: Number(timestamp),
      ...fields,
    }
    const write = (of: Record<string, string | number>) => (isJson ? JSON.stringify(of) : writeFlatXml(of))
    const sealed = cipher.seal(write(message))
    const query = new URLSearchParams({
      timestamp,
      nonce,
      openid: this.openId,
      signature: posting.signature ?? signatureOf(WECHAT_SETTINGS.WECHAT_TOKEN, timestamp, nonce),
    })
    if (isSealed) {
      query.set('encrypt_type', 'aes')
      query.set(
        'msg_signature',
        posting.signature ?? signatureOf(WECHAT_SETTINGS.WECHAT_TOKEN, timestamp, nonce, sealed),
      )
    }
    const body = posting.body ?? (isSealed ? write({ ToUserName: 'gh_1', Encrypt: sealed }) : write(message))
    const headers = { 'content-type': isJson ? 'application/json' : 'text/xml' }
    const { status, text: raw } = await this.#post(`/channels/wechat?${query}`, { headers, body })
    return { status, said: status < 300 ? seen(raw) : '', raw }
  }
}

function seen(raw: string): string {
  if (raw === 'success') return ''
  const fields = read(raw)
  return fields.Encrypt ? (read(cipher.open(fields.Encrypt)).Content ?? '') : (fields.Content ?? '')
}

function read(raw: string): Readonly<Record<string, string>> {
  if (raw.startsWith('{')) return JSON.parse(raw) as Record<string, string>
  const fields = readFlatXml(raw)
  if (!fields) throw new Error('the answer is neither XML nor JSON: the person would see a failure')
  return fields
}
