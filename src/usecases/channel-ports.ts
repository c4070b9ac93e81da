import type { Outgoing } from '../conversation/message.ts'
import type { Locale } from '../language/understanding.ts'

/** How to reach somebody on a channel that does not wait for answers, such as an official account. */
export interface Contact {
  conversationId: string
  channel: string
  /** How the channel reaches the person, e.g. an openid; stored sealed, never logged. */
  address: string
  /** Has unsubscribed, so that nothing reaches them. */
  isGone: boolean
}

/** How many messages the channel lets us send unasked after the person did something, and how long. */
export interface Allowance {
  messages: number
  forMs: number
}

/** Those who came by such channels, and what may still be sent to them. */
export interface ContactStore {
  /** The person did something: they are there again, with a new allowance unless the one they have is larger. */
  heard(contact: Omit<Contact, 'isGone'>, allowance: Allowance, at: Date): Promise<void>
  byConversation(conversationId: string): Promise<Contact | null>
  /** Counts one message against the allowance; false when nothing is left of it. */
  take(conversationId: string, now: Date): Promise<boolean>
  /** What was taken was not used: the channel did not take the message. */
  giveBack(conversationId: string): Promise<void>
  left(conversationId: string): Promise<void>
}

/** Sends what nobody waits for: news of a case, an answer that took too long. One for each channel. */
export interface ChatSender {
  /**
   * @param key the same whenever the same is sent again: channels that can show it once; without it each time is another message
   * @returns `unreachable`: not by this way and not soon, e.g. nothing is left of the allowance; another way must be taken
   * @throws when it may work later
   */
  send(
    contact: Contact,
    said: readonly Outgoing[],
    locale: Locale,
    key?: string,
  ): Promise<'sent' | 'unreachable'>
}

/** The senders of the channels that are on, by channel. */
export type ChatSenders = ReadonlyMap<string, ChatSender>

/** Small things that all instances must agree on for a while. */
export interface SharedMemory {
  /** True for the first who asks with this key within the time, over all instances. */
  once(key: string, forMs: number): Promise<boolean>
  /** Did anybody ask with this key within its time? */
  wasAsked(key: string): Promise<boolean>
  /** The next who asks with this key is the first again: what it stood for did not come about. */
  takeBack(key: string): Promise<void>
  /** A value that one asker fetches while the others wait for it; kept for as long as it says. */
  cached(key: string, fetch: () => Promise<{ value: string; forMs: number }>): Promise<string>
  /** Drops a cached value, unless it is another by now. */
  forget(key: string, value: string): Promise<void>
}

/** How far something is read that a vendor keeps for us, e.g. the messages to one account of 微信客服. */
export interface FeedCursor {
  feed: string
  /** The vendor's own words for the place; empty at the beginning. */
  cursor: string
  /** When we first heard of it: what is older was not said to us. */
  since: Date
}

/** Feeds of a channel; a place is moved only after everything before it was heard. */
export interface FeedStore {
  /** All that were ever begun. */
  all(channel: string): Promise<FeedCursor[]>
  /** Where it stands; begun now when it is not known. */
  begin(channel: string, feed: string, now: Date): Promise<FeedCursor>
  /** Moves it, unless somebody else has moved it from there. */
  move(channel: string, feed: string, step: { from: string; to: string }): Promise<void>
}
