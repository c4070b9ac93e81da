import type { Channel } from '../cases/channels.ts'
import type { Conversation, Incoming, Outgoing, TranscriptEntry } from '../conversation/message.ts'
import { isAppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import type { Allowance, Contact } from './channel-ports.ts'
import type { Line } from './line.ts'
import { openConversation } from './open-conversation.ts'

/** Somebody on a channel where each person has one conversation that never ends. */
export interface ChatPerson {
  channel: Channel
  /** How the channel reaches the person, e.g. its own id of them. */
  address: string
  /** The channel's own id of the person where the address is more than that and may change; else the address. */
  key?: string
  /** What the channel lets us send after what they did now. */
  allowance: Allowance
  /** Their phone, where the channel itself tells it: nobody asks for it again. */
  phone?: string
}

/** What they said; `externalId` is the channel's id of the message, the same for its repeats. */
export type ChatMessage = Pick<Incoming, 'externalId' | 'text' | 'attachments' | 'sentPlace'>

/** What the line says to it. */
export interface Heard {
  said: Outgoing[]
  locale: Locale
}

/** Takes one activity through the bot; what it throws goes to the channel. */
export type Receive = (
  message: ChatMessage & { conversationId: string; userId: string; channelId: string },
) => Promise<{ replies: TranscriptEntry[] }>

/**
 * One message of a person on a chat channel. A conversation that is not there yet is opened without its greeting being sent: whoever
 * writes has something to say. Neither conversation nor user id tell who it is.
 * @throws AppError of the turn
 */
export async function hearMessage(
  line: Line,
  person: ChatPerson,
  message: ChatMessage,
  receive: Receive,
): Promise<Heard> {
  await noticePerson(line, person)
  const { conversationId, userId } = personIds(line, person)
  const take = () => receive({ ...message, conversationId, userId, channelId: person.channel })
  const { replies } = await take().catch(async error => {
    if (!isAppError(error, 'conversation-not-found')) throw error
    await ensureOpen(line, person)
    return take()
  })
  return { said: replies.flatMap(outgoingOf), locale: await localeOf(line, conversationId) }
}

/** The greeting for somebody who comes without a word, e.g. by following the account; for those who return it is told anew. */
export async function greetPerson(line: Line, person: ChatPerson): Promise<Heard> {
  await noticePerson(line, person)
  const { id, locale } = await ensureOpen(line, person)
  const [greeting] = await line.store.transcriptAfter(id, 0, 1)
  return { said: greeting ? outgoingOf(greeting) : [], locale }
}

/** They did something that is no turn, e.g. sent what nobody can read: they are there again, with a new allowance. */
export async function noticePerson(line: Line, person: ChatPerson): Promise<void> {
  await line.store.contacts.heard(contactOf(line, person), person.allowance, line.clock.now())
}

/** Who somebody is on a channel, and how they are reached there. */
export type ChatAddress = Pick<ChatPerson, 'channel' | 'address' | 'key'>

/** Nothing reaches them until they come back. */
export async function sayGoodbye(line: Line, person: ChatAddress): Promise<void> {
  await line.store.contacts.left(personIds(line, person).conversationId)
}

/** How somebody is reached; neither conversation nor user id tell who it is. */
export function contactOf(line: Line, person: ChatAddress): Contact {
  const { channel, address } = person
  return { conversationId: personIds(line, person).conversationId, channel, address, isGone: false }
}

/** Under which ids somebody is known; none of them tells who it is. */
export function personIds(line: Line, { channel, address, key = address }: ChatAddress) {
  const userId = line.pseudonym(channel, key)
  return { userId, conversationId: `${channel}.${userId}` }
}

/** Two messages at once open it once. */
async function ensureOpen(line: Line, person: ChatPerson): Promise<Conversation> {
  const { conversationId: id, userId } = personIds(line, person)
  const find = () => line.store.transact(tx => tx.conversation(id))
  const known = await find()
  if (known) return known
  try {
    return await openConversation(line, { id, userId, locale: null, ...person })
  } catch (error) {
    const opened = isAppError(error, 'version-conflict') ? await find() : null
    if (!opened) throw error
    return opened
  }
}

async function localeOf(line: Line, conversationId: string): Promise<Locale> {
  const conversation = await line.store.transact(tx => tx.recentConversation(conversationId))
  return conversation?.locale ?? 'zh-Hans'
}

function outgoingOf({ body }: TranscriptEntry): Outgoing[] {
  return 'key' in body ? [body] : []
}
