import type { Logger } from '../../kernel/logger.ts'
import type { ContactStore } from '../../usecases/channel-ports.ts'
import { VendorRefusal } from '../chat/call-vendor.ts'
import type { ChatChannel, ChatLine } from '../chat/chat-line.ts'
import type { ChatEar } from '../chat/hear-event.ts'
import { createMessageCipher } from '../chat/sealed-message.ts'
import { createTextSender } from '../chat/text-sender.ts'
import { DINGTALK, LONGEST_TEXT } from './answer-dingtalk.ts'
import { dingtalk } from './dingtalk.ts'
import { DingtalkApi, NO_SUCH_STAFF } from './dingtalk-api.ts'

export interface DingtalkRobot {
  appKey: string
  appSecret: string
  robotCode: string
  /** `https://api.dingtalk.com`, or a proxy in front of it. */
  baseUrl: string
  /** Token and key (43 characters) of event callbacks; null when none are subscribed to. */
  events: { token: string; aesKey: string } | null
}

/** A robot in DingTalk as a channel of the line. */
export function createDingtalkChannel(
  robot: DingtalkRobot,
  parts: { line: ChatLine; contacts: ContactStore; limit: ChatEar['limit']; logger: Logger },
): ChatChannel {
  const { line, contacts, limit, logger } = parts
  const { appKey, appSecret, robotCode, events } = robot
  const api = new DingtalkApi({ ...robot, shared: line.shared, logger })
  const sender = createTextSender({
    line,
    contacts,
    logger,
    mostBytes: LONGEST_TEXT,
    hasQuota: false,
    gone: [NO_SUCH_STAFF],
    async deliver(address, text) {
      // No member of the enterprise: answered only where they write.
      if (address.startsWith('$')) throw new VendorRefusal(DINGTALK, NO_SUCH_STAFF)
      await api.sendText(address, text)
    },
  })
  const eventKeys = events && { token: events.token, cipher: createMessageCipher(events.aesKey, appKey) }
  return {
    name: DINGTALK,
    sender,
    open: app => dingtalk(app, { line, api, limit, sender, logger, appSecret, robotCode, eventKeys }),
  }
}
