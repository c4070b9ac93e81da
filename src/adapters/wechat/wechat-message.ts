import type { Fields } from '../chat/flat-xml.ts'

/** What somebody did in the official account. Source: "接收普通消息" and "接收事件推送" of the platform's documentation. */
export type WechatMessage =
  | { kind: 'said'; externalId: string; text: string }
  | { kind: 'picture'; externalId: string; mediaId: string }
  | { kind: 'unheard' | 'unnamed-place' | 'unreadable'; externalId: string }
  | { kind: 'came'; scene: string | null; externalId: string }
  | { kind: 'scanned'; scene: string; externalId: string }
  | { kind: 'tapped'; menuKey: string; externalId: string }
  | { kind: 'left' }
  | { kind: 'template-sent'; status: string }
  /** Nothing that anybody waits for. */
  | { kind: 'silent' }

/** A message with its sender and receiver, or null when it is none. */
export function readWechatMessage(
  fields: Fields,
): { from: string; to: string; message: WechatMessage } | null {
  const { FromUserName: from, ToUserName: to, MsgType: type } = fields
  if (!from || !to || !type) return null
  return { from, to, message: type === 'event' ? eventOf(fields) : messageOf(type, fields) }
}

function messageOf(type: string, fields: Fields): WechatMessage {
  const { MsgId: externalId = `${fields.CreateTime}-${type}` } = fields
  switch (type) {
    case 'text':
      return { kind: 'said', externalId, text: fields.Content ?? '' }
    case 'image':
      return fields.MediaId
        ? { kind: 'picture', externalId, mediaId: fields.MediaId }
        : { kind: 'unreadable', externalId }
    case 'voice': {
      const text = (fields.Recognition ?? '').trim()
      return text === '' ? { kind: 'unheard', externalId } : { kind: 'said', externalId, text }
    }
    case 'location': {
      const text = (fields.Label ?? '').trim()
      return text === '' ? { kind: 'unnamed-place', externalId } : { kind: 'said', externalId, text }
    }
    case 'link': {
      const text = [fields.Title, fields.Url].filter(Boolean).join(' ')
      return text === '' ? { kind: 'unreadable', externalId } : { kind: 'said', externalId, text }
    }
    default:
      return { kind: 'unreadable', externalId }
  }
}

/** Events have no id: the platform tells their repeats by sender and time. */
function eventOf(fields: Fields): WechatMessage {
  const { Event: event = '', EventKey: key = '', CreateTime: time = '' } = fields
  const externalId = `${time}-${event}`.slice(0, 100)
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
