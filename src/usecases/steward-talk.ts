import { isAlarm } from '../conversation/alarm.ts'
import { dangerParams } from '../conversation/hearing.ts'
import type { Conversation, Outgoing, TranscriptEntry } from '../conversation/message.ts'
import { reply } from '../conversation/reply.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import type { Chat } from './chat-ports.ts'
import { ENTERPRISE_CHANNEL } from './enterprise-channel.ts'
import type { Enterprise } from './enterprise-ports.ts'
import type { Line } from './line.ts'
import { newConversation } from './open-conversation.ts'
import type { BusMessage, Transaction } from './ports.ts'
import { renderReply } from './render-reply.ts'
import { sayMoment } from './say-due.ts'
import { stateWith } from './say-in-chat.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** Most lines of a talk that are read at once. */
const TALK_PAGE = 200

/** The talk of an enterprise with its steward, inside a transaction. */
interface Talk {
  line: Line
  tx: Transaction
  enterprise: Enterprise
  conversation: Conversation
  /** One in which somebody is called, or talks. */
  chat: Chat | null
  news: BusMessage[]
}

/** One line of a talk, for the enterprise and for its steward. */
export interface TalkEntry {
  seq: number
  from: TranscriptEntry['from']
  at: Date
  text: string
  by: string | null
}

/** What was said with the steward after a line. */
export async function readTalk(line: Line, enterprise: Enterprise, after: number): Promise<TalkEntry[]> {
  if (enterprise.conversationId === null) return []
  const said = await line.store.transcriptAfter(enterprise.conversationId, after, TALK_PAGE)
  return said.map(({ seq, from, at, body }) => ({
    seq,
    from,
    at,
    text: body.text,
    by: 'by' in body ? (body.by ?? null) : null,
  }))
}

/** When the enterprise asked what nobody has answered; null: nothing is open. */
export async function askedAt(line: Line, { conversationId }: Enterprise): Promise<Date | null> {
  if (conversationId === null) return null
  const chat = await line.store.transact(tx => tx.chats.ofConversation(conversationId))
  return chat?.askedAt ?? null
}

/**
 * What an enterprise writes to its steward. It goes to the steward first; whoever else answers chats sees it when so many working
 * minutes have passed, or when it has none. Danger is answered at once: whom to call.
 * @param keep told inside the transaction
 */
export async function writeToSteward(
  line: Line,
  code: string,
  { text, locale }: { text: string; locale: Locale },
  keep: (tx: Transaction) => void = () => {},
): Promise<void> {
  await onTalk(line, code, locale, async talk => {
    keep(talk.tx)
    const now = line.clock.now()
    const said = line.understander.understand(text, { now })
    const isDanger = isAlarm(said)
    const answers = [
      ...(isDanger ? [reply('emergency.call-now', dangerParams(said), { expects: 'text' })] : []),
      ...(talk.chat ? [] : [await handedOver(talk)]),
    ].map(each => renderReply(line, each, locale, new Map()))
    const dangerAt = isDanger ? now : (talk.chat?.dangerAt ?? null)
    const chat = talk.chat ? { ...talk.chat, heardAt: now, dangerAt } : { ...newChat(talk), dangerAt }
    if (talk.chat) talk.tx.chats.save(chat)
    else {
      talk.tx.chats.add(chat)
      talk.tx.chats.record({ chatId: chat.id, at: now, what: 'asked', accountId: null, data: {} })
    }
    const is = chat.state === 'held' ? 'held' : 'waiting'
    write(
      talk,
      [{ from: 'resident', body: { text } }, ...answers.map(body => ({ from: 'line' as const, body }))],
      stateWith(talk.conversation, { chatId: chat.id, is }),
    )
    talk.news.push({ topic: 'chat', chatId: chat.id, seq: talk.conversation.lastSeq + 1 })
  })
}

/** What the steward writes unasked, or in answer while nobody has taken the question over. Whether it may be is asked before. */
export async function sayToEnterprise(
  line: Line,
  code: string,
  { text, by }: { text: string; by: string },
  keep: (tx: Transaction) => void,
): Promise<void> {
  await onTalk(line, code, null, async talk => {
    keep(talk.tx)
    const body: Outgoing = { key: 'take-over.said', text, choices: [], cards: [], expects: 'text', by }
    write(talk, [{ from: 'agent', body }], talk.conversation.state)
  })
}

function newChat({ line, enterprise, conversation }: Talk): Chat {
  const now = line.clock.now()
  const { answerWithinMinutes } = line.content.stewards.rules
  const until = line.policy.calendar.addWorkingMinutes(now, answerWithinMinutes)
  return {
    id: newId(now, line.chance),
    conversationId: conversation.id,
    channel: conversation.channel,
    because: 'asked',
    state: 'waiting',
    askedAt: now,
    placeAsked: 1,
    heldBy: null,
    heldAt: null,
    heardAt: now,
    dangerAt: null,
    forLogin: enterprise.steward === null ? null : { login: enterprise.steward, until },
    lateAt: null,
    pushedSeq: conversation.lastSeq,
    endedAt: null,
    end: null,
    version: 1,
  }
}

/** Who has it now, and by when somebody answers. */
async function handedOver({ line, enterprise, conversation }: Talk) {
  const { rules } = line.content.stewards
  const name = rules.stewards.find(({ login }) => login === enterprise.steward)?.name
  const at = line.policy.calendar.addWorkingMinutes(line.clock.now(), rules.answerWithinMinutes)
  const by = { is: 'text' as const, key: 'take-over.opens', params: sayMoment(at, conversation.locale) }
  return name === undefined
    ? reply('steward.to-desk', { by }, { expects: 'text' })
    : reply('steward.told', { name, by }, { expects: 'text' })
}

/** One after another with all else that happens in the conversation; the first word makes it. */
async function onTalk(
  line: Line,
  code: string,
  locale: Locale | null,
  work: (talk: Talk) => Promise<void>,
): Promise<void> {
  const conversationId = `${ENTERPRISE_CHANNEL}-${line.content.city.jurisdiction}-${code}`
  await line.lock.run(conversationId, () =>
    tryAgainOnConflict(line, async () => {
      const enterprise = (await line.store.enterprises.one(code))!
      if (enterprise.conversationId === null) await beginTalk(line, enterprise, conversationId, locale)
      const news: BusMessage[] = []
      await line.store.transact(async tx => {
        const conversation = (await tx.conversation(conversationId))!
        const spoken = locale === null ? conversation : { ...conversation, locale }
        const chat = await tx.chats.ofConversation(conversationId)
        await work({ line, tx, enterprise, conversation: spoken, chat, news })
      })
      line.bus.publish(news)
    }),
  )
}

async function beginTalk(
  line: Line,
  enterprise: Enterprise,
  id: string,
  locale: Locale | null,
): Promise<void> {
  const known = await line.store.transact(tx => tx.conversation(id))
  if (!known) {
    const { conversation } = newConversation(line, {
      id,
      channel: ENTERPRISE_CHANNEL,
      userId: enterprise.code,
      locale,
    })
    await line.store.transact(async tx => tx.saveConversation({ ...conversation, lastSeq: 0 }, null))
  }
  await line.store.enterprises.save({ ...enterprise, conversationId: id }, null)
}

function write(
  { line, tx, conversation, news }: Talk,
  said: readonly Pick<TranscriptEntry, 'from' | 'body'>[],
  state: unknown,
): void {
  const at = line.clock.now()
  const { id: conversationId, lastSeq, version } = conversation
  tx.addTranscript(
    said.map(({ from, body }, i) => ({
      conversationId,
      seq: lastSeq + 1 + i,
      id: newId(at, line.chance),
      from,
      at,
      replyTo: null,
      externalId: null,
      body,
    })),
  )
  const seq = lastSeq + said.length
  tx.saveConversation({ ...conversation, state, lastSeq: seq, version: version + 1, changedAt: at }, version)
  news.push({ topic: 'conversation', conversationId, seq })
}
