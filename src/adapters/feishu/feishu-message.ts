import { z } from 'zod'
import type { ChatEvent } from '../chat/hear-event.ts'
import { placeEvent } from '../chat/place-sent.ts'
import { readJson } from '../chat/read-json.ts'

const openId = z.object({ open_id: z.string().min(1) })
const mentionSchema = z.object({ key: z.string(), id: z.object({ open_id: z.string().nullish() }) })

const messageSchema = z.object({
  sender: z.object({ sender_id: openId, sender_type: z.string().nullish() }),
  message: z.object({
    message_id: z.string().min(1),
    chat_type: z.string(),
    message_type: z.string(),
    /** JSON in JSON. */
    content: z.string(),
    mentions: z.array(mentionSchema).nullish(),
  }),
})
const enteredSchema = z.object({ operator_id: openId, last_message_id: z.string().nullish() })

const textSchema = z.object({ text: z.string() })
const imageSchema = z.object({ image_key: z.string().min(1) })
const placeSchema = z.object({
  name: z.string(),
  longitude: z.unknown().optional(),
  latitude: z.unknown().optional(),
})
const postSchema = z.object({
  title: z.string().nullish(),
  content: z.array(
    z.array(z.object({ tag: z.string(), text: z.string().nullish(), image_key: z.string().nullish() })),
  ),
})

export interface FeishuMessage {
  /** Open id of the person. */
  from: string
  isGroup: boolean
  /** Open ids of whom the message names. */
  mentioned: string[]
  event: ChatEvent
}

/** What somebody did, or null when it is no event of a known type. Source: "接收消息" and "用户进入与机器人的会话". */
export function readFeishuEvent(type: string, id: string, event: unknown): FeishuMessage | null {
  switch (type) {
    case 'im.message.receive_v1': {
      const { data } = messageSchema.safeParse(event)
      return data ? messageOf(data) : null
    }
    case 'im.chat.access_event.bot_p2p_chat_entered_v1': {
      const { data } = enteredSchema.safeParse(event)
      if (!data) return null
      // It comes whenever the conversation is opened; only somebody who never talked there is greeted.
      const isNew = !data.last_message_id
      return {
        from: data.operator_id.open_id,
        isGroup: false,
        mentioned: [],
        event: isNew ? { kind: 'came', externalId: id } : { kind: 'silent' },
      }
    }
    default:
      return null
  }
}

function messageOf({ sender, message }: z.infer<typeof messageSchema>): FeishuMessage {
  const { chat_type: chat, mentions } = message
  // What robots say is not said to us.
  const isPerson = (sender.sender_type ?? 'user') === 'user'
  return {
    from: sender.sender_id.open_id,
    isGroup: chat !== 'p2p',
    mentioned: (mentions ?? []).flatMap(({ id }) => id.open_id ?? []),
    event: isPerson ? eventOf(message) : { kind: 'silent' },
  }
}

type Message = z.infer<typeof messageSchema>['message']

function eventOf({ message_id: externalId, message_type: type, content, mentions }: Message): ChatEvent {
  const said = (text: string | undefined): ChatEvent =>
    text === undefined ? { kind: 'unreadable', externalId } : { kind: 'said', externalId, text }
  switch (type) {
    case 'text':
      return said(withoutMentions(readJson(content, textSchema)?.text, mentions))
    case 'post': {
      const post = readJson(content, postSchema)
      if (!post) return said(undefined)
      const keys = post.content
        .flat()
        .flatMap(({ tag, image_key: key }) => (tag === 'img' && key ? [key] : []))
      const pictures = keys.map(key => mediaIdOf(externalId, key))
      return { kind: 'said', externalId, text: withoutMentions(postText(post), mentions) ?? '', pictures }
    }
    case 'image': {
      const key = readJson(content, imageSchema)?.image_key
      return key ? { kind: 'picture', externalId, mediaId: mediaIdOf(externalId, key) } : said(undefined)
    }
    case 'audio':
      return { kind: 'unheard', externalId }
    case 'location': {
      const place = readJson(content, placeSchema)
      return placeEvent(externalId, place?.name, place ?? {})
    }
    default:
      return said(undefined)
  }
}

/** A file is asked for by its message and its own key. Half a surrogate would have no place in an address. */
function mediaIdOf(messageId: string, key: string): string {
  const [message, file] = [messageId, key].map(each => encodeURIComponent(each.toWellFormed()))
  return `${message}/resources/${file}`
}

function postText(post: z.infer<typeof postSchema>): string {
  const paragraphs = post.content.map(parts => parts.map(({ text }) => text ?? '').join(''))
  return [post.title ?? '', ...paragraphs].filter(text => text.trim() !== '').join('\n')
}

/** Names stand in texts as `@_user_1`; the robot's own is no part of what is said. */
function withoutMentions(text: string | undefined, mentions: Message['mentions']): string | undefined {
  return (mentions ?? []).reduce((rest, { key }) => rest?.replaceAll(key, ''), text)?.trim()
}
