import type { Ticket, TicketAction } from '../hall/ticket.ts'

/** Where a number was taken. */
export const TAKEN_BY = ['chat', 'page', 'kiosk'] as const
export type TakenBy = (typeof TAKEN_BY)[number]

/** A number as it is stored. */
export interface StoredTicket extends Ticket {
  /** Local date. */
  day: string
  /** By which its page is opened. */
  code: string
  /** The conversation in which it was taken: there its news are told. */
  conversationId: string | null
}

export interface NewTicket {
  id: string
  day: string
  code: string
  /** The same request again gets the same number. */
  request: string | null
  group: string
  prefix: string
  takenBy: TakenBy
  conversationId: string | null
  creditMinutes: number
  takenAt: Date
}

/** Somebody sits at a window. */
export interface HallSeat {
  window: string
  accountId: string
  since: Date
}

/** Who does something at a window. */
export interface AtWindow {
  day: string
  window: string
  accountId: string
  at: Date
}

/** What changes with a number besides its state. */
export interface TicketChange {
  group?: string
  onlyWindow?: string | null
  /** Added to what it has. */
  creditMinutes?: number
  at: Date
  /** Null: the person themselves. */
  by: Pick<AtWindow, 'window' | 'accountId'> | null
}

/** Numbers of the hall. Each change is one statement, so that two windows never call the same number. */
export interface HallStore {
  /** Numbers count from 1 for each prefix and day, and none is given twice. */
  take(ticket: NewTicket): Promise<StoredTicket>
  byCode(code: string): Promise<StoredTicket | null>
  /** The last one that was taken in a conversation on a day. */
  ofConversation(conversationId: string, day: string): Promise<StoredTicket | null>
  day(day: string): Promise<{ tickets: StoredTicket[]; seats: HallSeat[] }>
  /** Calls the next of these groups; null when nobody waits. @throws AppError `version-conflict` when the window serves somebody */
  callNext(at: AtWindow, groups: readonly string[]): Promise<StoredTicket | null>
  /** Null when the number is not where the action begins, or at another window. */
  change(id: string, action: TicketAction, change: TicketChange): Promise<StoredTicket | null>
  /** False when somebody else sits there today. */
  openWindow(at: AtWindow): Promise<boolean>
  closeWindow(at: AtWindow): Promise<boolean>
  /** Those of these numbers that were not told before; they are now. */
  markTold(ids: readonly string[], at: Date): Promise<StoredTicket[]>
}
