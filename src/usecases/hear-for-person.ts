import { isAlarm } from '../conversation/alarm.ts'
import { dangerParams, SURE } from '../conversation/hearing.ts'
import { pickChoice } from '../conversation/pick-choice.ts'
import { type ChoiceRef, type Reply, reply } from '../conversation/reply.ts'
import { conversationStateSchema } from '../conversation/state.ts'
import type { Understanding } from '../language/understanding.ts'
import type { Chat } from './chat-ports.ts'
import type { EffectContext } from './effect-context.ts'
import { personIn, waitParams } from './queue-for-person.ts'
import { choiceTitle } from './render-reply.ts'

/** The dialog in which a person is called. */
export const CALL_FLOW = 'talk-to-person'
/** Its step while nobody has come yet. */
const WAIT_STEP = `${CALL_FLOW}.wait`

/** For whom a message is: the line answers it (as `said` tells it), or a person does, and the line says at most a word. */
export type HeardFor = { is: 'line'; said: Understanding } | { is: 'person'; replies: Reply[] }

/**
 * While a person talks the line is silent, but for danger: then the numbers to call are said at once. While one is waited for, what is
 * said is kept for them; danger, and what becomes of the waiting, are the line's.
 */
export async function hearForPerson(context: EffectContext, said: Understanding): Promise<HeardFor> {
  const { line, tx, conversation } = context
  const called = personIn(conversation.state)
  const chat = called && (await tx.chats.ofConversation(conversation.id))
  if (!chat) return { is: 'line', said }
  const isDanger = isAlarm(said)
  const now = line.clock.now()
  const dangerAt = isDanger && chat.state === 'held' ? now : chat.dangerAt
  context.news.push({ topic: 'chat', chatId: chat.id, seq: conversation.lastSeq + 1 })
  if (chat.state === 'held') {
    tx.chats.save({ ...chat, heardAt: now, dangerAt })
    return { is: 'person', replies: isDanger ? [dangerReply(said)] : [] }
  }
  if (isDanger || !isWaitOpen(conversation.state)) return { is: 'line', said }
  return hearWaiting(context, chat, said)
}

/** Where danger is only sensed, whoever talks asks whether there is one. */
function dangerReply(said: Understanding): Reply {
  const isSensed = said.dangers.every(danger => danger.isSensed)
  return reply(isSensed ? 'take-over.maybe-danger' : 'emergency.call-now', dangerParams(said))
}

function isWaitOpen(state: unknown): boolean {
  return conversationStateSchema.parse(state).awaiting?.step === WAIT_STEP
}

async function hearWaiting(context: EffectContext, chat: Chat, said: Understanding): Promise<HeardFor> {
  const { line, tx, locale } = context
  const choices = waitChoices()
  const titleOf = (choice: ChoiceRef) => choiceTitle(line, choice, locale)
  if (pickChoice(said, choices, titleOf)) return { is: 'line', said }
  const { label, confidence } = said.intent
  if ((label === 'cancel' || label === 'restart') && confidence >= SURE) {
    const stop = titleOf(choices.find(({ id }) => id === 'stop')!)
    return { is: 'line', said: line.understander.understand(stop, { now: line.clock.now() }) }
  }
  tx.chats.save({ ...chat, heardAt: line.clock.now() })
  const params = await waitParams(line, tx, chat)
  return { is: 'person', replies: [reply('take-over.noted', params, { choices, expects: 'text' })] }
}

/** What may be tapped while somebody waits. */
export function waitChoices(): ChoiceRef[] {
  return ['callback', 'stop'].map(id => ({ id, label: { is: 'text', key: `${WAIT_STEP}.choices.${id}` } }))
}
