import { DAY } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import {
  AccountRefused,
  askVendor,
  fetchFile,
  VendorAway,
  type VendorCall,
  VendorRefusal,
} from '../chat/call-vendor.ts'
import { BadToken, tokenFor, type VendorToken, withToken } from '../chat/vendor-token.ts'

/** Source: "通用错误码" of the platform. */
const BAD_TOKEN = [99991661, 99991663, 99991664, 99991668]
/** Too many in this minute, or to this person. */
const LATER = [99991400, 230020, 11232]
/** The application is not in use or may not do this, the robot is switched off, this address is not listed: nobody is reached. */
const ACCOUNT = [99991401, 99991662, 99991672, 99991673, 230006, 230027]
/** The person may not use this robot (any more). Source: errors of "发送消息". */
export const OUT_OF_REACH = [230013, 230053]

export interface FeishuApiOptions {
  appId: string
  appSecret: string
  /** `https://open.feishu.cn`, `https://open.larksuite.com`, or a proxy in front of it. */
  baseUrl: string
  shared: SharedMemory
  logger: Logger
}

/**
 * What a robot may do. A bad token is renewed once. @throws VendorAway for what may work later (AccountRefused when
 * the account must be put right first), else VendorRefusal
 */
export class FeishuApi {
  readonly #options: FeishuApiOptions

  constructor(options: FeishuApiOptions) {
    this.#options = options
  }

  /** A text to one person; the same `uuid` is sent once within an hour. */
  async sendText(openId: string, text: string, uuid: string): Promise<void> {
    await this.#ask('/open-apis/im/v1/messages?receive_id_type=open_id', {
      receive_id: openId,
      msg_type: 'text',
      content: JSON.stringify({ text }),
      uuid,
    })
  }

  /** A picture that was sent to the robot: `<message id>/resources/<key>`, both encoded. */
  async media(mediaId: string): Promise<Uint8Array> {
    const path = `/open-apis/im/v1/messages/${mediaId}?type=image`
    return this.#withToken(async authorized => {
      const answer = await fetchFile({ ...authorized, url: this.#urlOf(path), isRefusedInBody: true })
      if (answer instanceof Uint8Array) return answer
      this.#requireNoError('/open-apis/im/v1/messages', answer)
      throw new VendorRefusal('/open-apis/im/v1/messages', 'no-file')
    })
  }

  /** The robot's own open id, by which messages name it. */
  async ownOpenId(): Promise<string> {
    const { appId, shared } = this.#options
    return shared.cached(`feishu-robot:${appId}`, async () => {
      const { bot } = await this.#ask('/open-apis/bot/v3/info')
      const { open_id: value } = (bot ?? {}) as { open_id?: unknown }
      if (typeof value !== 'string') throw new VendorRefusal('/open-apis/bot/v3/info', 'no-robot')
      return { value, forMs: DAY }
    })
  }

  #ask(path: string, body?: object): Promise<Record<string, unknown>> {
    return this.#withToken(async authorized => {
      const url = this.#urlOf(path)
      const answer = await askVendor({ ...authorized, url, body, isRefusedInBody: true })
      this.#requireNoError(url.pathname, answer)
      return answer
    })
  }

  #withToken<T>(call: (authorized: Pick<VendorCall, 'headers'>) => Promise<T>): Promise<T> {
    return withToken(this.#token, token => call({ headers: { authorization: `Bearer ${token}` } }))
  }

  #urlOf(path: string): URL {
    return new URL(path, this.#options.baseUrl)
  }

  #requireNoError(path: string, { code: given }: Record<string, unknown>): void {
    const code = Number(given ?? 0)
    if (code === 0) return
    if (BAD_TOKEN.includes(code)) throw new BadToken(path, code)
    if (LATER.includes(code)) throw new VendorAway(`${path} was put off with ${code}`)
    const refusal = new VendorRefusal(path, code)
    throw ACCOUNT.includes(code) ? new AccountRefused(refusal) : refusal
  }

  get #token(): VendorToken {
    const { appId, appSecret, shared, logger } = this.#options
    const path = '/open-apis/auth/v3/tenant_access_token/internal'
    return {
      name: 'Feishu',
      key: `feishu-token:${appId}`,
      shared,
      logger,
      fetch: async () => {
        const body = { app_id: appId, app_secret: appSecret }
        const answer = await askVendor({ url: this.#urlOf(path), body, isRefusedInBody: true })
        this.#requireNoError(path, answer)
        const { tenant_access_token: value, expire } = answer
        if (typeof value !== 'string') throw new VendorRefusal(path, 'no-token')
        return tokenFor(value, expire)
      },
    }
  }
}
