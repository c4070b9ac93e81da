import { reply } from '../conversation/reply.ts'
import { expectAnswer } from '../conversation/state.ts'
import { staffedFrom } from '../conversation/take-over.ts'
import { MINUTE } from '../kernel/clock.ts'
import { isAppError } from '../kernel/errors.ts'
import { CALL_FLOW, waitChoices } from './hear-for-person.ts'
import type { Line } from './line.ts'
import { endChat, isStaffed, waitParams } from './queue-for-person.ts'
import { renderReply } from './render-reply.ts'
import { sayMoment } from './say-due.ts'
import { type ChatInHand, onChat, sayInChat, stateWith } from './say-in-chat.ts'
import { announce, backToQueue } from './work-on-chats.ts'

type Due = Awaited<ReturnType<Line['store']['chats']['due']>>[number]['because']

/**
 * Looks after chats that nobody looks after: who waits too long is told and shown red, who has gone silent is the line's again, whose
 * agent has left goes back to the queue, and who waits while nobody is there any more is told so.
 * @returns how many were looked after
 */
export async function sweepChats(line: Line): Promise<number> {
  const now = line.clock.now()
  const { rules } = line.content.takeOver
  const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE)
  const due = await line.store.chats.due({
    lateBefore: ago(rules.answerWithinMinutes),
    idleBefore: ago(rules.idleMinutes),
    awayBefore: ago(rules.awayMinutes),
    isClosed: !isStaffed(line),
    now,
  })
  for (const { id, because } of due) {
    try {
      await onChat(line, id, chat => lookAfter(chat, because))
    } catch (error) {
      // Another instance, or the agent, was faster.
      if (!isAppError(error, 'version-conflict')) throw error
    }
  }
  return due.length
}

/** Under the lock it may not be as it was found. */
async function lookAfter(chat: ChatInHand, because: Due): Promise<void> {
  const { state, heldBy, lateAt } = chat.chat
  if (because === 'closed' && state === 'waiting') return close(chat)
  if (because === 'late' && state === 'waiting' && lateAt === null) return tellLate(chat)
  if (state !== 'held' || heldBy === null) return
  const seat = await chat.tx.chats.seat(heldBy)
  if (because === 'away') return backToQueue(chat, seat)
  if (because !== 'idle') return
  announce(chat, 'idle', seat, stateWith(chat.conversation, null))
  endChat(chat, chat.chat, 'idle', heldBy)
}

async function tellLate(chat: ChatInHand): Promise<void> {
  const { line, tx, conversation } = chat
  const now = line.clock.now()
  tx.chats.save({ ...chat.chat, lateAt: now })
  tx.chats.record({ chatId: chat.chat.id, at: now, what: 'late', accountId: null })
  const params = await waitParams(line, tx, chat.chat)
  const said = reply('take-over.late', params, { choices: waitChoices(), expects: 'text' })
  const body = renderReply(line, said, conversation.locale, new Map())
  sayInChat(chat, [{ from: 'line', body }], conversation.state)
}

/** Nobody came: when people are there again, and a call back instead. */
async function close(chat: ChatInHand): Promise<void> {
  const { line, conversation } = chat
  const { locale } = conversation
  const opensAt = staffedFrom(line.content.takeOver.calendar, line.clock.now())
  const opens = { is: 'text' as const, key: 'take-over.opens', params: sayMoment(opensAt, locale) }
  const step = `${CALL_FLOW}.ask-phone`
  const skip = { id: 'skip', label: { is: 'text' as const, key: `${step}.choices.skip` } }
  const said = [
    reply('take-over.closed', { opens }),
    reply(step, {}, { choices: [skip], expects: 'phone' }),
  ].map(each => ({ from: 'line' as const, body: renderReply(line, each, locale, new Map()) }))
  const done = { [`${CALL_FLOW}.queue`]: 'closed' }
  const question = { flow: CALL_FLOW, step, slots: { wish: 'callback' }, done }
  sayInChat(chat, said, expectAnswer(stateWith(conversation, null), question))
  endChat(chat, chat.chat, 'closed')
}
