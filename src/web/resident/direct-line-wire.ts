import type { CaseCardView } from './message-view.ts'

/** An activity of Direct Line 3.0, as far as this page reads or writes it. */
export interface Activity {
  type: string
  id?: string
  timestamp?: string
  from?: { id?: string; role?: string }
  locale?: string
  text?: string
  suggestedActions?: { actions?: { title?: string; value?: unknown }[] }
  attachments?: { contentType?: string; contentUrl?: string; name?: string }[]
  channelData?: {
    clientActivityID?: string
    key?: string
    expects?: string
    by?: string
    cards?: CaseCardView[]
  } | null
}

/** What must be remembered to find the same conversation again. */
export interface Session {
  userId: string
  conversationId: string
  token: string
  /** Milliseconds since 1970. */
  expiresAt: number
  watermark: string | null
}

/** What opens a conversation, or goes on in one. */
export interface ConversationAnswer {
  conversationId: string
  token?: string
  expires_in?: number
  streamUrl?: string
}

/** What the page's own broker gives. */
export interface MintedToken {
  userId: string
  token: string
  expires_in: number
}

/** What was said after a watermark, in a frame of the socket or the answer to a poll. */
export interface Batch {
  activities?: Activity[]
  watermark?: string | number | null
}
