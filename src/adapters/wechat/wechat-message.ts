import type { Fields } from '../chat/flat-xml.ts'
import type { ChatEvent } from '../chat/hear-event.ts'
import { eventIdOf, messageOf } from '../chat/tencent-message.ts'

/** What somebody did in the official account. Source: "接收普通消息" and "接收事件推送" of the platform's documentation. */
export type WechatMessage =
  | ChatEvent
  | { kind: 'came'; scene: string | null; externalId: string }
  | { kind: 'scanned'; scene: string; externalId: string }
  | { kind: 'tapped'; menuKey: string; externalId: string }
  | { kind: 'template-sent'; status: string }

/** A message with its sender and receiver, or null when it is none. */
export function readWechatMessage(
  fields: Fields,
): { from: string; to: string; message: WechatMessage } | null {
  const { FromUserName: from, ToUserName: to, MsgType: type } = fields
  if (!from || !to || !type) return null
  return { from, to, message: type === 'event' ? eventOf(fields) : messageOf(type, fields) }
}

function eventOf(fields: Fields): WechatMessage {
  const { Event: event = '', EventKey: key = '' } = fields
  const externalId = eventIdOf(fields)
  switch (event.toUpperCase()) {
    case 'SUBSCRIBE':
      return { kind: 'came', scene: key.replace(/^qrscene_/, '') || null, externalId }
    case 'UNSUBSCRIBE':
      return { kind: 'left' }
    case 'SCAN':
      return { kind: 'scanned', scene: key, externalId }
    case 'CLICK':
      return { kind: 'tapped', menuKey: key, externalId }
    case 'TEMPLATESENDJOBFINISH':
      return { kind: 'template-sent', status: fields.Status ?? '' }
    default:
      return { kind: 'silent' }
  }
}
