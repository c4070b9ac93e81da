import type { Conversation, TranscriptEntry } from '../../conversation/message.ts'

/** A row of `conversations`. */
export interface ConversationRow {
  id: string
  channel: string
  user_id: string
  locale: Conversation['locale']
  state: unknown
  last_seq: number
  version: number
  created_at: Date
  changed_at: Date
}

export function conversationOf(row: ConversationRow): Conversation {
  return {
    id: row.id,
    channel: row.channel,
    userId: row.user_id,
    locale: row.locale,
    state: row.state,
    lastSeq: row.last_seq,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}

/** A row of `transcript`. */
export function transcriptRow(entry: TranscriptEntry) {
  const { conversationId, seq, id, from, at, replyTo, externalId, body } = entry
  return {
    conversation_id: conversationId,
    seq,
    id,
    speaker: from,
    at,
    reply_to: replyTo,
    external_id: externalId,
    body,
  }
}

export type TranscriptRow = ReturnType<typeof transcriptRow>

export function entryOf(row: TranscriptRow): TranscriptEntry {
  return {
    conversationId: row.conversation_id,
    seq: row.seq,
    id: row.id,
    from: row.speaker,
    at: row.at,
    replyTo: row.reply_to,
    externalId: row.external_id,
    body: row.body,
  }
}

/**
 * JSON in which what PostgreSQL cannot hold (zero characters, halves of surrogate pairs) is replaced by U+FFFD. For what
 * a conversation says; a case's events are hashed as they are and refused instead.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  if (!json.includes('\\u')) return json
  return json.replace(UNSTORABLE, (written, slashes: string) =>
    slashes.length % 2 === 0 ? written : `${slashes.slice(1)}\\ufffd`,
  )
}

/** The escapes that `JSON.stringify` writes for them; an even number of backslashes before means that it is text. */
const UNSTORABLE = /(\\+)u(?:0000|d[89a-f][0-9a-f]{2})/g
