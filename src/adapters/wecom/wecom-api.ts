import { VendorRefusal } from '../chat/call-vendor.ts'
import type { TencentApi } from '../chat/tencent-api.ts'

/** There is nobody of that id among those who may see the application. Source: "全局错误码" of WeCom. */
export const NOBODY = [81013, 60111]

/** What an application may do in WeCom. @throws VendorAway, VendorRefusal as `TencentApi` does */
export class WecomApi {
  readonly #work: TencentApi
  readonly #agentId: string

  constructor(work: TencentApi, agentId: string) {
    this.#work = work
    this.#agentId = agentId
  }

  /** A text of at most 2048 bytes to a member. WeCom names whom it could not reach even when it says that all went well. */
  async sendText(userId: string, content: string): Promise<void> {
    const path = '/cgi-bin/message/send'
    const { invaliduser } = await this.#work.ask(path, {
      touser: userId,
      msgtype: 'text',
      agentid: Number(this.#agentId),
      text: { content },
    })
    if (typeof invaliduser === 'string' && invaliduser !== '') throw new VendorRefusal(path, NOBODY[0]!)
  }

  media(mediaId: string): Promise<Uint8Array> {
    return this.#work.media(mediaId)
  }
}
