import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { askVendor, callVendor, VendorAway } from '../chat/call-vendor.ts'

/** The platform says no to this request and will say so again. */
export class WechatRefusal extends Error {
  override readonly name = 'WechatRefusal'
  readonly code: number

  constructor(path: string, code: number) {
    super(`${path} was refused with ${code}`)
    this.code = code
  }
}

/** The token is no longer good: a new one, and once more. */
const BAD_TOKEN = [40001, 40014, 42001]
/** Busy, or too many today or in this minute. */
const LATER = [-1, 45009, 45011]
const ADDRESS_NOT_LISTED = 40164
/** Renewed so long before it ends. */
const RENEW_BEFORE_S = 300
const LARGEST_MEDIA = 10 * 1024 * 1024

export interface WechatApiOptions {
  appId: string
  appSecret: string
  /** `https://api.weixin.qq.com`, or a proxy in front of it. */
  baseUrl: string
  shared: SharedMemory
  logger: Logger
}

/**
 * The platform's interface. Codes are handled as its list of return codes says: a bad token is renewed and the request sent once
 * more; what may work later throws `VendorAway`; the rest throws `WechatRefusal`.
 */
export class WechatApi {
  readonly #options: WechatApiOptions

  constructor(options: WechatApiOptions) {
    this.#options = options
  }

  /** A text to somebody who wrote within 48 hours. At most 2048 bytes. */
  async sendText(openId: string, content: string): Promise<void> {
    await this.#ask('/cgi-bin/message/custom/send', { touser: openId, msgtype: 'text', text: { content } })
  }

  /** A template message. `url` is opened by a tap. */
  async sendTemplate(
    openId: string,
    template: { id: string; url: string | null; data: Record<string, { value: string }> },
  ): Promise<void> {
    const { id, url, data } = template
    const link = url === null ? {} : { url }
    await this.#ask('/cgi-bin/message/template/send', { touser: openId, template_id: id, ...link, data })
  }

  /** Replaces the menu of the account. */
  async createMenu(menu: object): Promise<void> {
    await this.#ask('/cgi-bin/menu/create', menu)
  }

  /** What a QR code must hold so that its scan brings this scene (64 characters at most); good for 30 days. */
  async qrCodeOf(scene: string): Promise<string> {
    const { url } = await this.#ask('/cgi-bin/qrcode/create', {
      expire_seconds: 30 * 86_400,
      action_name: 'QR_STR_SCENE',
      action_info: { scene: { scene_str: scene } },
    })
    return String(url)
  }

  /** The bytes of something that was sent to us; kept by the platform for three days. */
  async media(mediaId: string): Promise<Uint8Array> {
    return this.#withToken('/cgi-bin/media/get', { media_id: mediaId }, async url => {
      const response = await callVendor({ url })
      if (/json|text\/plain/.test(response.headers.get('content-type') ?? ''))
        return (await response.json()) as Record<string, unknown>
      return readLimited(response)
    }) as Promise<Uint8Array>
  }

  async #ask(path: string, body: object): Promise<Record<string, unknown>> {
    return this.#withToken(path, {}, url => askVendor({ url, body })) as Promise<Record<string, unknown>>
  }

  async #withToken(
    path: string,
    query: Record<string, string>,
    call: (url: URL) => Promise<Record<string, unknown> | Uint8Array>,
  ): Promise<Record<string, unknown> | Uint8Array> {
    for (let tries = 1; ; tries++) {
      const token = await this.#token()
      const url = new URL(path, this.#options.baseUrl)
      url.search = new URLSearchParams({ access_token: token, ...query }).toString()
      const answer = await call(url)
      if (answer instanceof Uint8Array) return answer
      const code = Number(answer.errcode ?? 0)
      if (code === 0) return answer
      if (BAD_TOKEN.includes(code) && tries === 1) {
        await this.#options.shared.forget(this.#tokenKey, token)
        continue
      }
      throw this.#errorOf(path, code)
    }
  }

  #errorOf(path: string, code: number): Error {
    if (code === ADDRESS_NOT_LISTED)
      this.#options.logger.error(
        { path },
        'WeChat: the address of this machine is not on the list of the account',
      )
    if (LATER.includes(code) || code === ADDRESS_NOT_LISTED)
      return new VendorAway(`${path} was put off with ${code}`)
    return new WechatRefusal(path, code)
  }

  get #tokenKey(): string {
    return `wechat-token:${this.#options.appId}`
  }

  /** One fetch, however many ask, over all instances. */
  #token(): Promise<string> {
    const { shared, appId, appSecret, baseUrl } = this.#options
    return shared.cached(this.#tokenKey, async () => {
      const answer = await askVendor({
        url: new URL('/cgi-bin/stable_token', baseUrl),
        body: { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: false },
      })
      const { access_token: value, expires_in: seconds } = answer
      if (typeof value !== 'string') throw this.#errorOf('/cgi-bin/stable_token', Number(answer.errcode ?? 0))
      return { value, forMs: Math.max(60, Number(seconds ?? 0) - RENEW_BEFORE_S) * 1000 }
    })
  }
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LARGEST_MEDIA) throw new WechatRefusal('/cgi-bin/media/get', 0)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
