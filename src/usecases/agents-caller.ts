import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { phoneIn } from './file-in-chat.ts'
import type { Line } from './line.ts'
import type { PhoneCall } from './phone-call-ports.ts'
import type { Account } from './ports.ts'
import { checkSees } from './role-views.ts'
import { mobileNumber } from './sms-person.ts'

/** The channel of what agents file for people who call. */
const PHONE = 'phone'

/** @throws AppError `action-forbidden` for whoever does not answer calls */
export function checkAnswering(account: Account): void {
  checkSees(account, 'answering')
}

/** A call that is going on or is over. @throws AppError `phone-call-not-found` */
export async function callOf(line: Line, callId: string | null): Promise<PhoneCall | null> {
  if (callId === null) return null
  const [known] = await line.store.phoneCalls.load([{ callId, utteranceIds: [] }])
  if (!known) throw new AppError('phone-call-not-found')
  return known.call
}

/** The number of the other end, as it is kept: a mobile number without its country. */
export function numberOf(call: PhoneCall | null): string | null {
  if (call?.ani == null) return null
  return mobileNumber(call.ani) ?? call.ani
}

/** Who speaks to an agent: by a call, in a chat, or nobody that is known yet. */
export interface Speaker {
  /** Their number, where the call or the chat tells it. */
  number: string | null
  /** Under which they filed before; null: by their number only. */
  person: { channel: string; channelUserId: string } | null
}

/** @throws AppError `phone-call-not-found`, `chat-not-found` */
export async function speakerOf(
  line: Line,
  { callId, chatId }: { callId: string | null; chatId: string | null },
): Promise<Speaker> {
  if (chatId === null) return { number: numberOf(await callOf(line, callId)), person: null }
  return line.store.transact(async tx => {
    const chat = await tx.chats.chat(chatId)
    const conversation = chat && (await tx.conversation(chat.conversationId))
    if (!conversation) throw new AppError('chat-not-found')
    const { channel, userId: channelUserId, state } = conversation
    return { number: phoneIn(state), person: { channel, channelUserId } }
  })
}

/** Who somebody is by their number; without one nobody else. */
export function callerBy(line: Line, number: string | null): { channel: string; channelUserId: string } {
  return { channel: PHONE, channelUserId: number ?? newId(line.clock.now(), line.chance) }
}
