import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Channel } from '../../cases/channels.ts'
import { MINUTE } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ChatSender } from '../../usecases/channel-ports.ts'
import type { Heard } from '../../usecases/hear-message.ts'
import { Answers, answerTo } from '../chat/answers.ts'
import { requireFresh } from '../chat/fresh-request.ts'
import { type ChatEar, hearEvent, NOTHING_SAID } from '../chat/hear-event.ts'
import { takeBodiesAsText } from '../chat/sealed-request.ts'
import { NO_QUOTA } from '../chat/text-sender.ts'
import type { FeishuApi } from './feishu-api.ts'
import { type FeishuKeys, type FeishuSignature, openFeishu } from './feishu-envelope.ts'
import { type FeishuMessage, readFeishuEvent } from './feishu-message.ts'

/** The channel's name in conversations and cases. */
export const FEISHU: Channel = 'feishu'

const PATH = '/channels/feishu'
const BODY_LIMIT = 64 * 1024
/** Feishu waits three seconds; a way there and back is in them. */
const ACKNOWLEDGE_WITHIN_MS = 2000

/** Longer than a signature is taken for fresh. */
const SIGNED_FOR_MS = 30 * MINUTE

export interface FeishuOptions extends ChatEar {
  api: Pick<FeishuApi, 'media' | 'ownOpenId'>
  appId: string
  keys: FeishuKeys
  sender: ChatSender
  logger: Logger
  /** Shorter in tests. */
  acknowledgeWithinMs?: number
}

/**
 * A robot in Feishu: what is said to it is a turn; the answer is a message of its own, to the person alone, whether they wrote in
 * private or in a group. A repeat that is signed anew is heard as a repeat and answered under the same id, so that it shows once; the
 * same request once more, after it was acknowledged, is acknowledged and not heard.
 */
export async function feishu(app: FastifyInstance, options: FeishuOptions): Promise<void> {
  const { line, sender, keys, appId } = options
  const withinMs = options.acknowledgeWithinMs ?? ACKNOWLEDGE_WITHIN_MS
  const answers = new Answers(app, { channel: FEISHU, line, sender, withinMs })

  await app.register(async scope => {
    takeBodiesAsText(scope)
    scope.post(PATH, { schema: { hide: true }, bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const given = signatureOf(request)
      const opened = openFeishu(String(request.body ?? ''), given, keys)
      if (opened.kind === 'check') return reply.send({ challenge: opened.challenge })
      requireFresh(given.timestamp, line)
      if (opened.appId !== appId) throw new AppError('signature-invalid')
      const message = readFeishuEvent(opened.type, opened.id, opened.event)
      const signed = `${FEISHU}:${given.timestamp}:${given.nonce}`
      if (message && !(await line.shared.wasAsked(signed))) {
        const to = answerTo(message.from, message.event)
        await answers.apart(hearFeishu(options, message), to, request)
        // Only now: whoever dies before it is heard gets the same request again.
        await line.shared.once(signed, SIGNED_FOR_MS)
      }
      return reply.send({})
    })
  })
}

function signatureOf({ headers }: FastifyRequest): FeishuSignature {
  return {
    timestamp: String(headers['x-lark-request-timestamp'] ?? ''),
    nonce: String(headers['x-lark-request-nonce'] ?? ''),
    signature: String(headers['x-lark-signature'] ?? ''),
  }
}

async function hearFeishu(
  ear: FeishuOptions,
  { from, isGroup, mentioned, event }: FeishuMessage,
): Promise<Heard> {
  if (isGroup && !(await isAddressed(mentioned, ear))) return NOTHING_SAID
  return hearEvent(ear, { channel: FEISHU, address: from, allowance: NO_QUOTA }, event)
}

/** While nobody knows the robot's own id it keeps silent in groups: what is said there may be meant for others. */
async function isAddressed(mentioned: readonly string[], { api, logger }: FeishuOptions): Promise<boolean> {
  if (mentioned.length === 0) return false
  const own = await api.ownOpenId().catch(error => {
    logger.error(
      { err: error },
      `${FEISHU}: the robot's own id could not be fetched; it keeps silent in groups`,
    )
    return null
  })
  return own !== null && mentioned.includes(own)
}
