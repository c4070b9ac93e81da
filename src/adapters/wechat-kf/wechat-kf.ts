import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { Fields } from '../chat/flat-xml.ts'
import {
  addAddressCheck,
  hearSealedXml,
  type SealKeys,
  type SignedRequest,
  sendText,
  takeBodiesAsText,
} from '../chat/sealed-request.ts'
import { hearKf, type KfEar, WECHAT_KF } from './hear-kf.ts'
import { type KfFeedParts, KfFeeds } from './kf-feeds.ts'

const PATH = '/channels/wechat-kf'
const BODY_LIMIT = 64 * 1024

export interface WechatKfOptions extends KfEar, Pick<KfFeedParts, 'feeds' | 'fetch' | 'retryAfterMs'> {
  keys: SealKeys
}

/** 微信客服: the platform rings, we fetch what was said, and answers are messages of their own. */
export async function wechatKf(app: FastifyInstance, options: WechatKfOptions): Promise<void> {
  const { line, keys, logger } = options
  const feeds = new KfFeeds({
    ...options,
    channel: WECHAT_KF,
    clock: line.clock,
    hear: (raw, page) => hearKf(options, raw, page),
  })
  app.addHook('onReady', async () => {
    await feeds
      .resume()
      .catch(error => logger.error({ err: error }, `${WECHAT_KF}: fetched only from the next ring on`))
  })
  app.addHook('onClose', () => feeds.close())

  await app.register(async scope => {
    takeBodiesAsText(scope)
    addAddressCheck(scope, PATH, keys)

    const schema = { hide: true }
    const ring = async ({ Event: event, Token: token = '', OpenKfId: account }: Fields) => {
      if (event === 'kf_msg_or_event' && account) await feeds.ring(account, token)
    }
    scope.post(PATH, { schema, bodyLimit: BODY_LIMIT }, async (request: SignedRequest, reply) => {
      // Answered only when it is remembered: what is not is rung again.
      await hearSealedXml(WECHAT_KF, request, options, ring)
      return sendText(reply, 'success')
    })
  })
}
