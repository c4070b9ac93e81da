import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ChatSender } from '../../usecases/channel-ports.ts'
import { Answers, answerTo } from '../chat/answers.ts'
import { hearOnce, requireFresh } from '../chat/fresh-request.ts'
import type { ChatEar } from '../chat/hear-event.ts'
import { type SealKeys, type SignedRequest, sendText, takeBodiesAsText } from '../chat/sealed-request.ts'
import { hearWechat } from './hear-wechat.ts'
import { WECHAT } from './wechat-channel.ts'
import { answerEnvelope, openEnvelope, requirePlainSignature } from './wechat-envelope.ts'
import { readWechatMessage } from './wechat-message.ts'
import { LONGEST_TEXT } from './wechat-sender.ts'

const PATH = '/channels/wechat'
const BODY_LIMIT = 64 * 1024

/** The platform waits five seconds; a way there and back is in them. */
const ANSWER_WITHIN_MS = 4500
/** "Nothing to say now": any other text would be shown as a failure of the account. */
const NOTHING = 'success'

export interface WechatOptions extends ChatEar {
  keys: SealKeys
  sender: ChatSender
  logger: Logger
  /** How long an answer may take before it is sent by itself; shorter in tests. */
  answerWithinMs?: number
}

/**
 * The official account: what the platform posts is a turn, and what the line says is the answer to the post, or, when that takes too
 * long, a message of its own.
 */
export async function wechat(app: FastifyInstance, options: WechatOptions): Promise<void> {
  const { line, sender, logger, answerWithinMs: withinMs = ANSWER_WITHIN_MS } = options
  const answers = new Answers(app, { channel: WECHAT, line, sender, withinMs })

  await app.register(async scope => {
    takeBodiesAsText(scope)
    const schema = { hide: true }

    scope.get(PATH, { schema }, (request: SignedRequest, reply) => {
      requirePlainSignature(request.query, options.keys.token)
      return sendText(reply, request.query.echostr ?? '')
    })

    scope.post(PATH, { schema, bodyLimit: BODY_LIMIT }, async (request: SignedRequest, reply) => {
      const { query } = request
      requireFresh(query.timestamp ?? '', options.line)
      const { fields, form } = openEnvelope(String(request.body ?? ''), query, options.keys)
      const read = readWechatMessage(fields)
      if (!read) throw new AppError('body-invalid')
      const { from, message } = read
      const signed = { ...query, channel: WECHAT, said: JSON.stringify(fields) }
      const text = await hearOnce(signed, options.line, () => {
        if (message.kind === 'template-sent' && message.status !== NOTHING)
          logger.warn({ status: message.status.slice(0, 60) }, 'WeChat: a template message did not arrive')
        const heard = hearWechat(options, from, message)
        return answers.inRequest(heard, answerTo(from, message), LONGEST_TEXT, request)
      })
      if (text === '') return sendText(reply, NOTHING)
      const answer = {
        from: read.to,
        to: from,
        text,
        at: options.line.clock.now(),
        nonce: query.nonce ?? '',
      }
      const written = answerEnvelope(answer, form, options.keys)
      return reply.type(written.type).send(written.body)
    })
  })
}
