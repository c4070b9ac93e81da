import type { OfficialAccount } from '../../content/official-account.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ContactStore } from '../../usecases/channel-ports.ts'
import type { ChatChannel, ChatLine } from '../chat/chat-line.ts'
import type { ChatEar } from '../chat/hear-event.ts'
import { createMessageCipher } from '../chat/sealed-message.ts'
import { caseScene } from './hear-wechat.ts'
import { wechat } from './wechat.ts'
import { WechatApi } from './wechat-api.ts'
import { WECHAT } from './wechat-channel.ts'
import { createWechatSender } from './wechat-sender.ts'

export interface WechatAccount {
  token: string
  /** 43 characters. */
  aesKey: string
  appId: string
  appSecret: string
  /** `https://api.weixin.qq.com`, or a proxy in front of it. */
  baseUrl: string
  template: OfficialAccount['template']
}

/** An official account as a channel of the line. */
export function createWechatChannel(
  { token, aesKey, appId, appSecret, baseUrl, template }: WechatAccount,
  parts: {
    line: ChatLine
    contacts: ContactStore
    publicUrl: string | null
    limit: ChatEar['limit']
    logger: Logger
    answerWithinMs?: number
  },
): ChatChannel {
  const { line, contacts, publicUrl, limit, logger, answerWithinMs } = parts
  const { shared, clock, inText } = line
  const api = new WechatApi({ appId, appSecret, baseUrl, shared, logger })
  const sender = createWechatSender({ api, contacts, inText, template, publicUrl, clock, logger })
  const keys = { token, cipher: createMessageCipher(aesKey, appId) }
  return {
    name: WECHAT,
    sender,
    codeOf: number => api.qrCodeOf(caseScene(number)),
    open: app =>
      wechat(app, {
        line,
        api,
        limit,
        keys,
        sender,
        logger,
        ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
      }),
  }
}
