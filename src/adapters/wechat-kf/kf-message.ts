import { z } from 'zod'
import type { ChatEvent } from '../chat/hear-event.ts'
import { placeEvent } from '../chat/place-sent.ts'

const FROM_CUSTOMER = 3

const messageSchema = z.object({
  msgid: z.string().min(1),
  open_kfid: z.string().min(1).optional(),
  external_userid: z.string().min(1).optional(),
  /** Seconds. */
  send_time: z.number(),
  origin: z.number().optional(),
  msgtype: z.string(),
  text: z.object({ content: z.string() }).optional(),
  image: z.object({ media_id: z.string().min(1) }).optional(),
  location: z
    .object({
      name: z.string().optional(),
      address: z.string().optional(),
      longitude: z.unknown().optional(),
      latitude: z.unknown().optional(),
    })
    .optional(),
  link: z.object({ title: z.string().optional(), url: z.string().optional() }).optional(),
  event: z
    .object({
      event_type: z.string(),
      open_kfid: z.string().min(1).optional(),
      external_userid: z.string().min(1).optional(),
      welcome_code: z.string().min(1).optional(),
      fail_type: z.number().optional(),
    })
    .optional(),
})

/** What somebody did at an account of 微信客服, or what became of a message of ours. */
export type KfEvent =
  | ChatEvent
  /** Entered the conversation; with the code one text may be sent at once. */
  | { kind: 'welcomed'; externalId: string; code: string }
  /** Source of the types: "消息发送失败事件". */
  | { kind: 'undelivered'; failType: number }

export interface KfMessage {
  /** Account and person: the same person at two accounts has two conversations. */
  account: string
  customer: string
  sentAt: Date
  event: KfEvent
}

/** A message that was fetched, or null for what is none or not from the customer. Source: "接收消息和事件" of 微信客服. */
export function readKfMessage(raw: unknown): KfMessage | null {
  const parsed = messageSchema.safeParse(raw)
  if (!parsed.success) return null
  const { data } = parsed
  const account = data.open_kfid ?? data.event?.open_kfid
  const customer = data.external_userid ?? data.event?.external_userid
  const isTheirs = data.origin === FROM_CUSTOMER || data.msgtype === 'event'
  if (!account || !customer || !isTheirs) return null
  const event = data.msgtype === 'event' ? eventOf(data) : messageOf(data)
  return { account, customer, sentAt: new Date(data.send_time * 1000), event }
}

type Data = z.infer<typeof messageSchema>

function messageOf({ msgid: externalId, msgtype, text, image, location, link }: Data): ChatEvent {
  switch (msgtype) {
    case 'text':
      return { kind: 'said', externalId, text: text?.content ?? '' }
    case 'image':
      return image
        ? { kind: 'picture', externalId, mediaId: image.media_id }
        : { kind: 'unreadable', externalId }
    case 'voice':
      return { kind: 'unheard', externalId }
    case 'location': {
      const place = [location?.address, location?.name].filter(Boolean).join(' ')
      return placeEvent(externalId, place, location ?? {})
    }
    case 'link': {
      const words = [link?.title, link?.url].filter(Boolean).join(' ')
      return words === '' ? { kind: 'unreadable', externalId } : { kind: 'said', externalId, text: words }
    }
    default:
      return { kind: 'unreadable', externalId }
  }
}

function eventOf({ msgid: externalId, event }: Data): KfEvent {
  switch (event?.event_type) {
    case 'enter_session':
      return event.welcome_code === undefined
        ? { kind: 'silent' }
        : { kind: 'welcomed', externalId, code: event.welcome_code }
    case 'msg_send_fail':
      return { kind: 'undelivered', failType: event.fail_type ?? 0 }
    default:
      return { kind: 'silent' }
  }
}
