import type { TranscriptEntry } from '../conversation/message.ts'
import { type Reply, reply } from '../conversation/reply.ts'
import { MINUTE } from '../kernel/clock.ts'
import { newId } from '../kernel/ids.ts'
import type { ChatSenders } from './channel-ports.ts'
import type { PushJob } from './job.ts'
import type { Line } from './line.ts'
import { renderReply } from './render-reply.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** Channels whose pages are open and hear by themselves what is said. */
export const PAGES = ['web-chat', 'direct-line', 'enterprise']

/**
 * Says something in a conversation that answers no message, between its turns, and sends it to where the person reads. What the
 * conversation was about stays open.
 */
export async function sayUnasked(
  line: Line,
  conversationId: string,
  said: Pick<Reply, 'key' | 'params'>,
): Promise<void> {
  await line.lock.run(conversationId, () =>
    tryAgainOnConflict(line, async () => {
      const seq = await line.store.transact(async tx => {
        const conversation = await tx.conversation(conversationId)
        if (!conversation) return null
        const { version, locale, channel } = conversation
        const at = line.clock.now()
        const lastSeq = conversation.lastSeq + 1
        const entry: TranscriptEntry = {
          conversationId,
          seq: lastSeq,
          id: newId(at, line.chance),
          from: 'line',
          at,
          replyTo: null,
          externalId: null,
          body: renderReply(line, reply(said.key, said.params), locale, new Map()),
        }
        tx.addTranscript([entry])
        tx.saveConversation({ ...conversation, lastSeq, version: version + 1, changedAt: at }, version)
        if (!PAGES.includes(channel))
          tx.enqueue([
            {
              name: 'push-unasked',
              key: `${conversationId}:${lastSeq}`,
              data: { conversationId, seq: lastSeq },
            },
          ])
        return lastSeq
      })
      if (seq !== null) line.bus.publish([{ topic: 'conversation', conversationId, seq }])
    }),
  )
}

/** What is older tells somebody to come who was called long ago. */
const NEWS_FOR_MS = 10 * MINUTE

/**
 * Brings it to the channel that the person came by. It is news of the minute: where nothing may be sent unasked it stays in the transcript.
 * @throws what the sender throws, to be tried again, unless this was the last try
 */
export async function pushUnasked(
  line: Line,
  { data: { conversationId, seq }, isLastTry }: { data: PushJob['data']; isLastTry: boolean },
  senders: ChatSenders,
): Promise<void> {
  const [contact, conversation, [entry]] = await Promise.all([
    line.store.contacts.byConversation(conversationId),
    line.store.transact(tx => tx.conversation(conversationId)),
    line.store.transcriptAfter(conversationId, seq - 1, 1),
  ])
  const sender = senders.get(contact?.channel ?? '')
  if (!contact || contact.isGone || !sender || !conversation || entry?.seq !== seq || !('key' in entry.body))
    return
  if (line.clock.now().getTime() - entry.at.getTime() > NEWS_FOR_MS) return
  try {
    await sender.send(contact, [entry.body], conversation.locale, `${conversationId}:${seq}`)
  } catch (error) {
    if (!isLastTry) throw error
    line.logger.warn({ err: error, conversationId }, 'what was said unasked could not be sent')
  }
}
