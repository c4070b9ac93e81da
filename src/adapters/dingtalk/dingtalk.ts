import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { HOUR } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import { Answers, answerTo } from '../chat/answers.ts'
import { requireFresh } from '../chat/fresh-request.ts'
import { type ChatEar, hearEvent } from '../chat/hear-event.ts'
import { type SealKeys, takeBodiesAsText } from '../chat/sealed-request.ts'
import { NO_QUOTA } from '../chat/text-sender.ts'
import { addressOf, answerDingtalk, DINGTALK, type DingtalkMouth } from './answer-dingtalk.ts'
import type { DingtalkApi } from './dingtalk-api.ts'
import { addEventRoute, secondsOf } from './dingtalk-events.ts'
import { type DingtalkMessage, isSignedByDingtalk, readDingtalkMessage } from './dingtalk-message.ts'

const PATH = '/channels/dingtalk'
const BODY_LIMIT = 64 * 1024
/** How long DingTalk waits is not documented; it is told that the message has arrived after this at the latest. */
const ACKNOWLEDGE_WITHIN_MS = 2000

export interface DingtalkOptions extends ChatEar, DingtalkMouth {
  api: Pick<DingtalkApi, 'media' | 'answer'>
  appSecret: string
  robotCode: string
  logger: Logger
  /** Of event callbacks; null when none are subscribed to. */
  eventKeys: SealKeys | null
  /** Shorter in tests. */
  acknowledgeWithinMs?: number
}

/** A robot in DingTalk: what is said to it is a turn; the answer is a message of its own. */
export async function dingtalk(app: FastifyInstance, options: DingtalkOptions): Promise<void> {
  const { line, sender, appSecret, eventKeys } = options
  const withinMs = options.acknowledgeWithinMs ?? ACKNOWLEDGE_WITHIN_MS
  const answers = new Answers(app, { channel: DINGTALK, line, sender, withinMs })

  await app.register(async scope => {
    takeBodiesAsText(scope)
    if (eventKeys) addEventRoute(scope, `${PATH}/events`, { keys: eventKeys, line })

    scope.post(PATH, { schema: { hide: true }, bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const [timestamp, sign] = [String(request.headers.timestamp ?? ''), String(request.headers.sign ?? '')]
      requireFresh(secondsOf(timestamp), line, HOUR)
      if (!isSignedByDingtalk(timestamp, sign, appSecret)) throw new AppError('signature-invalid')
      const message = readDingtalkMessage(String(request.body ?? ''))
      if (!message) throw new AppError('body-invalid')
      if (isForUs(message, options)) {
        const person = { channel: DINGTALK, address: addressOf(message), allowance: NO_QUOTA }
        const heard = hearEvent(options, person, message.event)
        await answers.apart(heard, answerTo(person.address, message.event), request, what =>
          answerDingtalk(options, message, what),
        )
      }
      return reply.send({})
    })
  })
}

/** Several robots of one application are signed with one secret. */
function isForUs(
  { robotCode, isAddressed }: DingtalkMessage,
  { robotCode: own, logger }: Pick<DingtalkOptions, 'robotCode' | 'logger'>,
): boolean {
  if (robotCode === null || robotCode === own) return isAddressed
  logger.warn(`${DINGTALK}: a message to another robot; not heard`)
  return false
}
