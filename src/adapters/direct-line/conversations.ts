import type { FastifyRequest } from 'fastify'
import type { Conversation, TranscriptEntry } from '../../conversation/message.ts'
import { AppError, isAppError } from '../../kernel/errors.ts'
import { newId, newToken } from '../../kernel/ids.ts'
import { attachmentPath, contentTypeOf } from './attachments.ts'
import { type Authority, baseUrl } from './authority.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { type Claims, LIFETIME_SECONDS, signName, signToken } from './signed-token.ts'

/** Prefix of the protocol. */
export const PREFIX = '/v3/directline'

/** What a client needs to go on in a conversation. */
export interface Connection {
  conversationId: string
  token: string
  expires_in: number
  streamUrl: string
}

type Person = Pick<Claims, 'conv' | 'user' | 'channel' | 'origins'>

/** A token for one person in one conversation. */
export function mint(person: Person, options: DirectLineOptions) {
  const token = signToken({ ...person, use: 'conversation' }, options.signingKey, options.clock.now())
  return { conversationId: person.conv, token, expires_in: LIFETIME_SECONDS.conversation }
}

/** Person and conversation that have not met yet. */
export function newPerson(options: DirectLineOptions, channel: Claims['channel'], userId?: string): Person {
  return {
    conv: newId(options.clock.now(), options.chance),
    user: userId || `dl_${newToken(16, options.chance)}`,
    channel,
  }
}

/** Token and stream address, from the watermark on. */
export function connectionFor(
  person: Person,
  request: FastifyRequest,
  watermark: number,
  options: DirectLineOptions,
): Connection {
  const streamToken = signToken({ ...person, use: 'stream' }, options.signingKey, options.clock.now())
  const query = new URLSearchParams({ watermark: watermark === 0 ? '-' : String(watermark), t: streamToken })
  const base = baseUrl(request, options).replace(/^http/, 'ws')
  return {
    ...mint(person, options),
    streamUrl: `${base}${PREFIX}/conversations/${person.conv}/stream?${query}`,
  }
}

export async function findConversation(id: string, options: DirectLineOptions): Promise<Conversation | null> {
  return options.store.transact(transaction => transaction.conversation(id))
}

/** Opens the person's conversation unless it is open: two requests at once open it once. */
export async function ensureOpen(
  person: Person,
  localeTag: string | null,
  options: DirectLineOptions,
): Promise<{ conversation: Conversation; isNew: boolean }> {
  const existing = await findConversation(person.conv, options)
  if (existing) return { conversation: existing, isNew: false }
  const { conv: id, user: userId, channel } = person
  const locale = localeTag === null ? null : options.localeOf(localeTag)
  try {
    return { conversation: await options.openConversation({ id, channel, userId, locale }), isNew: true }
  } catch (error) {
    const opened = isAppError(error, 'version-conflict') ? await findConversation(id, options) : null
    if (!opened) throw error
    return { conversation: opened, isNew: false }
  }
}

/** The person behind a request: in the token, or, for the secret's holder, in the conversation. */
export async function personOf(
  conversationId: string,
  authority: Authority,
  options: DirectLineOptions,
): Promise<Person> {
  if (authority.kind === 'token') return authority.claims
  const conversation = await findConversation(conversationId, options)
  if (!conversation) throw new AppError('conversation-not-found')
  return { conv: conversation.id, user: conversation.userId, channel: channelOf(conversation.channel) }
}

function channelOf(channel: string): Claims['channel'] {
  return channel === 'web-chat' ? 'web-chat' : 'direct-line'
}

/** Activities for whoever follows the conversation. Cards need the conversation's language, so it is read only then. */
export async function renderEntries(
  entries: readonly TranscriptEntry[],
  person: Person,
  base: string,
  options: DirectLineOptions,
): Promise<object[]> {
  const hasReplies = entries.some(entry => 'key' in entry.body)
  const conversation = hasReplies ? await findConversation(person.conv, options) : null
  const viewer = {
    channelId: 'directline',
    userId: person.user,
    locale: conversation?.locale ?? 'zh-Hans',
    attachmentUrl: (name: string) => ({
      contentType: contentTypeOf(name),
      contentUrl: `${base}${attachmentPath(person.conv, name, signName(person.conv, name, options.signingKey))}`,
    }),
  } as const
  return entries.map(entry => options.bot.render(entry, viewer))
}
