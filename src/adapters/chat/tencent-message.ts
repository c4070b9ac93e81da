import type { Fields } from './flat-xml.ts'
import type { ChatEvent } from './hear-event.ts'
import { placeEvent } from './place-sent.ts'

/** What official accounts get as a text in the place of what their interface does not know, e.g. a sticker. */
const UNSUPPORTED = '【收到不支持的消息类型，暂无法显示】'

/** A message of an official account or of a WeCom application, which write them alike. Source: "接收普通消息" of both. */
export function messageOf(type: string, fields: Fields): ChatEvent {
  const externalId = fields.MsgId || `${fields.CreateTime}-${type}`
  switch (type) {
    case 'text':
      if (fields.Content === UNSUPPORTED) return { kind: 'unreadable', externalId }
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
      const { Label: label, Location_X: latitude, Location_Y: longitude } = fields
      return placeEvent(externalId, label, { longitude, latitude })
    }
    case 'link': {
      const text = [fields.Title, fields.Url].filter(Boolean).join(' ')
      return text === '' ? { kind: 'unreadable', externalId } : { kind: 'said', externalId, text }
    }
    default:
      return { kind: 'unreadable', externalId }
  }
}

/** Events have no id: the platforms tell their repeats by sender and time. */
export function eventIdOf({ Event: event = '', CreateTime: time = '' }: Fields): string {
  return `${time}-${event}`.slice(0, 100)
}
