import type { SentPlace } from '../../conversation/message.ts'

/** What a channel hands in: already checked, already bound to its conversation and its person. Wire formats stay outside. */
export interface InboundActivity {
  /** `message` is a turn; the rest is acknowledged by the channel itself. */
  type: 'message'
  channelId: string
  conversationId: string
  userId: string
  /** The channel's own id of the message, or null when it has none. */
  externalId: string | null
  text: string
  /** BCP 47, as the client sent it. */
  locale: string | null
  attachments: string[]
  clientData: Record<string, unknown> | null
  /** The message is a location, and the text its label. */
  sentPlace?: SentPlace | undefined
}

/** Something to look at or to open beside the text. */
export interface RenderedAttachment {
  contentType: string
  content?: unknown
  contentUrl?: string
  /** Web Chat shows a person's own picture only when it has one; without, a name. */
  thumbnailUrl?: string
  name?: string
}

/** One activity as the Bot Framework writes it, ready for any of its channels. */
export interface RenderedActivity {
  type: 'message'
  id: string
  timestamp: string
  channelId: string
  conversation: { id: string }
  from: { id: string; name?: string; role: 'user' | 'bot' }
  recipient?: { id: string; role: 'user' | 'bot' }
  text: string
  textFormat: 'plain'
  locale?: string
  inputHint?: string
  replyToId?: string
  suggestedActions?: { actions: { type: 'imBack'; title: string; value: string }[] }
  attachments?: RenderedAttachment[]
  attachmentLayout?: 'list'
  channelData?: Record<string, unknown>
}

/** Whom an entry is shown to, and how its stored attachments are reached. */
export interface Viewer {
  channelId: string
  userId: string
  locale: 'zh-Hans' | 'zh-Hant' | 'en'
  attachmentUrl?: (name: string) => { contentType: string; contentUrl: string }
}
