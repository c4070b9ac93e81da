import type { Chat } from '../../usecases/chat-ports.ts'

/** A row of `chats`. */
export interface ChatRow {
  id: string
  conversation_id: string
  channel: string
  because: Chat['because']
  state: Chat['state']
  asked_at: Date
  place_asked: number
  held_by: string | null
  held_at: Date | null
  heard_at: Date
  danger_at: Date | null
  for_login: string | null
  for_login_until: Date | null
  late_at: Date | null
  pushed_seq: number
  ended_at: Date | null
  ended_how: Chat['end']
  version: number
}

const NAMES = [
  'id',
  'conversation_id',
  'channel',
  'because',
  'state',
  'asked_at',
  'place_asked',
  'held_by',
  'held_at',
  'heard_at',
  'danger_at',
  'for_login',
  'for_login_until',
  'late_at',
  'ended_at',
  'ended_how',
  'pushed_seq',
  'version',
] as const satisfies (keyof ChatRow)[]

/** Of the table `chats` under the name `chat`. */
export const CHAT_COLUMNS = NAMES.map(name => `chat.${name}`).join(', ')

/** What a save writes: neither what never changes nor what is counted apart. */
export const CHANGING = NAMES.slice(4, -2)

export function changingOf(chat: Chat): unknown[] {
  const { state, askedAt, placeAsked, heldBy, heldAt, heardAt, dangerAt, forLogin, lateAt, endedAt, end } =
    chat
  const first = [forLogin?.login ?? null, forLogin?.until ?? null]
  return [state, askedAt, placeAsked, heldBy, heldAt, heardAt, dangerAt, ...first, lateAt, endedAt, end]
}

export function chatOf(row: ChatRow): Chat {
  const { id, channel, because, state, version } = row
  return {
    id,
    channel,
    because,
    state,
    version,
    conversationId: row.conversation_id,
    askedAt: row.asked_at,
    placeAsked: row.place_asked,
    heldBy: row.held_by,
    heldAt: row.held_at,
    heardAt: row.heard_at,
    dangerAt: row.danger_at,
    forLogin:
      row.for_login === null ? null : { login: row.for_login, until: row.for_login_until ?? row.asked_at },
    lateAt: row.late_at,
    pushedSeq: row.pushed_seq,
    endedAt: row.ended_at,
    end: row.ended_how,
  }
}
