import type { Params } from '../conversation/reply.ts'
import type { Locale } from '../language/understanding.ts'
import { aheadParam } from './hall-effects.ts'
import { readHall } from './hall-now.ts'
import { wayText } from './hall-plan.ts'
import type { StoredTicket } from './hall-ports.ts'
import type { Line } from './line.ts'
import { sayUnasked } from './say-unasked.ts'

/** Tells whoever's turn is near, once each time they wait. */
export async function tellNearly(line: Line): Promise<void> {
  const { board, tickets } = await readHall(line)
  const near = tickets.flatMap(ticket => {
    if (ticket.state !== 'waiting' || ticket.conversationId === null) return []
    const { before, wait } = board.standing(ticket)
    return wait && before <= line.content.hall.nearlyBefore ? [{ ticket, before, wait }] : []
  })
  if (near.length === 0) return
  const told = await line.store.hall.markTold(
    near.map(({ ticket }) => ticket.id),
    line.clock.now(),
  )
  for (const { ticket, before, wait } of near) {
    if (!told.some(({ id }) => id === ticket.id)) continue
    await say(line, ticket, 'hall.nearly', () => ({
      label: ticket.label,
      ahead: aheadParam(before),
      from: wait.from,
      to: wait.to,
    }))
  }
}

/** Tells that a number is called, and which way to go. */
export async function tellCalled(line: Line, ticket: StoredTicket): Promise<void> {
  const window = line.content.hall.windows.find(({ id }) => id === ticket.window)!
  await say(line, ticket, 'hall.called', locale => ({
    label: ticket.label,
    window: window.id,
    way: wayText(line, window, locale),
  }))
}

/** Who is not told still sees it on the screen: a failure here keeps no window from going on. */
async function say(
  line: Line,
  { conversationId }: StoredTicket,
  key: string,
  params: (locale: Locale) => Params,
): Promise<void> {
  if (conversationId === null) return
  try {
    const conversation = await line.store.transact(tx => tx.conversation(conversationId))
    if (conversation) await sayUnasked(line, conversationId, { key, params: params(conversation.locale) })
  } catch (error) {
    line.logger.warn({ err: error, key }, 'news of the hall could not be told')
  }
}
