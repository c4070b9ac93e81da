// Brings `summary` and `hide` into route schemas, and `websocket` into route options.
import type {} from '@fastify/swagger'
import type {} from '@fastify/websocket'
import type { Channel } from '../../cases/channels.ts'
import type { Conversation, TranscriptEntry } from '../../conversation/message.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Chance } from '../../kernel/ids.ts'
import type { Locale } from '../../language/understanding.ts'
import type { Bus, Store } from '../../usecases/ports.ts'

/** A checked message on its way to the bot. */
export interface InboundMessage {
  type: 'message'
  channelId: string
  conversationId: string
  userId: string
  externalId: string | null
  text: string
  locale: string | null
  attachments: string[]
  clientData: Record<string, unknown> | null
}

/** Whom an entry is rendered for. */
export interface Viewer {
  channelId: string
  userId: string
  locale: Locale
  attachmentUrl: (name: string) => { contentType: string; contentUrl: string }
}

/** The bot as Direct Line needs it. */
export interface DirectLineBot {
  receive(message: InboundMessage): Promise<{ echo: TranscriptEntry; replies: TranscriptEntry[] }>
  render(entry: TranscriptEntry, viewer: Viewer): object
}

/** Where uploaded files go. Names are given by the store and tell nothing. */
export interface UploadStore {
  save(bytes: Uint8Array, extension: string): Promise<string>
  /** Null when there is no such file. */
  read(name: string): Promise<Uint8Array | null>
}

export interface DirectLineOptions {
  /** Signs tokens; the same on every instance, kept over restarts. */
  signingKey: string
  /** For other people's clients; null: only our own page gets tokens. */
  secret: string | null
  /** Origins besides our own that may embed our page's chat. */
  allowedOrigins: readonly string[]
  /** Address under which residents reach us, e.g. `https://12345.example.cn`; null: as each request names it. */
  publicUrl: string | null
  bot: DirectLineBot
  store: Pick<Store, 'transcriptAfter' | 'transact'>
  /** Greets in a new conversation of this id. @throws AppError `version-conflict` when it exists already */
  openConversation(opening: {
    id: string
    channel: Extract<Channel, 'web-chat' | 'direct-line'>
    userId: string
    locale: Locale | null
  }): Promise<Conversation>
  localeOf(tag: string): Locale | null
  bus: Pick<Bus, 'subscribe'>
  uploads: UploadStore
  /** Counts one against a rule. @throws AppError `rate-limited` */
  limit(
    rule: 'turn-by-conversation' | 'turn-by-user' | 'turn-by-address' | 'token-by-address',
    key: string,
  ): Promise<void>
  clock: Clock
  chance: Chance
  /** Told when a socket opens (1) or closes (-1), for the metrics. */
  onSocket?: (change: 1 | -1) => void
}
