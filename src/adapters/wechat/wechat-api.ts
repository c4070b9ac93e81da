import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { TencentApi } from '../chat/tencent-api.ts'

export interface WechatApiOptions {
  appId: string
  appSecret: string
  /** `https://api.weixin.qq.com`, or a proxy in front of it. */
  baseUrl: string
  shared: SharedMemory
  logger: Logger
}

/** The account is punished, or its template is none of its own. Source: "全局返回码" of the platform. */
const ACCOUNT = [40037, 50002]

/** The platform's interface. @throws VendorAway, VendorRefusal as `TencentApi` does */
export class WechatApi {
  readonly #platform: TencentApi

  constructor({ appId, appSecret, baseUrl, shared, logger }: WechatApiOptions) {
    this.#platform = new TencentApi({
      name: 'WeChat',
      baseUrl,
      tokenKey: `wechat-token:${appId}`,
      tokenCall: {
        url: new URL('/cgi-bin/stable_token', baseUrl),
        body: { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: false },
      },
      accountCodes: ACCOUNT,
      shared,
      logger,
    })
  }

  /** A text to somebody who wrote within 48 hours. At most 2048 bytes. */
  async sendText(openId: string, content: string): Promise<void> {
    await this.#platform.ask('/cgi-bin/message/custom/send', {
      touser: openId,
      msgtype: 'text',
      text: { content },
    })
  }

  /** A template message. `url` is opened by a tap. */
  async sendTemplate(
    openId: string,
    template: { id: string; url: string | null; data: Record<string, { value: string }> },
  ): Promise<void> {
    const { id, url, data } = template
    const link = url === null ? {} : { url }
    await this.#platform.ask('/cgi-bin/message/template/send', {
      touser: openId,
      template_id: id,
      ...link,
      data,
    })
  }

  /** Replaces the menu of the account. */
  async createMenu(menu: object): Promise<void> {
    await this.#platform.ask('/cgi-bin/menu/create', menu)
  }

  /** What a QR code must hold so that its scan brings this scene (64 characters at most); good for 30 days. */
  async qrCodeOf(scene: string): Promise<string> {
    const { url } = await this.#platform.ask('/cgi-bin/qrcode/create', {
      expire_seconds: 30 * 86_400,
      action_name: 'QR_STR_SCENE',
      action_info: { scene: { scene_str: scene } },
    })
    return String(url)
  }

  /** The bytes of something that was sent to us. */
  media(mediaId: string): Promise<Uint8Array> {
    return this.#platform.media(mediaId)
  }
}
