import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { AccountRefused, askVendor, fetchFile, VendorAway, VendorRefusal } from '../chat/call-vendor.ts'
import { BadToken, tokenFor, type VendorToken, withToken } from '../chat/vendor-token.ts'

/** Hosts to which an answer may be posted: the address stands in a message. */
const WEBHOOK_HOSTS = ['oapi.dingtalk.com', 'api.dingtalk.com']
/** Where DingTalk keeps what was sent to us. */
const FILE_HOSTS = /\.(dingtalk|aliyuncs|alicdn)\.com$/

/** There is nobody of that id in the enterprise. */
export const NO_SUCH_STAFF = 'staffId.notExisted'
/** Too many at once, or today. Source: "错误码" of the platform. */
const LATER = /throttl|flowcontrol|qps|quota|systemerror|serviceunavailable|internalerror/i
/** We may not call this, not from here, or not as this robot: nobody is reached. */
const ACCOUNT = /accessdenied|robotcode|ipnotinwhitelist/i

export interface DingtalkApiOptions {
  appKey: string
  appSecret: string
  robotCode: string
  /** `https://api.dingtalk.com`, or a proxy in front of it. */
  baseUrl: string
  shared: SharedMemory
  logger: Logger
}

/**
 * What a robot may do. A bad token is renewed once. @throws VendorAway for what may work later (AccountRefused when
 * the account must be put right first), else VendorRefusal
 */
export class DingtalkApi {
  readonly #options: DingtalkApiOptions

  constructor(options: DingtalkApiOptions) {
    this.#options = options
  }

  /** A text to one member, at any time. */
  async sendText(staffId: string, content: string): Promise<void> {
    const path = '/v1.0/robot/oToMessages/batchSend'
    const { invalidStaffIdList: nobody, flowControlledStaffIdList: tooMany } = await this.#ask(path, {
      robotCode: this.#options.robotCode,
      userIds: [staffId],
      msgKey: 'sampleText',
      msgParam: JSON.stringify({ content }),
    })
    if (Array.isArray(nobody) && nobody.length > 0) throw new VendorRefusal(path, NO_SUCH_STAFF)
    if (Array.isArray(tooMany) && tooMany.length > 0) throw new VendorAway(`${path} was put off`)
  }

  /** A text to the conversation that a message came from. `isWebhook` must have said yes. */
  async answer(webhook: string, content: string): Promise<void> {
    const url = new URL(webhook)
    const { errcode } = await askVendor({ url, body: { msgtype: 'text', text: { content } } })
    if (Number(errcode ?? 0) !== 0) throw new VendorRefusal(url.pathname, Number(errcode))
  }

  /** A picture that was sent to the robot. */
  async media(downloadCode: string): Promise<Uint8Array> {
    const path = '/v1.0/robot/messageFiles/download'
    const { downloadUrl } = await this.#ask(path, { downloadCode, robotCode: this.#options.robotCode })
    const url = URL.parse(String(downloadUrl))
    if (!url || !FILE_HOSTS.test(url.hostname)) throw new VendorRefusal(path, 'unknown-host')
    url.protocol = 'https:'
    const file = await fetchFile({ url })
    if (!(file instanceof Uint8Array)) throw new VendorRefusal(path, 'no-file')
    return file
  }

  async #ask(path: string, body: object): Promise<Record<string, unknown>> {
    return withToken(this.#token, token => this.#post(path, body, { 'x-acs-dingtalk-access-token': token }))
  }

  /** What is wrong stands in `code`, a word, with a status of 4xx. */
  async #post(path: string, body: object, headers: Record<string, string> = {}) {
    const url = new URL(path, this.#options.baseUrl)
    const answer = await askVendor({ url, body, headers, isRefusedInBody: true })
    const { code } = answer
    if (typeof code !== 'string') return answer
    if (/InvalidAuthentication|InvalidAccessToken/i.test(code)) throw new BadToken(path, code)
    if (LATER.test(code)) throw new VendorAway(`${path} was put off with ${code}`)
    const refusal = new VendorRefusal(path, code)
    throw ACCOUNT.test(code) ? new AccountRefused(refusal) : refusal
  }

  get #token(): VendorToken {
    const { appKey, appSecret, shared, logger } = this.#options
    const path = '/v1.0/oauth2/accessToken'
    return {
      name: 'DingTalk',
      key: `dingtalk-token:${appKey}`,
      shared,
      logger,
      fetch: async () => {
        const { accessToken, expireIn } = await this.#post(path, { appKey, appSecret })
        if (typeof accessToken !== 'string') throw new VendorRefusal(path, 'no-token')
        return tokenFor(accessToken, expireIn)
      },
    }
  }
}

/** Is this an address of DingTalk, to which an answer may be posted? */
export function isWebhook(address: string): boolean {
  const url = URL.parse(address)
  return (
    url?.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    WEBHOOK_HOSTS.includes(url.hostname)
  )
}
