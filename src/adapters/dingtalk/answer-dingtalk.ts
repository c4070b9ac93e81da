import type { Channel } from '../../cases/channels.ts'
import { DAY } from '../../kernel/clock.ts'
import type { ChatSender } from '../../usecases/channel-ports.ts'
import type { Heard } from '../../usecases/hear-message.ts'
import { piecesOf } from '../../usecases/say-in-text.ts'
import { answerTo } from '../chat/answers.ts'
import { VendorAway, VendorRefusal } from '../chat/call-vendor.ts'
import type { ChatLine } from '../chat/chat-line.ts'
import { type DingtalkApi, isWebhook } from './dingtalk-api.ts'
import type { DingtalkMessage } from './dingtalk-message.ts'

/** The channel's name in conversations and cases. */
export const DINGTALK: Channel = 'dingtalk'
/** Most bytes of one text; what DingTalk takes is more, what is read in a bubble is less. */
export const LONGEST_TEXT = 4096

export interface DingtalkMouth {
  line: ChatLine
  api: Pick<DingtalkApi, 'answer'>
  sender: ChatSender
}

/** Members have an id under which they can be written to; others are only answered where they write. */
export function addressOf({ staffId, senderId }: DingtalkMessage): string {
  return staffId ?? senderId
}

/**
 * Answers once, however often the message comes. In the conversation it came from when that is a private one; somebody who writes in a
 * group is answered in private, since what is said is nobody else's business.
 * @throws VendorAway, VendorRefusal when it could not be sent
 */
export async function answerDingtalk(
  mouth: DingtalkMouth,
  message: DingtalkMessage,
  heard: Heard,
): Promise<void> {
  const { line } = mouth
  if (!(await line.shared.once(`${DINGTALK}-answered:${message.messageId}`, DAY))) return
  if (message.isGroup && message.staffId === null) {
    const text = line.texts(heard.locale, 'chat.write-privately')
    if (!(await isPosted(mouth, message, text))) throw new VendorRefusal(DINGTALK, 'no-way')
    return
  }
  if (message.isGroup || !(await isPosted(mouth, message, line.inText(heard.said, heard.locale))))
    await sendApart(mouth, message, heard)
}

async function sendApart(
  { line, sender }: DingtalkMouth,
  message: DingtalkMessage,
  { said, locale }: Heard,
): Promise<void> {
  const { address, key } = answerTo(addressOf(message), message.event)
  const outcome = await sender.send(line.contactOf({ channel: DINGTALK, address }), said, locale, key)
  if (outcome === 'unreachable') throw new VendorRefusal(DINGTALK, 'no-way')
}

/** False when the conversation's webhook does not take it; it is then sent by the robot. */
async function isPosted(
  { line, api }: DingtalkMouth,
  { webhook }: DingtalkMessage,
  text: string,
): Promise<boolean> {
  if (!webhook || webhook.until <= line.clock.now() || !isWebhook(webhook.url)) return false
  for (const [i, piece] of piecesOf(text, LONGEST_TEXT).entries()) {
    // Once the beginning has arrived it is told; the whole of it stands in the conversation.
    if (!(await isTaken(api, webhook.url, piece))) return i > 0
  }
  return true
}

async function isTaken(api: DingtalkMouth['api'], webhook: string, text: string): Promise<boolean> {
  try {
    await api.answer(webhook, text)
    return true
  } catch (error) {
    if (error instanceof VendorAway || error instanceof VendorRefusal) return false
    throw error
  }
}
