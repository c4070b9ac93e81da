import type { Conversation, TranscriptEntry } from '../conversation/message.ts'
import { reply } from '../conversation/reply.ts'
import { freshState } from '../conversation/state.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import type { Line } from './line.ts'
import { renderReply } from './render-reply.ts'

/**
 * A new conversation with its greeting already in the transcript.
 * @throws AppError `version-conflict` when the given id is taken
 */
export async function openConversation(
  line: Line,
  person: { id?: string; channel: string; userId: string; locale: Locale | null },
): Promise<Conversation> {
  const at = line.clock.now()
  const id = person.id ?? newId(at, line.chance)
  const locale = person.locale ?? 'zh-Hans'
  const choices = (line.content.repairs.get('greeting')?.choices ?? []).map(choice => ({
    id: choice,
    label: { is: 'text' as const, key: `repair.greeting.choices.${choice}` },
  }))
  const greeting: TranscriptEntry = {
    conversationId: id,
    seq: 1,
    id: newId(at, line.chance),
    from: 'line',
    at,
    replyTo: null,
    externalId: null,
    body: renderReply(line, reply('repair.greeting', {}, { choices }), locale, new Map()),
  }
  const conversation: Conversation = {
    id,
    channel: person.channel,
    userId: person.userId,
    locale,
    state: freshState(),
    lastSeq: 1,
    version: 1,
    createdAt: at,
    changedAt: at,
  }
  await line.store.transact(async tx => {
    tx.saveConversation(conversation, null)
    tx.addTranscript([greeting])
  })
  return conversation
}
