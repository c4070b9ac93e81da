import { reply } from '../conversation/reply.ts'
import { type ConversationState, expectAnswer } from '../conversation/state.ts'
import { AppError } from '../kernel/errors.ts'
import { checkAnswering } from './agents-caller.ts'
import type { Seat } from './chat-ports.ts'
import { CALL_FLOW, waitChoices } from './hear-for-person.ts'
import type { Line } from './line.ts'
import type { Account, Transaction } from './ports.ts'
import { endChat, waitParams } from './queue-for-person.ts'
import { isForAccount } from './read-chats.ts'
import { renderReply } from './render-reply.ts'
import { type ChatInHand, onChat, sayInChat, seatTitle, stateWith } from './say-in-chat.ts'

/** Writes the answer in the transaction of what was done. */
type Keep = (tx: Transaction) => void

/**
 * Takes over a chat that waits; taken by the same account before, it stays so. Of two at once one gets it.
 * @throws AppError `action-forbidden`, `chat-not-found` when it is over, `chat-taken`, `chats-full`
 */
export async function takeChat(
  line: Line,
  account: Account,
  chatId: string,
  keep: Keep = () => {},
): Promise<void> {
  checkAnswering(account)
  await line.store.chats.seen(account.id, line.clock.now())
  await onChat(line, chatId, async chat => {
    const { tx } = chat
    const { state, heldBy } = chat.chat
    keep(tx)
    if (state === 'ended') throw new AppError('chat-not-found')
    if (heldBy === account.id) return
    if (state === 'held' || !isForAccount(line, account, chat.chat)) throw new AppError('chat-taken')
    const { mostChats } = line.content.takeOver.rules
    if ((await tx.chats.countHeld(account.id)) >= mostChats)
      throw new AppError('chats-full', { most: mostChats })
    hold(chat, account.id)
    announce(chat, 'taken', await seatOf(chat, account), stateWith(chat.conversation, { chatId, is: 'held' }))
  })
}

function hold({ line, tx, chat }: ChatInHand, accountId: string): void {
  const now = line.clock.now()
  tx.chats.save({
    ...chat,
    state: 'held',
    heldBy: accountId,
    heldAt: chat.heldAt ?? now,
    heardAt: now,
    lateAt: null,
  })
  tx.chats.record({ chatId: chat.id, at: now, what: 'taken', accountId })
}

/**
 * What an agent writes to the resident.
 * @returns number of its line in the transcript
 * @throws AppError `action-forbidden`, `chat-not-found`, `chat-not-yours`
 */
export async function writeInChat(
  line: Line,
  account: Account,
  chatId: string,
  text: string,
  keep: (tx: Transaction, seq: number) => void = () => {},
): Promise<number> {
  return onOwnChat(line, account, chatId, async chat => {
    const { conversation, tx } = chat
    const by = seatTitle(line, await seatOf(chat, account), conversation.locale)
    keep(tx, conversation.lastSeq + 1)
    const body = { key: 'take-over.said', text, choices: [], cards: [], expects: 'text' as const, by }
    sayInChat(chat, [{ from: 'agent', body }], conversation.state)
    return conversation.lastSeq + 1
  })
}

/**
 * The line answers again: the agent hands the chat back to it, or has finished.
 * @throws AppError as `writeInChat`
 */
export async function leaveChat(
  line: Line,
  account: Account,
  chatId: string,
  how: 'handed-back' | 'finished',
  keep: Keep = () => {},
): Promise<void> {
  await onOwnChat(line, account, chatId, async chat => {
    keep(chat.tx)
    announce(chat, how, await seatOf(chat, account), stateWith(chat.conversation, null))
    endChat(chat, chat.chat, how, account.id)
  })
}

/**
 * Gives a chat back to the queue, where it keeps its place: the agent cannot go on.
 * @throws AppError as `writeInChat`
 */
export async function giveChatBack(
  line: Line,
  account: Account,
  chatId: string,
  keep: Keep = () => {},
): Promise<void> {
  await onOwnChat(line, account, chatId, async chat => {
    keep(chat.tx)
    await backToQueue(chat, await seatOf(chat, account))
  })
}

/** The chat waits again, before all that asked later, and the resident is told. */
export async function backToQueue(chat: ChatInHand, seat: Seat): Promise<void> {
  const { line, tx, conversation } = chat
  // That it takes longer is told with it.
  const waiting = { ...chat.chat, state: 'waiting' as const, heldBy: null, lateAt: line.clock.now() }
  tx.chats.save(waiting)
  tx.chats.record({
    chatId: waiting.id,
    at: line.clock.now(),
    what: 'given-back',
    accountId: seat.accountId,
  })
  const question = { flow: CALL_FLOW, step: `${CALL_FLOW}.wait`, slots: {} }
  const state = expectAnswer(stateWith(conversation, { chatId: waiting.id, is: 'waiting' }), {
    ...question,
    done: { [`${CALL_FLOW}.queue`]: 'waiting' },
  })
  const params = {
    ...(await waitParams(line, tx, waiting)),
    seat: seatTitle(line, seat, conversation.locale),
  }
  const said = reply('take-over.given-back', params, { choices: waitChoices(), expects: 'text' })
  const body = renderReply(line, said, conversation.locale, new Map())
  sayInChat(chat, [{ from: 'line', body }], state)
}

/** Says who came or went. */
export function announce(chat: ChatInHand, what: string, seat: Seat, state: ConversationState): void {
  const { line, conversation } = chat
  const params = { seat: seatTitle(line, seat, conversation.locale) }
  const body = renderReply(
    line,
    reply(`take-over.${what}`, params, { expects: 'text' }),
    conversation.locale,
    new Map(),
  )
  sayInChat(chat, [{ from: 'line', body }], state)
}

/** Does something with a chat that the account has. */
export function onOwnChat<T>(
  line: Line,
  account: Account,
  chatId: string,
  work: (chat: ChatInHand) => Promise<T>,
): Promise<T> {
  checkAnswering(account)
  return onChat(line, chatId, async chat => {
    if (chat.chat.state === 'ended') throw new AppError('chat-not-found')
    if (chat.chat.heldBy !== account.id) throw new AppError('chat-not-yours')
    return work(chat)
  })
}

async function seatOf({ tx }: ChatInHand, { id, displayName }: Account): Promise<Seat> {
  return { ...(await tx.chats.seat(id)), displayName }
}
