import type { Outcome } from '../conversation/engine-context.ts'
import type { Params } from '../conversation/reply.ts'
import type { Slots } from '../conversation/state.ts'
import { calledPerson, estimateWait, staffedFrom } from '../conversation/take-over.ts'
import { MINUTE } from '../kernel/clock.ts'
import { newId } from '../kernel/ids.ts'
import type { Chat, ChatEnd } from './chat-ports.ts'
import type { EffectContext } from './effect-context.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { sayMoment } from './say-due.ts'

/** Is somebody there to talk to now? */
export function isStaffed(line: Line): boolean {
  const now = line.clock.now()
  return staffedFrom(line.content.takeOver.calendar, now) <= now
}

/** Letters that cost each of both: nobody talks by them, but calls back. */
const NO_TALK = ['sms']

/** `join-queue`: the conversation waits for a person, unless none is there at this hour; one that waits already keeps its place. */
export async function joinQueue(context: EffectContext): Promise<Outcome> {
  const { line, tx, conversation, locale } = context
  if (NO_TALK.includes(conversation.channel)) return { name: 'by-letter', slots: { wish: 'callback' } }
  const known = await tx.chats.ofConversation(conversation.id)
  if (!known && !isStaffed(line)) {
    const opensAt = staffedFrom(line.content.takeOver.calendar, line.clock.now())
    const opens = { is: 'text' as const, key: 'take-over.opens', params: sayMoment(opensAt, locale) }
    return { name: 'closed', params: { opens }, slots: { wish: 'callback' } }
  }
  const chat = known ?? (await addChat(context))
  context.news.push({ topic: 'chat', chatId: chat.id, seq: conversation.lastSeq })
  return {
    name: 'waiting',
    params: await waitParams(line, tx, chat),
    facts: { calledPerson: { chatId: chat.id, is: 'waiting' } },
  }
}

async function addChat(context: EffectContext): Promise<Chat> {
  const { line, tx, conversation, because = 'asked' } = context
  const now = line.clock.now()
  const id = newId(now, line.chance)
  const chat: Chat = {
    id,
    conversationId: conversation.id,
    channel: conversation.channel,
    because,
    state: 'waiting',
    askedAt: now,
    placeAsked: (await tx.chats.ahead({ id, askedAt: now })) + 1,
    heldBy: null,
    heldAt: null,
    heardAt: now,
    dangerAt: null,
    forLogin: null,
    lateAt: null,
    pushedSeq: conversation.lastSeq,
    endedAt: null,
    end: null,
    version: 1,
  }
  tx.chats.add(chat)
  tx.chats.record({ chatId: id, at: now, what: 'asked', accountId: null, data: { because } })
  return chat
}

/** Place in the queue and how long it will take, as far as that can be told. */
export async function waitParams(line: Line, tx: Transaction, chat: Chat): Promise<Params> {
  const { rules } = line.content.takeOver
  const since = new Date(line.clock.now().getTime() - rules.wait.recentMinutes * MINUTE)
  const [ahead, recent] = await Promise.all([tx.chats.ahead(chat), tx.chats.recentWaits(since)])
  return { place: ahead + 1, minutes: estimateWait(ahead + 1, recent, rules) }
}

/** `leave-queue`: the resident does not wait any more, or waits for a call. */
export async function leaveQueue(context: EffectContext, slots: Slots): Promise<Outcome> {
  const { tx, conversation } = context
  const isCalledBack = slots.wish === 'callback' && typeof slots.phone === 'string'
  const chat = await tx.chats.ofConversation(conversation.id)
  if (chat) endChat(context, chat, isCalledBack ? 'callback' : 'cancelled')
  return { name: slots.wish === 'stop' ? 'left' : 'settled', facts: { calledPerson: null } }
}

/** Nobody is called any more, and nobody talks. */
export function endChat(
  { line, tx, news }: Pick<EffectContext, 'line' | 'tx' | 'news'>,
  chat: Chat,
  end: ChatEnd,
  accountId: string | null = null,
): void {
  const at = line.clock.now()
  tx.chats.save({ ...chat, state: 'ended', heldBy: null, endedAt: at, end })
  tx.chats.record({ chatId: chat.id, at, what: end, accountId })
  news.push({ topic: 'chat', chatId: chat.id, seq: 0 })
}

/** The person of this conversation, as its own memory says; see `calledPerson`. */
export function personIn(state: unknown) {
  return calledPerson(((state as { facts?: Slots } | null)?.facts ?? {}) as Slots)
}
