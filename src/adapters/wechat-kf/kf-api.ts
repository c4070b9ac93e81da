import type { TencentApi } from '../chat/tencent-api.ts'

/** Messages of one request. */
const PAGE = 1000

/** A page of what customers did. */
export interface KfPage {
  messages: unknown[]
  nextCursor: string
  hasMore: boolean
}

/** What 微信客服 lets an enterprise do. @throws VendorAway, VendorRefusal as `TencentApi` does */
export class KfApi {
  readonly #work: TencentApi

  constructor(work: TencentApi) {
    this.#work = work
  }

  /** What came after the cursor. Without the token of a callback, good for ten minutes, it may be asked less often. */
  async sync(account: string, { cursor, token }: { cursor: string; token: string }): Promise<KfPage> {
    const answer = await this.#work.ask('/cgi-bin/kf/sync_msg', {
      ...(cursor === '' ? {} : { cursor }),
      ...(token === '' ? {} : { token }),
      limit: PAGE,
      open_kfid: account,
    })
    const { msg_list: messages, next_cursor: nextCursor, has_more: hasMore } = answer
    return {
      messages: Array.isArray(messages) ? messages : [],
      nextCursor: typeof nextCursor === 'string' ? nextCursor : '',
      hasMore: Number(hasMore ?? 0) === 1,
    }
  }

  /** A text of at most 2048 bytes to somebody who wrote within 48 hours, at most five times; the same id is sent once. */
  async sendText(account: string, customer: string, content: string, msgid: string): Promise<void> {
    const text = { content }
    await this.#work.ask('/cgi-bin/kf/send_msg', {
      touser: customer,
      open_kfid: account,
      msgid,
      msgtype: 'text',
      text,
    })
  }

  /** The one text with which somebody who just entered is welcomed. The code is good for 20 seconds, once. */
  async welcome(code: string, content: string, msgid: string): Promise<void> {
    await this.#work.ask('/cgi-bin/kf/send_msg_on_event', { code, msgid, msgtype: 'text', text: { content } })
  }

  media(mediaId: string): Promise<Uint8Array> {
    return this.#work.media(mediaId)
  }
}
