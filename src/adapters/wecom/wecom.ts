import type {} from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { Channel } from '../../cases/channels.ts'
import { DAY } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ChatSender } from '../../usecases/channel-ports.ts'
import type { Heard } from '../../usecases/hear-message.ts'
import { Answers, answerTo } from '../chat/answers.ts'
import { type Fields, writeFlatXml } from '../chat/flat-xml.ts'
import { type ChatEar, hearEvent, NOTHING_SAID } from '../chat/hear-event.ts'
import {
  addAddressCheck,
  hearSealedXml,
  type SealKeys,
  type SignedRequest,
  sealAnswer,
  sendText,
  takeBodiesAsText,
} from '../chat/sealed-request.ts'
import { NO_QUOTA } from '../chat/text-sender.ts'
import { readWecomMessage, type WecomMessage } from './wecom-message.ts'

/** The channel's name in conversations and cases. */
export const WECOM: Channel = 'wecom'
/** Most bytes of one text. */
export const LONGEST_TEXT = 2048

const PATH = '/channels/wecom'
const BODY_LIMIT = 64 * 1024
/** WeCom waits five seconds; a way there and back is in them. */
const ANSWER_WITHIN_MS = 4500
/** How long somebody who opens the application again is not greeted again. */
const GREETED_FOR_MS = DAY

export interface WecomOptions extends ChatEar {
  keys: SealKeys
  agentId: string
  sender: ChatSender
  logger: Logger
  /** How long an answer may take before it is sent by itself; shorter in tests. */
  answerWithinMs?: number
}

/** An application in WeCom: what is posted is a turn, and what the line says is the answer, or a message of its own when it takes longer. */
export async function wecom(app: FastifyInstance, options: WecomOptions): Promise<void> {
  const { line, keys, sender, answerWithinMs: withinMs = ANSWER_WITHIN_MS } = options
  const answers = new Answers(app, { channel: WECOM, line, sender, withinMs })

  await app.register(async scope => {
    takeBodiesAsText(scope)
    addAddressCheck(scope, PATH, keys)

    const schema = { hide: true }
    const answer = async (fields: Fields, request: SignedRequest): Promise<string> => {
      const message = readWecomMessage(fields)
      if (!message) throw new AppError('body-invalid')
      // Several applications of one enterprise may have been given one token and key.
      if (message.agentId !== null && message.agentId !== options.agentId) {
        options.logger.warn(`${WECOM}: a message to another application; not heard`)
        return ''
      }
      const to = answerTo(message.from, message.event)
      const text = await answers.inRequest(hearWecom(options, message), to, LONGEST_TEXT, request)
      if (text === '') return ''
      const under = { nonce: request.query.nonce ?? '', at: line.clock.now() }
      return sealedText(message, text, under, keys)
    }
    scope.post(PATH, { schema, bodyLimit: BODY_LIMIT }, async (request: SignedRequest, reply) => {
      const xml = await hearSealedXml(WECOM, request, options, fields => answer(fields, request))
      // An empty answer is taken as "nothing to say".
      return xml === '' ? sendText(reply, '') : reply.type('text/xml; charset=utf-8').send(xml)
    })
  })
}

async function hearWecom(ear: ChatEar, { from, event, isEntering }: WecomMessage): Promise<Heard> {
  // Whoever has just come in enters next, and was greeted.
  const isFirst =
    event.kind === 'came' && (await ear.line.shared.once(`${WECOM}-greeted:${from}`, GREETED_FOR_MS))
  if (isEntering && !isFirst) return NOTHING_SAID
  return hearEvent(ear, { channel: WECOM, address: from, allowance: NO_QUOTA }, event)
}

function sealedText(
  { from, to }: WecomMessage,
  text: string,
  { nonce, at }: { nonce: string; at: Date },
  keys: SealKeys,
): string {
  const timestamp = Math.floor(at.getTime() / 1000)
  const plain = writeFlatXml({
    ToUserName: from,
    FromUserName: to,
    CreateTime: timestamp,
    MsgType: 'text',
    Content: text,
  })
  const { sealed, signature } = sealAnswer(plain, { timestamp, nonce }, keys)
  return writeFlatXml({ Encrypt: sealed, MsgSignature: signature, TimeStamp: timestamp, Nonce: nonce })
}
