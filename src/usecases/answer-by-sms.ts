import type { Outgoing } from '../conversation/message.ts'
import { isAppError } from '../kernel/errors.ts'
import type { AnswerJob } from './job.ts'
import type { Line } from './line.ts'
import type { ShortMessage, SmsGateway } from './notice-ports.ts'
import { LONGEST_SMS, sayInSms } from './say-in-sms.ts'
import type { Texts } from './say-in-text.ts'

/** Key of the text around what the line says: who it is that says it. */
const ANSWER = 'sms.answer'

/** How many answers one number is worth; counted here, where each answer is sent once. */
export interface AnswerAllowance {
  /** @throws AppError `rate-limited` */
  take(conversationId: string): Promise<void>
  giveBack(conversationId: string): Promise<void>
}

export interface AnswerParts {
  /** Null: there is none, and nothing is sent. */
  gateway: SmsGateway | null
  allowance: AnswerAllowance
}

/** What the line said to a short message goes out, once for each message however often the provider brings it. */
export async function queueAnswer(line: Line, data: AnswerJob['data']): Promise<void> {
  const key = `${data.conversationId}:${data.externalId}`
  await line.store.transact(async tx => tx.enqueue([{ name: 'answer-sms', key, data }]))
}

/**
 * Sends the answer to a short message as one short message. A number that has had many answers lately gets none: it is a machine, or
 * somebody who makes us pay.
 * @throws what the gateway throws, to be tried again later, unless this was the last try
 */
export async function answerBySms(
  line: Line,
  job: { key: string; data: AnswerJob['data']; isLastTry: boolean },
  { gateway, allowance }: AnswerParts,
): Promise<void> {
  const { conversationId } = job.data
  const answer = gateway && (await answerOf(line, job.data))
  if (!gateway || !answer || !(await isAllowed(line, conversationId, allowance))) return
  const outcome = await gateway.send({ ...answer, key: `answer:${job.key}` }).catch(async error => {
    await allowance.giveBack(conversationId)
    if (!job.isLastTry) throw error
    line.logger.warn({ err: error }, 'an answer by SMS could not be sent')
    return 'sent' as const
  })
  if (outcome === 'refused') line.logger.warn({ conversationId }, 'an answer by SMS was refused')
}

async function answerOf(
  line: Line,
  { conversationId, externalId }: AnswerJob['data'],
): Promise<Omit<ShortMessage, 'key'> | null> {
  const contact = await line.store.contacts.byConversation(conversationId)
  const [turn, locale] = await line.store.transact(async tx => {
    const conversation = await tx.conversation(conversationId)
    return [await tx.earlierTurn(conversationId, externalId), conversation?.locale ?? 'zh-Hans'] as const
  })
  const said = (turn ?? []).map(({ body }) => body).filter((body): body is Outgoing => 'key' in body)
  if (!contact || said.length === 0) return null
  const texts: Texts = (key, params) => line.content.texts.of(locale, key, params)
  const signed = (text: string) => texts(ANSWER, { line: line.names.line(locale), text })
  const text = sayInSms(said, texts, LONGEST_SMS - [...signed('')].length)
  return { to: contact.address, text: signed(text), of: { key: ANSWER, params: { text } } }
}

async function isAllowed(line: Line, conversationId: string, allowance: AnswerAllowance): Promise<boolean> {
  try {
    await allowance.take(conversationId)
    return true
  } catch (error) {
    if (!isAppError(error, 'rate-limited')) throw error
    line.logger.warn({ conversationId }, 'a number has had its answers by SMS; this one is not sent')
    return false
  }
}
