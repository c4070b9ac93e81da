import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { isSame } from '../../kernel/same-secret.ts'
import type { ChatEvent } from '../chat/hear-event.ts'
import { readJson } from '../chat/read-json.ts'

const GROUP = '2'

/** What a message does not have may be left out, null or empty; for less a message would be lost. */
const messageSchema = z.object({
  msgtype: z.string().min(1),
  msgId: z.string().min(1),
  /** The robot that it was said to. */
  robotCode: z.string().nullish(),
  /** The member's id in the enterprise; people from elsewhere have none. */
  senderStaffId: z.string().nullish(),
  senderId: z.string().min(1),
  conversationType: z.string(),
  isInAtList: z.boolean().nullish(),
  sessionWebhook: z.string().nullish(),
  /** Milliseconds. */
  sessionWebhookExpiredTime: z.number().nullish(),
  text: z.object({ content: z.string() }).nullish(),
  content: z
    .object({
      downloadCode: z.string().nullish(),
      recognition: z.string().nullish(),
      richText: z
        .array(z.object({ text: z.string().nullish(), downloadCode: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
})

export interface DingtalkMessage {
  messageId: string
  robotCode: string | null
  staffId: string | null
  /** DingTalk's own id of the person, the same in all that they write. */
  senderId: string
  isGroup: boolean
  /** In groups: somebody said its name. */
  isAddressed: boolean
  /** Where an answer may be posted for a while; not yet looked at. */
  webhook: { url: string; until: Date } | null
  event: ChatEvent
}

/** Is this DingTalk's own signature over the time? The body is not under it. Source: "接收消息" of the robot's documentation. */
export function isSignedByDingtalk(timestamp: string, sign: string, appSecret: string): boolean {
  const expected = createHmac('sha256', appSecret).update(`${timestamp}\n${appSecret}`).digest('base64')
  return isSame(sign, expected)
}

/** What somebody said to the robot, or null when it is no message. */
export function readDingtalkMessage(text: string): DingtalkMessage | null {
  const message = readJson(text, messageSchema)
  if (!message) return null
  const { msgId, robotCode, senderStaffId, senderId, conversationType, isInAtList } = message
  const { sessionWebhook, sessionWebhookExpiredTime: expiresAt } = message
  const isGroup = conversationType === GROUP
  return {
    messageId: msgId,
    robotCode: robotCode || null,
    staffId: senderStaffId || null,
    senderId,
    isGroup,
    isAddressed: !isGroup || isInAtList === true,
    webhook: sessionWebhook ? { url: sessionWebhook, until: new Date(expiresAt ?? 0) } : null,
    event: eventOf(message),
  }
}

function eventOf({ msgtype, msgId: externalId, text, content }: z.infer<typeof messageSchema>): ChatEvent {
  switch (msgtype) {
    case 'text':
      return { kind: 'said', externalId, text: (text?.content ?? '').trim() }
    case 'richText': {
      const parts = content?.richText ?? []
      const words = parts.map(part => part.text ?? '').join('')
      const pictures = parts.flatMap(part => part.downloadCode || [])
      return { kind: 'said', externalId, text: words.trim(), pictures }
    }
    case 'audio': {
      const words = (content?.recognition ?? '').trim()
      return words === '' ? { kind: 'unheard', externalId } : { kind: 'said', externalId, text: words }
    }
    case 'picture':
      return content?.downloadCode
        ? { kind: 'picture', externalId, mediaId: content.downloadCode }
        : { kind: 'unreadable', externalId }
    default:
      return { kind: 'unreadable', externalId }
  }
}
