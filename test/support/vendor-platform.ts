/** A request of the line to a vendor's interface. */
export interface VendorRequest {
  path: string
  query: URLSearchParams
  body: string
}

/** Takes what arrives at somebody. */
export type Arrival = (text: string) => void

/**
 * The vendors' own side: what their interfaces answer to the line, what they keep until it is fetched, and to whom what the line says
 * arrives. Whoever stands in front of it (nock, or a server) hands requests on.
 */
export class VendorPlatform {
  readonly #arrivals = new Map<string, Arrival>()
  readonly #kept = new Map<string, object[]>()

  /** What is sent to this address arrives there from now on. */
  onArrival(address: string, arrival: Arrival): void {
    this.#arrivals.set(address, arrival)
  }

  /** Keeps what a customer wrote to an account of 微信客服. */
  keep(account: string, message: object): void {
    const kept = this.#kept.get(account)
    if (kept) kept.push(message)
    else this.#kept.set(account, [message])
  }

  /** @throws for an address that nobody has: the line writes to somebody who never wrote */
  deliver(address: string, text: string): void {
    const arrival = this.#arrivals.get(address)
    if (!arrival) throw new Error(`nobody is at ${address}`)
    arrival(text)
  }

  /** What the vendor answers, as JSON; null for an interface that none of them has. */
  answer({ path, query, body }: VendorRequest): object | null {
    const answer = ANSWERS[path]
    return answer ? answer(this, body === '' ? {} : JSON.parse(body), query) : null
  }

  /** What was written to the account after so many messages. */
  after(account: string, cursor: number): { messages: object[]; next: number } {
    const kept = this.#kept.get(account) ?? []
    return { messages: kept.slice(cursor), next: kept.length }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
type Answer = (platform: VendorPlatform, body: any, query: URLSearchParams) => object

/** No two vendors have a path in common. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  '/cgi-bin/gettoken': () => ({ access_token: 't', expires_in: 7200 }),
  '/cgi-bin/kf/sync_msg': (platform, { open_kfid, cursor = '0' }) => {
    const { messages, next } = platform.after(open_kfid, Number(cursor))
    return { errcode: 0, next_cursor: String(next), has_more: 0, msg_list: messages }
  },
  '/cgi-bin/kf/send_msg': (platform, { touser, text }) => {
    platform.deliver(touser, text.content)
    return { errcode: 0 }
  },
  '/v1.0/oauth2/accessToken': () => ({ accessToken: 't', expireIn: 7200 }),
  '/v1.0/robot/oToMessages/batchSend': (platform, { userIds, msgParam }) => {
    for (const address of userIds) platform.deliver(address, JSON.parse(msgParam).content)
    return { processQueryKey: 'k' }
  },
  '/robot/sendBySession': (platform, { text }, query) => {
    platform.deliver(query.get('session') ?? '', text.content)
    return { errcode: 0 }
  },
  '/open-apis/auth/v3/tenant_access_token/internal': () => ({
    code: 0,
    tenant_access_token: 't',
    expire: 7200,
  }),
  '/open-apis/im/v1/messages': (platform, { receive_id, content }) => {
    platform.deliver(receive_id, JSON.parse(content).text)
    return { code: 0 }
  },
}
