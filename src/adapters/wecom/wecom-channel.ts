import type { Logger } from '../../kernel/logger.ts'
import type { ContactStore } from '../../usecases/channel-ports.ts'
import type { ChatChannel, ChatLine } from '../chat/chat-line.ts'
import type { ChatEar } from '../chat/hear-event.ts'
import { createMessageCipher } from '../chat/sealed-message.ts'
import { createTextSender } from '../chat/text-sender.ts'
import { createWorkApi, type WorkApplication } from '../chat/work-api.ts'
import { LONGEST_TEXT, WECOM, wecom } from './wecom.ts'
import { NOBODY, WecomApi } from './wecom-api.ts'

export interface WecomApplication extends WorkApplication {
  agentId: string
  token: string
  /** 43 characters. */
  aesKey: string
}

/** An application in WeCom as a channel of the line. */
export function createWecomChannel(
  application: WecomApplication,
  parts: {
    line: ChatLine
    contacts: ContactStore
    limit: ChatEar['limit']
    logger: Logger
    /** Shorter in tests. */
    answerWithinMs?: number
  },
): ChatChannel {
  const { line, contacts, limit, logger } = parts
  const { shared } = line
  const api = new WecomApi(createWorkApi(WECOM, application, { shared, logger }), application.agentId)
  const sender = createTextSender({
    line,
    contacts,
    logger,
    mostBytes: LONGEST_TEXT,
    hasQuota: false,
    gone: NOBODY,
    deliver: (userId, text) => api.sendText(userId, text),
  })
  const keys = {
    token: application.token,
    cipher: createMessageCipher(application.aesKey, application.corpId),
  }
  return {
    name: WECOM,
    sender,
    open: app => wecom(app, { ...parts, api, limit, keys, agentId: application.agentId, sender }),
  }
}
