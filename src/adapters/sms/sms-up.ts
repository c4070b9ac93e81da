import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import { isSame } from '../../kernel/same-secret.ts'
import type { AnswerJob } from '../../usecases/job.ts'
import { SMS, smsPerson } from '../../usecases/sms-person.ts'
import type { ChatLine } from '../chat/chat-line.ts'
import { readSmsBatch, type SmsMessage } from './sms-message.ts'

const BODY_LIMIT = 64 * 1024

/** What people send who want no more messages, as carriers here and abroad tell them to, once its letters have one width. */
const UNSUBSCRIBING = /^(?:td|t|n|退订|退訂|stop|unsubscribe)[.。!]?$/iu
const UNSUBSCRIBE = '退订'

export interface SmsUpOptions {
  line: Pick<ChatLine, 'hear' | 'contactOf'>
  /** The provider signs nothing: whoever knows the address is the provider. */
  secret: string
  /** May this network address push at all? */
  isAllowed(address: string): boolean
  /** @throws AppError `rate-limited` */
  limit(rule: 'turn-by-user', key: string): Promise<void>
  /** Sends what the line said to a message, once. */
  answer(data: AnswerJob['data']): Promise<void>
  logger: Logger
}

/**
 * Short messages that people send. The provider looks at the status only: anything but 200 is brought again after 1, 5 and 10
 * minutes, the whole batch; so 503 stands for "may work later", and what never will is passed over with 200.
 */
export async function smsUp(app: FastifyInstance, options: SmsUpOptions): Promise<void> {
  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.post(
      '/channels/sms/:secret',
      { schema: { hide: true }, bodyLimit: BODY_LIMIT },
      async (request: FastifyRequest<{ Params: { secret: string } }>, reply) => {
        const isKnown = isSame(request.params.secret, options.secret)
        if (!isKnown || !options.isAllowed(request.ip)) throw new AppError('route-not-found')
        const batch = readSmsBatch(String(request.body ?? ''))
        if (!batch) return answer(reply, 400, 1, '格式不对')
        const { useless, messages } = batch
        if (useless > 0)
          options.logger.warn({ useless }, 'SMS: messages that nobody can answer were passed over')
        const isAllHeard = await hearAll(messages, options)
        return isAllHeard ? answer(reply, 200, 0, '接收成功') : answer(reply, 503, 1, '请稍后重发')
      },
    )
  })
}

function answer(reply: FastifyReply, status: number, code: number, msg: string): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify({ code, msg }))
}

/** One after another, as they were sent. False when some may work later. */
async function hearAll(messages: readonly SmsMessage[], options: SmsUpOptions): Promise<boolean> {
  let isAllHeard = true
  for (const message of messages) {
    try {
      await hear(message, options)
    } catch (error) {
      if (isForGood(error)) {
        options.logger.warn({ code: error.code }, 'SMS: a message was refused')
        continue
      }
      isAllHeard = false
      options.logger.error({ err: error }, 'SMS: a message could not be heard; the provider brings it again')
      // Nor can the others be heard: no need to wait for each.
      if (isAppError(error, 'store-unavailable')) return false
    }
  }
  return isAllHeard
}

function isForGood(error: unknown): error is AppError {
  return error instanceof AppError && error.kind !== 'unavailable' && error.kind !== 'conflict'
}

async function hear({ from, text, externalId }: SmsMessage, { line, limit, answer: send }: SmsUpOptions) {
  await limit('turn-by-user', `${SMS}:${from}`)
  const person = smsPerson(from)
  const words = UNSUBSCRIBING.test(text.normalize('NFKC')) ? UNSUBSCRIBE : text
  await line.hear(person, { externalId, text: words, attachments: [] })
  await send({ conversationId: line.contactOf(person).conversationId, externalId })
}
