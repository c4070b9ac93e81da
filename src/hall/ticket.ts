export const TICKET_STATES = ['waiting', 'called', 'serving', 'served', 'missed', 'left'] as const
export type TicketState = (typeof TICKET_STATES)[number]

/** A number that somebody took in the hall. It knows no person. */
export interface Ticket {
  id: string
  /** As it is called: `A012`. */
  label: string
  group: string
  state: TicketState
  /** Who called it last. */
  window: string | null
  /** Only this window may call it: it was sent there. */
  onlyWindow: string | null
  takenAt: Date
  calledAt: Date | null
  finishedAt: Date | null
  creditMinutes: number
  /** How often it was called for this turn. */
  calls: number
}

interface TicketRow {
  from: readonly TicketState[]
  to: TicketState
  /** Done by the window that called it. */
  atWindow: boolean
}

/** What can be done with a number: from where, to where, by whom. */
export const TICKET_ACTIONS = {
  // Calling again changes no place: who stands up late is not punished for it.
  recall: { from: ['called'], to: 'called', atWindow: true },
  start: { from: ['called'], to: 'serving', atWindow: true },
  miss: { from: ['called'], to: 'missed', atWindow: true },
  finish: { from: ['serving'], to: 'served', atWindow: true },
  // Also before it began: a wrong number is seen at the first glance.
  transfer: { from: ['called', 'serving'], to: 'waiting', atWindow: true },
  rejoin: { from: ['missed'], to: 'waiting', atWindow: false },
  leave: { from: ['waiting'], to: 'left', atWindow: false },
} as const satisfies Record<string, TicketRow>
export type TicketAction = keyof typeof TICKET_ACTIONS

/** May a number that was missed still come back? */
export function mayReturn(
  { state, finishedAt }: Pick<Ticket, 'state' | 'finishedAt'>,
  now: Date,
  returnMinutes: number,
): boolean {
  return (
    state === 'missed' &&
    finishedAt !== null &&
    now.getTime() - finishedAt.getTime() <= returnMinutes * 60_000
  )
}
