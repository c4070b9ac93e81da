import type { Outgoing, TranscriptEntry } from '../conversation/message.ts'
import type { ChatSenders } from './channel-ports.ts'
import type { ChatJob } from './job.ts'
import type { Line } from './line.ts'

const PAGE = 100

/**
 * Brings what was said in a chat without being asked to the channel that the resident came by, each line once and in order, however
 * many jobs there are for them. What does not reach anybody is shown to the agent.
 * @throws what the sender throws, to be tried again later, unless this was the last try
 */
export async function pushChat(
  line: Line,
  job: { data: ChatJob['data']; isLastTry: boolean },
  senders: ChatSenders,
): Promise<void> {
  const { chatId, conversationId } = job.data
  // Not the lock of its turns: a slow channel keeps nobody from speaking.
  await line.lock.run(`push:${conversationId}`, async () => {
    const chat = await line.store.transact(tx => tx.chats.chat(chatId))
    const sender = chat && senders.get(chat.channel)
    if (!chat || !sender) return
    const [contact, conversation] = await Promise.all([
      line.store.contacts.byConversation(conversationId),
      line.store.transact(tx => tx.conversation(conversationId)),
    ])
    const entries = await line.store.transcriptAfter(conversationId, chat.pushedSeq, PAGE)
    for (const entry of entries.filter(isUnasked)) {
      const key = `${conversationId}:${entry.seq}`
      const said = [entry.body as Outgoing]
      const send = async () =>
        contact && !contact.isGone ? sender.send(contact, said, conversation!.locale, key) : 'unreachable'
      const outcome = await send().catch(error => {
        if (!job.isLastTry) throw error
        line.logger.warn({ err: error, chatId }, 'what was said in a chat could not be sent')
        return 'unreachable' as const
      })
      await note(line, chatId, entry.seq, outcome)
    }
  })
}

/** A person wrote it, or it tells who came and went; what answers a message left with the answer. */
function isUnasked({ from, replyTo, body }: TranscriptEntry): boolean {
  if (replyTo !== null || !('key' in body)) return false
  return from === 'agent' || body.key.startsWith('take-over.') || body.key === 'talk-to-person.ask-phone'
}

async function note(line: Line, chatId: string, seq: number, outcome: 'sent' | 'unreachable'): Promise<void> {
  await line.store.chats.pushed(chatId, seq)
  if (outcome === 'sent') return
  const at = line.clock.now()
  await line.store.transact(async tx =>
    tx.chats.record({ chatId, at, what: 'unreached', accountId: null, data: { seq } }),
  )
  line.bus.publish([{ topic: 'chat', chatId, seq }])
}
