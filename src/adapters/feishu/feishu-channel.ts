import type { Logger } from '../../kernel/logger.ts'
import type { ContactStore } from '../../usecases/channel-ports.ts'
import type { ChatChannel, ChatLine } from '../chat/chat-line.ts'
import type { ChatEar } from '../chat/hear-event.ts'
import { createTextSender } from '../chat/text-sender.ts'
import { FEISHU, feishu } from './feishu.ts'
import { FeishuApi, OUT_OF_REACH } from './feishu-api.ts'

/** Most bytes of one text; what Feishu takes is more, what is read in a bubble is less. */
const LONGEST_TEXT = 4096

export interface FeishuRobot {
  appId: string
  appSecret: string
  encryptKey: string
  verificationToken: string
  /** `https://open.feishu.cn`, `https://open.larksuite.com`, or a proxy in front of it. */
  baseUrl: string
  /** Shorter in tests. */
  acknowledgeWithinMs?: number
}

/** A robot in Feishu as a channel of the line. */
export function createFeishuChannel(
  robot: FeishuRobot,
  parts: { line: ChatLine; contacts: ContactStore; limit: ChatEar['limit']; logger: Logger },
): ChatChannel {
  const { line, contacts, limit, logger } = parts
  const { appId, encryptKey, verificationToken } = robot
  const api = new FeishuApi({ ...robot, shared: line.shared, logger })
  const sender = createTextSender({
    line,
    contacts,
    logger,
    mostBytes: LONGEST_TEXT,
    hasQuota: false,
    gone: OUT_OF_REACH,
    deliver: (openId, text, messageId) => api.sendText(openId, text, messageId),
  })
  const keys = { encryptKey, verificationToken }
  return {
    name: FEISHU,
    sender,
    open: app => feishu(app, { ...robot, line, api, limit, appId, keys, sender, logger }),
  }
}
