import type { Channel } from '../../cases/channels.ts'
import { DAY, MINUTE } from '../../kernel/clock.ts'
import { isAppError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Allowance, ChatSender } from '../../usecases/channel-ports.ts'
import type { ChatPerson } from '../../usecases/hear-message.ts'
import { piecesOf } from '../../usecases/say-in-text.ts'
import { answerTo, apologyFor } from '../chat/answers.ts'
import { VendorRefusal } from '../chat/call-vendor.ts'
import { type ChatEar, type ChatEvent, hearEvent } from '../chat/hear-event.ts'
import { messageIdOf } from '../chat/text-sender.ts'
import type { KfApi } from './kf-api.ts'
import { type KfMessage, readKfMessage } from './kf-message.ts'

/** The channel's name in conversations and cases. */
export const WECHAT_KF: Channel = 'wechat-kf'
/** Most bytes of one text. */
export const LONGEST_TEXT = 2048

/** What may be sent after a message; entering allows only the welcome. Source: "发送消息" of 微信客服. */
const AFTER_MESSAGE: Allowance = { messages: 5, forMs: 2 * DAY }
const AFTER_ENTERING: Allowance = { messages: 0, forMs: 0 }
/** What was sent so long before we first heard of the account was said to somebody else. */
const BEFORE_US_MS = 10 * MINUTE
/** So often a message that cannot be answered holds up those behind it. */
const PATIENT_TRIES = 5

export interface KfEar extends ChatEar {
  api: Pick<KfApi, 'media' | 'welcome'>
  sender: ChatSender
  logger: Logger
}

/** Both ids in one address, as contacts have one. */
export function addressOf({ account, customer }: Pick<KfMessage, 'account' | 'customer'>): string {
  return `${account}/${customer}`
}

/**
 * Hears one fetched message and answers it. What is none is passed over.
 * @throws to be heard again, with the same ids: while the store is away, and for some tries whatever else went wrong
 */
export async function hearKf(
  ear: KfEar,
  raw: unknown,
  { since, tries }: { since: Date; tries: number },
): Promise<void> {
  const message = readKfMessage(raw)
  if (!message || message.sentAt.getTime() < since.getTime() - BEFORE_US_MS) return
  const { event } = message
  if (event.kind === 'undelivered') {
    ear.logger.warn({ failType: event.failType }, `${WECHAT_KF}: a message did not arrive`)
    return
  }
  try {
    if (event.kind === 'welcomed') await welcome(ear, message, event)
    else await answer(ear, message, event)
  } catch (error) {
    const isForLater = tries < PATIENT_TRIES && !(error instanceof VendorRefusal)
    if (isForLater || isAppError(error, 'store-unavailable')) throw error
    ear.logger.error({ err: error }, `${WECHAT_KF}: an answer could not be sent`)
  }
}

async function answer(ear: KfEar, message: KfMessage, event: ChatEvent): Promise<void> {
  const { line, sender, logger } = ear
  const to = answerTo(addressOf(message), event)
  const person: ChatPerson = { channel: WECHAT_KF, address: to.address, allowance: AFTER_MESSAGE }
  const { said, locale } = await hearEvent(ear, person, event).catch(error => {
    // Heard again when the store is back; all else would be refused again.
    if (isAppError(error, 'store-unavailable')) throw error
    return apologyFor(error, line, { id: messageIdOf(to.key, 0).slice(0, 8), log: logger })
  })
  if (said.length > 0) await sender.send(line.contactOf(person), said, locale, to.key)
}

async function welcome(
  { line, api }: KfEar,
  message: KfMessage,
  event: { code: string; externalId: string },
): Promise<void> {
  const { address, key } = answerTo(addressOf(message), event)
  const { said, locale } = await line.greet({ channel: WECHAT_KF, address, allowance: AFTER_ENTERING })
  const [text] = piecesOf(line.inText(said, locale), LONGEST_TEXT)
  if (text !== undefined) await api.welcome(event.code, text, messageIdOf(key, 0))
}
