import type { Logger } from '../../kernel/logger.ts'
import type { ContactStore, FeedStore } from '../../usecases/channel-ports.ts'
import type { ChatChannel, ChatLine } from '../chat/chat-line.ts'
import type { ChatEar } from '../chat/hear-event.ts'
import { createMessageCipher } from '../chat/sealed-message.ts'
import { createTextSender } from '../chat/text-sender.ts'
import { createWorkApi, type WorkApplication } from '../chat/work-api.ts'
import { LONGEST_TEXT, WECHAT_KF } from './hear-kf.ts'
import { KfApi } from './kf-api.ts'
import { wechatKf } from './wechat-kf.ts'

export interface WechatKfApplication extends WorkApplication {
  token: string
  /** 43 characters. */
  aesKey: string
  /** Pause after a first failure; shorter in tests. */
  retryAfterMs?: number
}

/** 微信客服 of an enterprise as a channel of the line, with all its accounts. */
export function createWechatKfChannel(
  application: WechatKfApplication,
  parts: {
    line: ChatLine
    contacts: ContactStore
    feeds: FeedStore
    limit: ChatEar['limit']
    logger: Logger
  },
): ChatChannel {
  const { line, contacts, feeds, limit, logger } = parts
  const api = new KfApi(createWorkApi(WECHAT_KF, application, { shared: line.shared, logger }))
  const sender = createTextSender({
    line,
    contacts,
    logger,
    mostBytes: LONGEST_TEXT,
    hasQuota: true,
    gone: [],
    async deliver(address, text, messageId) {
      const [account = '', customer = ''] = address.split('/')
      await api.sendText(account, customer, text, messageId)
    },
  })
  const { token, aesKey, corpId } = application
  const keys = { token, cipher: createMessageCipher(aesKey, corpId) }
  return {
    name: WECHAT_KF,
    sender,
    open: app =>
      wechatKf(app, {
        ...application,
        line,
        api,
        limit,
        keys,
        sender,
        feeds,
        logger,
        fetch: api.sync.bind(api),
      }),
  }
}
