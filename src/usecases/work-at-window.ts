import { localDateOf } from '../clocks/working-calendar.ts'
import type { TicketAction } from '../hall/ticket.ts'
import type { WindowsView, WindowTicket } from '../hall/told-hall.ts'
import { AppError, isAppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { groupName, readHall } from './hall-now.ts'
import type { AtWindow, StoredTicket, TicketChange } from './hall-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { checkSees } from './role-views.ts'
import { tellCalled, tellNearly } from './tell-hall-news.ts'

const MOST_NEXT = 5
const MOST_TODAY = 30

export async function showWindows(line: Line, account: Account, locale: Locale): Promise<WindowsView> {
  checkSees(account, 'hall')
  const { board, tickets, seats } = await readHall(line)
  const mine = seats.find(({ accountId }) => accountId === account.id)?.window
  const ofMine = tickets
    .filter(({ window }) => window !== null && window === mine)
    .toSorted((a, b) => (b.calledAt?.getTime() ?? 0) - (a.calledAt?.getTime() ?? 0))
  const isHere = ({ state }: StoredTicket) => state === 'called' || state === 'serving'
  const count = (state: StoredTicket['state']) => tickets.filter(each => each.state === state).length
  const present = (ticket: StoredTicket): WindowTicket => windowTicket(line, ticket, locale)
  const current = ofMine.find(isHere)
  return {
    windows: line.content.hall.windows.map(({ id, groups }) => ({
      id,
      groups,
      isOpen: seats.some(({ window }) => window === id),
      isMine: id === mine,
    })),
    groups: line.content.hall.groups.map(({ id }) => ({
      id,
      name: groupName(line, id, locale),
      waiting: board.waitingFor(id),
      next: board.nextOf(id, MOST_NEXT).map(next => tickets.find(each => each.id === next)!.label),
    })),
    current: current ? present(current) : null,
    callsBeforeMissing: line.content.hall.recall.calls,
    today: ofMine
      .filter(ticket => !isHere(ticket) && ticket.state !== 'waiting')
      .slice(0, MOST_TODAY)
      .map(present),
    counts: {
      taken: tickets.length,
      served: count('served'),
      missed: count('missed'),
      waiting: count('waiting'),
    },
  }
}

function windowTicket(line: Line, ticket: StoredTicket, locale: Locale): WindowTicket {
  const { id, label, group, state, calls, calledAt, finishedAt } = ticket
  return {
    id,
    label,
    group,
    groupName: groupName(line, group, locale),
    state,
    calls,
    calledAt: calledAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

/** Sits down at a window; the one before is left. @throws AppError `hall-window-not-found`, `hall-window-taken`, `hall-window-busy` */
export async function openWindow(line: Line, account: Account, window: string): Promise<void> {
  const at = seatOf(line, account, window)
  const { seats } = await readHall(line)
  for (const { window: before } of seats.filter(({ accountId }) => accountId === account.id))
    if (before !== window) await closeWindow(line, account, before)
  if (!(await line.store.hall.openWindow(at))) throw new AppError('hall-window-taken')
  line.bus.publish([{ topic: 'hall' }])
}

/** Gets up. @throws AppError `hall-window-closed`, `hall-window-busy` while somebody is served */
export async function closeWindow(line: Line, account: Account, window: string): Promise<void> {
  const at = seatOf(line, account, window)
  const { tickets } = await readHall(line)
  const isBusy = tickets.some(
    each => each.window === window && (each.state === 'called' || each.state === 'serving'),
  )
  if (isBusy) throw new AppError('hall-window-busy')
  if (!(await line.store.hall.closeWindow(at))) throw new AppError('hall-window-closed')
  line.bus.publish([{ topic: 'hall' }])
}

/** Calls the next; null when nobody waits for this window. @throws AppError `hall-window-closed`, `hall-window-busy` */
export async function callNext(
  line: Line,
  account: Account,
  window: string,
): Promise<{ label: string } | null> {
  const at = await openSeatOf(line, account, window)
  const { groups } = line.content.hall.windows.find(({ id }) => id === window)!
  const called = await line.store.hall.callNext(at, groups).catch(error => {
    throw isAppError(error, 'version-conflict') ? new AppError('hall-window-busy') : error
  })
  if (!called) return null
  line.bus.publish([{ topic: 'hall' }])
  await tellCalled(line, called)
  await tellNearly(line).catch(error =>
    line.logger.warn({ err: error }, 'nobody could be told that their turn is near'),
  )
  return { label: called.label }
}

export interface WindowAction {
  window: string
  ticketId: string
  action: Exclude<TicketAction, 'rejoin' | 'leave'>
  /** Of a transfer: what it is for, and the one window that is to serve it. */
  group?: string | undefined
  onlyWindow?: string | undefined
}

/**
 * What a clerk does with the number at their window.
 * @throws AppError `hall-window-closed`, `ticket-not-now`, of a transfer `hall-group-not-found`, `hall-window-serves-not`
 */
export async function actAtWindow(line: Line, account: Account, wanted: WindowAction): Promise<void> {
  const { window, ticketId, action } = wanted
  const at = await openSeatOf(line, account, window)
  const change: TicketChange = {
    at: at.at,
    by: { window, accountId: account.id },
    ...(action === 'transfer' ? transferOf(line, wanted) : {}),
  }
  const changed = await line.store.hall.change(ticketId, action, change)
  if (!changed) throw new AppError('ticket-not-now')
  line.bus.publish([{ topic: 'hall' }])
  if (action === 'recall') await tellCalled(line, changed)
}

function transferOf({ content: { hall } }: Line, { group, onlyWindow }: WindowAction) {
  if (!hall.groups.some(({ id }) => id === group)) throw new AppError('hall-group-not-found')
  const to = onlyWindow === undefined ? null : hall.windows.find(({ id }) => id === onlyWindow)
  if (to === undefined) throw new AppError('hall-window-not-found')
  if (to && !to.groups.includes(group!)) throw new AppError('hall-window-serves-not')
  return { group: group!, onlyWindow: to?.id ?? null, creditMinutes: hall.credits.transferred }
}

function seatOf(line: Line, account: Account, window: string): AtWindow {
  checkSees(account, 'hall')
  if (!line.content.hall.windows.some(({ id }) => id === window)) throw new AppError('hall-window-not-found')
  const at = line.clock.now()
  return { day: localDateOf(at), window, accountId: account.id, at }
}

async function openSeatOf(line: Line, account: Account, window: string): Promise<AtWindow> {
  const at = seatOf(line, account, window)
  const { seats } = await line.store.hall.day(at.day)
  const isMine = seats.some(seat => seat.window === window && seat.accountId === account.id)
  if (!isMine) throw new AppError('hall-window-closed')
  return at
}
