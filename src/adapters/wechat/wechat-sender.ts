import type { OfficialAccount, TEMPLATE_FACTS } from '../../content/official-account.ts'
import type { CaseCard } from '../../conversation/message.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ChatSender, Contact, ContactStore } from '../../usecases/channel-ports.ts'
import { piecesOf } from '../../usecases/say-in-text.ts'
import { VendorAway, VendorRefusal } from '../chat/call-vendor.ts'
import type { ChatLine } from '../chat/chat-line.ts'
import type { WechatApi } from './wechat-api.ts'

/** Most bytes of one text. */
export const LONGEST_TEXT = 2048
/** Outside of the 48 hours, or too many since the person wrote. */
const NOT_NOW: VendorRefusal['code'][] = [45015, 45047]
/** Does not follow the account any more, or wants nothing, or there is no such person. */
const GONE: VendorRefusal['code'][] = [43004, 43101, 40003]

export interface WechatSenderParts {
  api: WechatApi
  contacts: Pick<ContactStore, 'take' | 'giveBack' | 'left'>
  inText: ChatLine['inText']
  template: OfficialAccount['template']
  publicUrl: string | null
  clock: Clock
  logger: Logger
}

/** Texts within the quota of customer-service messages, else the account's template; else it is not to be reached this way. */
export function createWechatSender(parts: WechatSenderParts): ChatSender {
  return {
    async send(contact, said, locale) {
      const [first, ...rest] = piecesOf(parts.inText(said, locale), LONGEST_TEXT)
      if (first === undefined) return 'sent'
      const outcome = await sendText(parts, contact, first)
      if (outcome === 'not-now')
        return sendTemplate(parts, contact, said.flatMap(({ cards }) => cards).at(-1))
      if (outcome === 'unreachable') return outcome
      // The beginning has arrived; the whole of it stands in the conversation.
      for (const piece of rest) if ((await sendText(parts, contact, piece)) !== 'sent') break
      return 'sent'
    },
  }
}

async function sendText(
  parts: WechatSenderParts,
  contact: Contact,
  text: string,
): Promise<'sent' | 'not-now' | 'unreachable'> {
  const { api, contacts, clock } = parts
  if (!(await contacts.take(contact.conversationId, clock.now()))) return 'not-now'
  try {
    await api.sendText(contact.address, text)
    return 'sent'
  } catch (error) {
    if (error instanceof VendorAway) await contacts.giveBack(contact.conversationId)
    if (!(error instanceof VendorRefusal)) throw error
    return refused(error, contact, parts)
  }
}

async function refused(
  error: VendorRefusal,
  { conversationId }: Contact,
  { contacts, logger }: Pick<WechatSenderParts, 'contacts' | 'logger'>,
): Promise<'not-now' | 'unreachable'> {
  const isGone = GONE.includes(error.code)
  if (isGone) await contacts.left(conversationId)
  else if (!NOT_NOW.includes(error.code))
    logger.warn({ err: error }, 'WeChat: a message was refused; it goes another way')
  return isGone ? 'unreachable' : 'not-now'
}

async function sendTemplate(
  parts: WechatSenderParts,
  contact: Contact,
  card: CaseCard | undefined,
): Promise<'sent' | 'unreachable'> {
  const { api, template, publicUrl } = parts
  if (!template || !card) return 'unreachable'
  const data = Object.fromEntries(
    Object.entries(template.fields).map(([field, fact]) => [
      field,
      { value: fitting(factOf(card, fact), field) },
    ]),
  )
  const url = publicUrl && `${publicUrl.replace(/\/$/, '')}/status#n=${card.number}`
  try {
    await api.sendTemplate(contact.address, { id: template.id, url, data })
    return 'sent'
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error
    await refused(error, contact, parts)
    return 'unreachable'
  }
}

function factOf(card: CaseCard, fact: (typeof TEMPLATE_FACTS)[number]): string {
  switch (fact) {
    case 'number':
      return card.number
    case 'title':
      return card.title
    case 'department':
      return card.departmentName
    case 'status':
      return card.statusText
  }
}

/** Longest value of each kind of field, in characters; a longer one is refused. Source: "模板消息参数说明". */
const LONGEST: Readonly<Record<string, number>> = {
  thing: 20,
  character_string: 32,
  phrase: 5,
  const: 20,
  short_thing: 5,
}

function fitting(text: string, field: string): string {
  const longest = LONGEST[field.replace(/\d+$/, '')] ?? 20
  const characters = [...text]
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text
}
