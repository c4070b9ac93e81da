import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import {
  AccountRefused,
  askVendor,
  fetchFile,
  VendorAway,
  type VendorCall,
  VendorRefusal,
} from './call-vendor.ts'
import { BadToken, tokenFor, type VendorToken, withToken } from './vendor-token.ts'

/** Codes of official accounts and of WeCom; none of these means two things. Source: "全局返回码" of both. */
const BAD_TOKEN = [40001, 40014, 42001]
/** Busy, or too many today or in this minute. */
const LATER = [-1, 45009, 45011]
/** Our own application or secret, an interface that we may not call, an address that is not listed: nobody is reached. */
const ACCOUNT = [40013, 40125, 40164, 48001, 48004, 60020]

export interface TencentApiOptions {
  /** As it is called in logs. */
  name: string
  baseUrl: string
  tokenKey: string
  /** How a token is asked for; answered with `access_token` and `expires_in`. */
  tokenCall: VendorCall
  /** Further codes of this platform alone that refuse the account itself. */
  accountCodes: readonly number[]
  shared: SharedMemory
  logger: Logger
}

/**
 * The manner in which Tencent's platforms are called: the token in the address, `errcode` in the answer. A bad token is renewed and the
 * request sent once more; what may work later throws `VendorAway` (`AccountRefused` when the account must be put right first); the rest
 * throws `VendorRefusal`.
 */
export class TencentApi {
  readonly #options: TencentApiOptions

  constructor(options: TencentApiOptions) {
    this.#options = options
  }

  async ask(path: string, body: object): Promise<Record<string, unknown>> {
    return withToken(this.#token, async token => {
      const answer = await askVendor({ url: this.#urlOf(path, token), body })
      this.#requireNoError(path, answer)
      return answer
    })
  }

  /** The bytes of something that was sent to us; kept by the platforms for three days. */
  async media(mediaId: string): Promise<Uint8Array> {
    const path = '/cgi-bin/media/get'
    return withToken(this.#token, async token => {
      const answer = await fetchFile({ url: this.#urlOf(path, token, { media_id: mediaId }) })
      if (answer instanceof Uint8Array) return answer
      this.#requireNoError(path, answer)
      throw new VendorRefusal(path, 'no-file')
    })
  }

  #urlOf(path: string, token: string, query: Record<string, string> = {}): URL {
    const url = new URL(path, this.#options.baseUrl)
    url.search = new URLSearchParams({ access_token: token, ...query }).toString()
    return url
  }

  #requireNoError(path: string, { errcode }: Record<string, unknown>): void {
    const code = Number(errcode ?? 0)
    if (code !== 0) throw BAD_TOKEN.includes(code) ? new BadToken(path, code) : this.#errorOf(path, code)
  }

  #errorOf(path: string, code: number): Error {
    if (LATER.includes(code)) return new VendorAway(`${path} was put off with ${code}`)
    const refusal = new VendorRefusal(path, code)
    const isOurs = ACCOUNT.includes(code) || this.#options.accountCodes.includes(code)
    return isOurs ? new AccountRefused(refusal) : refusal
  }

  get #token(): VendorToken {
    const { name, tokenKey: key, tokenCall, shared, logger } = this.#options
    return {
      name,
      key,
      shared,
      logger,
      fetch: async () => {
        const { access_token: value, expires_in: seconds, errcode } = await askVendor(tokenCall)
        if (typeof value !== 'string') throw this.#errorOf(tokenCall.url.pathname, Number(errcode ?? 0))
        return tokenFor(value, seconds)
      },
    }
  }
}
