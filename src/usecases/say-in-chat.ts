import type { Conversation, Outgoing, TranscriptEntry } from '../conversation/message.ts'
import { type ConversationState, conversationStateSchema, freshState } from '../conversation/state.ts'
import type { CalledPerson } from '../conversation/take-over.ts'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import type { Chat, Seat } from './chat-ports.ts'
import type { Line } from './line.ts'
import type { BusMessage, Transaction } from './ports.ts'
import { PAGES } from './say-unasked.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** A chat while something is done with it: inside a transaction, one at a time with the resident's turns. */
export interface ChatInHand {
  line: Line
  tx: Transaction
  chat: Chat
  conversation: Conversation
  news: BusMessage[]
}

/**
 * Does something with a chat, after the turns that run and before those that come, and tells of it.
 * @throws AppError `chat-not-found`, and what the work throws
 */
export async function onChat<T>(
  line: Line,
  chatId: string,
  work: (chat: ChatInHand) => Promise<T>,
): Promise<T> {
  const known = await line.store.transact(tx => tx.chats.chat(chatId))
  if (!known) throw new AppError('chat-not-found')
  return line.lock.run(known.conversationId, () =>
    tryAgainOnConflict(line, async () => {
      const news: BusMessage[] = []
      const result = await line.store.transact(async tx => {
        const [chat, conversation] = await Promise.all([
          tx.chats.chat(chatId),
          tx.conversation(known.conversationId),
        ])
        return work({ line, tx, chat: chat!, conversation: conversation!, news })
      })
      line.bus.publish(news)
      return result
    }),
  )
}

/** Says something in the conversation that answers no message, and sends it to where the resident reads. */
export function sayInChat(
  { line, tx, chat, conversation, news }: ChatInHand,
  said: readonly (Pick<TranscriptEntry, 'from'> & { body: Outgoing })[],
  state: unknown,
): void {
  const at = line.clock.now()
  const entries = said.map(
    ({ from, body }, i): TranscriptEntry => ({
      conversationId: conversation.id,
      seq: conversation.lastSeq + 1 + i,
      id: newId(at, line.chance),
      from,
      at,
      replyTo: null,
      externalId: null,
      body,
    }),
  )
  const lastSeq = conversation.lastSeq + entries.length
  const { id: conversationId, version } = conversation
  tx.addTranscript(entries)
  tx.saveConversation({ ...conversation, state, lastSeq, version: version + 1, changedAt: at }, version)
  if (!PAGES.includes(chat.channel)) {
    const data = { chatId: chat.id, conversationId, seq: lastSeq }
    tx.enqueue([{ name: 'push-chat', key: `${conversationId}:${lastSeq}`, data }])
  }
  news.push(
    { topic: 'conversation', conversationId, seq: lastSeq },
    { topic: 'chat', chatId: chat.id, seq: lastSeq },
  )
}

/** What the conversation remembers when nothing of a dialog is open, and who is called. */
export function stateWith({ state }: Conversation, person: CalledPerson | null): ConversationState {
  return freshState({ ...conversationStateSchema.parse(state).facts, calledPerson: person })
}

/** Who talks, as residents see it: `坐席 103`. */
export function seatTitle(line: Line, { number, displayName }: Seat, locale: Locale): string {
  const { seat } = line.content.takeOver.rules
  const isNamed = seat.isNamed && displayName !== ''
  return line.content.texts.of(locale, isNamed ? 'take-over.seat-named' : 'take-over.seat', {
    title: line.names.text(seat, locale),
    number,
    ...(isNamed ? { name: displayName } : {}),
  })
}
