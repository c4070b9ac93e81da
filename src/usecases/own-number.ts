import { mayReturn } from '../hall/ticket.ts'
import type { NumberView } from '../hall/told-hall.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { groupName, type HallNow, readHall } from './hall-now.ts'
import { hallPlan } from './hall-plan.ts'
import type { StoredTicket } from './hall-ports.ts'
import type { Line } from './line.ts'

/** @throws AppError `ticket-not-found` */
export async function showNumber(line: Line, code: string, locale: Locale): Promise<NumberView> {
  const ticket = await numberOfCode(line, code)
  return viewNumber(line, await readHall(line), ticket, locale)
}

export function viewNumber(
  line: Line,
  { board, day }: HallNow,
  ticket: StoredTicket,
  locale: Locale,
): NumberView {
  const { hall } = line.content
  const { code, label, state, calls, window } = ticket
  const isWaiting = state === 'waiting' && ticket.day === day
  const { before, wait } = isWaiting ? board.standing(ticket) : { before: 0, wait: null }
  return {
    code,
    label,
    group: groupName(line, ticket.group, locale),
    state,
    window: state === 'waiting' ? ticket.onlyWindow : window,
    calls,
    before,
    wait,
    isNearly: isWaiting && wait !== null && before <= hall.nearlyBefore,
    mayReturn: mayReturn(ticket, line.clock.now(), hall.recall.returnMinutes),
    takenAt: ticket.takenAt.toISOString(),
    plan: hallPlan(line, windowsOf(line, board.openFor(ticket.group), ticket), locale),
  }
}

/** Who was passed over comes back, a little before the end of the queue. @throws AppError `ticket-not-found`, `ticket-not-now` */
export async function returnToQueue(line: Line, code: string): Promise<StoredTicket> {
  const ticket = await numberOfCode(line, code)
  const { recall, credits } = line.content.hall
  const at = line.clock.now()
  if (!mayReturn(ticket, at, recall.returnMinutes)) throw new AppError('ticket-not-now')
  const lostMinutes = Math.ceil((at.getTime() - ticket.takenAt.getTime()) / 60_000)
  // From where it was it would be called next; it counts as taken some minutes ago.
  const creditMinutes = credits.returned - lostMinutes - ticket.creditMinutes
  return changeOwn(line, ticket, 'rejoin', { creditMinutes, at, by: null })
}

/** Whoever does not wait any more gives the number back. @throws AppError `ticket-not-found`, `ticket-not-now` */
export async function leaveHall(line: Line, code: string): Promise<StoredTicket> {
  return changeOwn(line, await numberOfCode(line, code), 'leave', { at: line.clock.now(), by: null })
}

async function changeOwn(
  line: Line,
  ticket: StoredTicket,
  ...[action, change]: [action: 'rejoin' | 'leave', change: Parameters<Line['store']['hall']['change']>[2]]
): Promise<StoredTicket> {
  const changed = await line.store.hall.change(ticket.id, action, change)
  if (!changed) throw new AppError('ticket-not-now')
  line.bus.publish([{ topic: 'hall' }])
  return changed
}

async function numberOfCode(line: Line, code: string): Promise<StoredTicket> {
  const ticket = await line.store.hall.byCode(code.trim().toUpperCase())
  if (!ticket) throw new AppError('ticket-not-found')
  return ticket
}

/** Where it is called, else where it may be: at open windows first. */
function windowsOf({ content }: Line, open: readonly string[], ticket: StoredTicket): string[] {
  const one = ticket.state === 'waiting' ? ticket.onlyWindow : ticket.window
  if (one) return [one]
  if (open.length > 0) return [...open]
  return content.hall.windows.filter(({ groups }) => groups.includes(ticket.group)).map(({ id }) => id)
}
