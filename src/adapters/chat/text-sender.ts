import { createHash, randomUUID } from 'node:crypto'
import { DAY } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Allowance, ChatSender, Contact, ContactStore } from '../../usecases/channel-ports.ts'
import { piecesOf } from '../../usecases/say-in-text.ts'
import { VendorAway, VendorRefusal } from './call-vendor.ts'
import type { ChatLine } from './chat-line.ts'

/** Of channels that let us send as much as we like, whenever we like. */
export const NO_QUOTA: Allowance = { messages: 1_000_000, forMs: 3650 * DAY }

export interface TextSenderParts {
  line: Pick<ChatLine, 'inText' | 'clock'>
  contacts: Pick<ContactStore, 'take' | 'giveBack' | 'left'>
  logger: Logger
  /** Most bytes of one text. */
  mostBytes: number
  /** Each message counts against the contact's allowance. */
  hasQuota: boolean
  /** Codes that say that this person is not to be reached any more. */
  gone: readonly (number | string)[]
  /**
   * @param messageId 32 characters, the same whenever the same piece is sent again
   * @throws VendorAway, VendorRefusal
   */
  deliver(address: string, text: string, messageId: string): Promise<void>
}

/** Sends what is said as texts, in as many pieces as it takes. */
export function createTextSender(parts: TextSenderParts): ChatSender {
  return {
    async send(contact, said, locale, key = randomUUID()) {
      const pieces = piecesOf(parts.line.inText(said, locale), parts.mostBytes)
      for (const [i, piece] of pieces.entries()) {
        const isSent = await sendPiece(parts, contact, piece, messageIdOf(key, i))
        // Once the beginning has arrived it is told; the whole of it stands in the conversation.
        if (!isSent) return i === 0 ? 'unreachable' : 'sent'
      }
      return 'sent'
    },
  }
}

/** An id for a piece of a message, as vendors take them to know repeats: 32 letters and digits. */
export function messageIdOf(key: string, piece: number): string {
  return createHash('sha256').update(`${key}:${piece}`).digest('hex').slice(0, 32)
}

async function sendPiece(
  { contacts, line, logger, hasQuota, gone, deliver }: TextSenderParts,
  { conversationId, channel, address }: Contact,
  text: string,
  messageId: string,
): Promise<boolean> {
  if (hasQuota && !(await contacts.take(conversationId, line.clock.now()))) return false
  try {
    await deliver(address, text, messageId)
    return true
  } catch (error) {
    if (hasQuota && error instanceof VendorAway) await contacts.giveBack(conversationId)
    if (!(error instanceof VendorRefusal)) throw error
    if (gone.includes(error.code)) await contacts.left(conversationId)
    else logger.warn({ err: error }, `${channel}: a message was refused; it goes another way`)
    return false
  }
}
