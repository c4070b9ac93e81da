import type { Channel } from '../cases/channels.ts'
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
export async function openConversation(line: Line, person: NewPerson): Promise<Conversation> {
  const { conversation, greeting } = newConversation(line, person)
  await line.store.transact(async tx => {
    tx.saveConversation(conversation, null)
    tx.addTranscript([greeting])
  })
  return conversation
}

/** Who begins to talk. */
export interface NewPerson {
  /** Of the conversation; left out: any. */
  id?: string
  channel: Channel
  userId: string
  locale: Locale | null
  /** Where the channel tells it. */
  phone?: string
}

/** The same before it is written. */
export function newConversation(
  line: Line,
  person: NewPerson,
): { conversation: Conversation; greeting: TranscriptEntry } {
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
    state: freshState(person.phone ? { phone: person.phone } : {}),
    lastSeq: 1,
    version: 1,
    createdAt: at,
    changedAt: at,
  }
  return { conversation, greeting }
}
