import type { CallReason, RecentWait } from '../conversation/take-over.ts'

/** How a chat with a person ended: by the resident, by the agent, or because nobody was there any more. */
export const CHAT_ENDS = ['cancelled', 'callback', 'handed-back', 'finished', 'idle', 'closed'] as const
export type ChatEnd = (typeof CHAT_ENDS)[number]

/** A conversation in which a person is called, or talks. At most one of a conversation has not ended. */
export interface Chat {
  id: string
  conversationId: string
  channel: string
  because: CallReason
  state: 'waiting' | 'held' | 'ended'
  /** Since when it is in the queue; kept when an agent leaves, so that nobody is put behind others. */
  askedAt: Date
  /** Place in the queue at that time, from 1. */
  placeAsked: number
  /** Account that has it. */
  heldBy: string | null
  /** When it was first taken over. */
  heldAt: Date | null
  /** The last word of the resident. */
  heardAt: Date
  /** Who has it before everybody does (by login), and until when; null: everybody has it. */
  forLogin: { login: string; until: Date } | null
  /** The last danger that was told since a person has it. */
  dangerAt: Date | null
  /** From when on the supervisors see that it waits too long. */
  lateAt: Date | null
  /** Number of the last line of the transcript that was sent to the channel; counted apart, by `pushed`. */
  pushedSeq: number
  endedAt: Date | null
  end: ChatEnd | null
  version: number
}

/** Who talks, as it stands at the desk and before residents. */
export interface Seat {
  accountId: string
  number: number
  displayName: string
}

/** What is kept of a chat for whoever watches over those who talk. */
export interface ChatRecord {
  chatId: string
  at: Date
  what: 'asked' | 'looked' | 'taken' | 'given-back' | 'late' | 'filed' | 'unreached' | ChatEnd
  /** Null: the resident, or the line. */
  accountId: string | null
  data?: Record<string, unknown>
}

/** The part of a transaction that is about chats. Reads see what is committed; writes go with the transaction. */
export interface ChatTransaction {
  chat(id: string): Promise<Chat | null>
  /** The one that has not ended. */
  ofConversation(conversationId: string): Promise<Chat | null>
  /** @throws AppError `version-conflict` at commit when the conversation has one that has not ended */
  add(chat: Chat): void
  /** @throws AppError `version-conflict` at commit when it is not as it was read */
  save(chat: Chat): void
  record(entry: ChatRecord): void
  /** How many wait that asked before. */
  ahead(of: Pick<Chat, 'id' | 'askedAt'>): Promise<number>
  /** The newest of those that were taken over since. */
  recentWaits(since: Date): Promise<RecentWait[]>
  /** How many an account has. */
  countHeld(accountId: string): Promise<number>
  /** Gives the account its number at its first chat. */
  seat(accountId: string): Promise<Seat>
}

/** A chat in the desk's list. */
export interface ListedChat extends Chat {
  lastSeq: number
  /** What the resident said last; empty before. */
  lastWords: string
  holder: Seat | null
}

/** What must be looked after at an instant. */
export interface ChatLimits {
  lateBefore: Date
  idleBefore: Date
  awayBefore: Date
  /** Nobody is there: those who wait are told. */
  isClosed: boolean
  now: Date
}

export interface ChatStore {
  /** Those that have not ended: that wait, the one that asked first before the others, then those that somebody has. */
  open(): Promise<ListedChat[]>
  /** The account's desk is there. */
  seen(accountId: string, at: Date): Promise<void>
  /** Chats that wait too long, whose resident says nothing more, whose agent has left, or that wait while nobody is there. */
  due(
    limits: ChatLimits,
  ): Promise<{ id: string; conversationId: string; because: 'late' | 'idle' | 'away' | 'closed' }[]>
  /** Up to this line of the transcript all was sent to the channel. */
  pushed(chatId: string, seq: number): Promise<void>
  /** What was recorded of a chat, oldest first. */
  records(chatId: string): Promise<(ChatRecord & { login: string | null })[]>
  count(): Promise<{ waiting: number; held: number; oldestAskedAt: Date | null }>
}
