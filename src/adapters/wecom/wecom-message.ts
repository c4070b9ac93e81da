import type { Fields } from '../chat/flat-xml.ts'
import { type ChatEvent, SAYS } from '../chat/hear-event.ts'
import { eventIdOf, messageOf } from '../chat/tencent-message.ts'

export interface WecomMessage {
  /** The member's id. */
  from: string
  /** The enterprise. */
  to: string
  /** The application that it was said to, where that is told. */
  agentId: string | null
  event: ChatEvent
  /** Opening the application is not worth a greeting each time. */
  isEntering: boolean
}

/** What somebody did in the application, or null when it is none. Source: "接收消息与事件" of WeCom. */
export function readWecomMessage(fields: Fields): WecomMessage | null {
  const { FromUserName: from, ToUserName: to, MsgType: type, AgentID: agentId = null } = fields
  if (!from || !to || !type) return null
  const isEntering = type === 'event' && fields.Event === 'enter_agent'
  const event = type === 'event' ? eventOf(fields) : messageOf(type, fields)
  return { from, to, agentId, event, isEntering }
}

function eventOf(fields: Fields): ChatEvent {
  const { Event: event = '', EventKey: key = '' } = fields
  const externalId = eventIdOf(fields)
  switch (event) {
    case 'enter_agent':
    case 'subscribe':
      return { kind: 'came', externalId }
    case 'unsubscribe':
      return { kind: 'left' }
    case 'click':
      return key.startsWith(SAYS)
        ? { kind: 'said', externalId, text: key.slice(SAYS.length) }
        : { kind: 'silent' }
    default:
      return { kind: 'silent' }
  }
}
