import type { TicketState } from './ticket.ts'

/** What pages and the desk are told of the hall, every text in the reader's language. */

/** A floor as a page draws it, in the floor's own units, with the way to a window. */
export interface HallPlan {
  floor: string
  width: number
  height: number
  shapes: { is: string; x: number; y: number; width: number; height: number; name: string }[]
  windows: {
    id: string
    name: string
    x: number
    y: number
    width: number
    height: number
    isWanted: boolean
  }[]
  way: { x: number; y: number }[]
  /** The same in words, for whoever does not see it. */
  text: string
}

/** A number as whoever holds it sees it. */
export interface NumberView {
  code: string
  label: string
  group: string
  state: TicketState
  /** Where it is called, or was. */
  window: string | null
  calls: number
  before: number
  /** Minutes; null while nobody sits at a window for it, or when it does not wait. */
  wait: { from: number; to: number } | null
  isNearly: boolean
  mayReturn: boolean
  takenAt: string
  plan: HallPlan
}

/** The next buses near the hall, and how they are known. */
export interface BusesView {
  told: 'live' | 'timetable' | 'stale' | 'away'
  buses: {
    line: string
    headsign: string
    stop: string
    metres: number
    at: string
    minutes: number
    isLive: boolean
  }[]
}

/** What people choose from who take a number. */
export interface HallView {
  name: string
  isOpen: boolean
  hours: { from: string; to: string }
  groups: {
    id: string
    name: string
    waiting: number
    /** Minutes for who takes a number now; null while nobody sits at a window for it. */
    wait: { from: number; to: number } | null
    windows: string[]
  }[]
}

/** What the screen in the hall shows. Numbers name nobody. */
export interface ScreenView {
  name: string
  /** The last calls, the newest first. */
  calls: { label: string; window: string; calls: number; at: string }[]
  /** Who is likely next at each group. */
  next: { group: string; labels: string[]; waiting: number }[]
}

/** What a clerk sees: the windows, and at their own who is served and who waits. */
export interface WindowsView {
  windows: { id: string; groups: string[]; isOpen: boolean; isMine: boolean }[]
  groups: { id: string; name: string; waiting: number; next: string[] }[]
  /** Whoever is called or served at the clerk's window. */
  current: WindowTicket | null
  /** How often a number is called before it may be passed over. */
  callsBeforeMissing: number
  /** Today's numbers of the clerk's window, the newest first. */
  today: WindowTicket[]
  /** What all windows did today. */
  counts: { taken: number; served: number; missed: number; waiting: number }
}

export interface WindowTicket {
  id: string
  label: string
  group: string
  groupName: string
  state: TicketState
  calls: number
  calledAt: string | null
  finishedAt: string | null
}
