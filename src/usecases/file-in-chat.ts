import type { Case } from '../cases/case.ts'
import type { Conversation } from '../conversation/message.ts'
import { reply } from '../conversation/reply.ts'
import { conversationStateSchema } from '../conversation/state.ts'
import { handledFor } from './join-neighbours.ts'
import type { Account, Person } from './ports.ts'
import { renderReply } from './render-reply.ts'
import { type ChatInHand, sayInChat, seatTitle } from './say-in-chat.ts'

/** The resident of a chat as the owner of what is filed for them: the case is theirs as if they had filed it. */
export function residentOfChat(
  { channel, userId: channelUserId, state }: Conversation,
  told: { name: string | null; phone: string | null; isWithoutPhone: boolean },
): Person {
  const phone = told.isWithoutPhone ? null : (told.phone ?? phoneIn(state))
  return { name: told.name, phone, channel, channelUserId }
}

/** The number that the resident has told the line. */
export function phoneIn(state: unknown): string | null {
  const { phone } = conversationStateSchema.parse(state).facts
  return typeof phone === 'string' ? phone : null
}

/** Tells the resident what was filed for them, cards and query codes included, and records who did. */
export async function tellFiled(
  chat: ChatInHand,
  account: Account,
  filed: readonly Case[],
  codes: readonly string[],
): Promise<void> {
  const { line, tx, conversation } = chat
  const { locale } = conversation
  const { id: accountId, displayName } = account
  const seat = seatTitle(line, { ...(await tx.chats.seat(accountId)), displayName }, locale)
  const handled = await Promise.all(filed.map(each => handledFor(tx, each)))
  const shown = new Map([...filed, ...handled].flatMap(each => (each ? [[each.id, each] as const] : [])))
  const cases = filed.map(({ id }, i) => ({ caseId: id, queryCode: codes[i]! }))
  const said = reply('take-over.filed', { seat }, { cases, expects: 'text' })
  const body = { ...renderReply(line, said, locale, shown), by: seat }
  const state = conversationStateSchema.parse(conversation.state)
  const facts = { ...state.facts, lastCaseId: filed.at(-1)!.id }
  tx.chats.record({
    chatId: chat.chat.id,
    at: line.clock.now(),
    what: 'filed',
    accountId,
    data: { cases: filed.map(({ id }) => id) },
  })
  sayInChat(chat, [{ from: 'agent', body }], { ...state, facts })
}
