import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ChatSender } from '../../usecases/channel-ports.ts'
import type { Heard } from '../../usecases/hear-message.ts'
import { piecesOf } from '../../usecases/say-in-text.ts'
import { bubble } from '../chat/chat-line.ts'
import { requireFresh, requireOnce } from '../chat/fresh-request.ts'
import { inTime } from '../chat/in-time.ts'
import { hearWechat, type WechatEar } from './hear-wechat.ts'
import { WECHAT } from './wechat-channel.ts'
import {
  answerEnvelope,
  openEnvelope,
  requirePlainSignature,
  type SignedQuery,
  type WechatKeys,
} from './wechat-envelope.ts'
import { readWechatMessage, type WechatMessage } from './wechat-message.ts'
import { LONGEST_TEXT } from './wechat-sender.ts'

const PATH = '/channels/wechat'
const BODY_LIMIT = 64 * 1024

/** The platform waits five seconds; a way there and back is in them. */
const ANSWER_WITHIN_MS = 4500
/** "Nothing to say now": any other text would be shown as a failure of the account. */
const NOTHING = 'success'

export interface WechatOptions extends WechatEar {
  keys: WechatKeys
  sender: ChatSender
  logger: Logger
  /** How long an answer may take before it is sent by itself; shorter in tests. */
  answerWithinMs?: number
}

type WechatRequest = FastifyRequest<{ Querystring: SignedQuery }>

/**
 * The official account: what the platform posts is a turn, and what the line says is the answer to the post, or, when that takes too
 * long, a message of its own.
 */
export async function wechat(app: FastifyInstance, options: WechatOptions): Promise<void> {
  const underway = new Set<Promise<void>>()
  app.addHook('onClose', async () => void (await Promise.allSettled(underway)))

  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    const schema = { hide: true }

    scope.get(PATH, { schema }, (request: WechatRequest, reply) => {
      requirePlainSignature(request.query, options.keys.token)
      return reply.type('text/plain; charset=utf-8').send(request.query.echostr ?? '')
    })

    scope.post(PATH, { schema, bodyLimit: BODY_LIMIT }, async (request: WechatRequest, reply) => {
      const { query } = request
      requireFresh(query.timestamp ?? '', options.line)
      const { fields, form } = openEnvelope(String(request.body ?? ''), query, options.keys)
      await requireOnce(WECHAT, [query.timestamp ?? '', query.nonce ?? ''], options.line)
      const read = readWechatMessage(fields)
      if (!read) throw new AppError('body-invalid')
      const text = await answerTo(read.from, read.message, request, options, underway)
      if (text === '') return reply.type('text/plain; charset=utf-8').send(NOTHING)
      const answer = {
        from: read.to,
        to: read.from,
        text,
        at: options.line.clock.now(),
        nonce: query.nonce ?? '',
      }
      const { body, type } = answerEnvelope(answer, form, options.keys)
      return sendBody(reply, body, type)
    })
  })
}

function sendBody(reply: FastifyReply, body: string, type: string): FastifyReply {
  return reply.type(type).send(body)
}

/** What to answer now; empty when there is nothing to say or it comes later. */
async function answerTo(
  from: string,
  message: WechatMessage,
  request: FastifyRequest,
  options: WechatOptions,
  underway: Set<Promise<void>>,
): Promise<string> {
  const { line, logger, answerWithinMs = ANSWER_WITHIN_MS } = options
  if (message.kind === 'template-sent' && message.status !== NOTHING)
    logger.warn({ status: message.status.slice(0, 60) }, 'WeChat: a template message did not arrive')
  const work = hearWechat(options, from, message).catch(error => apology(error, request, options))
  const outcome = await inTime(work, answerWithinMs)
  if (!outcome.isInTime) {
    follow(from, outcome.later, options, underway)
    return ''
  }
  // As much as one answer holds; the rest follows as a message of its own.
  const { said, locale } = outcome.value
  const [first = '', ...rest] = piecesOf(line.inText(said, locale), LONGEST_TEXT)
  if (rest.length > 0)
    follow(from, Promise.resolve({ said: [bubble(rest.join('\n'))], locale }), options, underway)
  return first
}

/** Sends by itself what comes later. */
function follow(
  from: string,
  work: Promise<Heard>,
  { line, sender, logger }: WechatOptions,
  underway: Set<Promise<void>>,
): void {
  const contact = line.contactOf({ channel: WECHAT, address: from })
  const sending = work
    .then(async ({ said, locale }) => {
      if (said.length > 0) await sender.send(contact, said, locale)
    })
    .catch(error => logger.error({ err: error }, 'WeChat: a late answer could not be sent'))
    .finally(() => underway.delete(sending))
  underway.add(sending)
}

/** A refused or failed turn is answered in words: anything else would be shown as a failure of the account. */
function apology(error: unknown, request: FastifyRequest, { line }: WechatOptions): Heard {
  const isExpected = error instanceof AppError
  if (!isExpected) request.log.error({ err: error }, 'unforeseen error')
  const text = isExpected
    ? line.texts('zh-Hans', `error.${error.code}`, error.details)
    : line.texts('zh-Hans', 'error.internal', { id: request.id })
  return { said: [bubble(text)], locale: 'zh-Hans' }
}
