import { localDateOf, startOfLocalDate } from '../clocks/working-calendar.ts'
import { estimateWaits, saidWait } from './estimate-wait.ts'
import type { Hall } from './hall.ts'
import { howManyBefore, inOrder, type Waiting, type Window } from './hall-queue.ts'
import { ServiceTimes } from './service-times.ts'
import type { Ticket } from './ticket.ts'

/** Everything of one day that the queue depends on. */
export interface HallDay {
  now: Date
  tickets: readonly Ticket[]
  /** Windows at which somebody sits. */
  openWindows: readonly string[]
}

/** Where somebody stands in the queue. `wait` is null while no open window serves them. */
export interface Standing {
  before: number
  wait: { from: number; to: number } | null
}

/** So many calls count as known before the day begins, one of them in vain. */
const PRIOR_CALLS = 20
const MINUTE = 60_000
/** A number that is about to be taken: of all ids the last. */
const NEW_ID = '\uffff'

/** The queue of a day as it is now: who waits, at which windows, and how long. */
export class HallBoard {
  readonly #hall: Hall
  readonly #day: HallDay
  readonly #windows: readonly Window[]
  readonly #waiting: readonly Waiting[]
  #waits: Map<string, number> | null = null

  constructor(hall: Hall, day: HallDay) {
    this.#hall = hall
    this.#day = day
    this.#windows = windowsOf(hall, day)
    this.#waiting = day.tickets.filter(({ state }) => state === 'waiting').map(waitingOf)
  }

  /** Of a number that waits. */
  standing(ticket: Ticket): Standing {
    this.#waits ??= this.#estimate(this.#waiting)
    return this.#standing(waitingOf(ticket), this.#waiting, this.#waits)
  }

  /** What somebody would be told who took a number now. */
  standingOfNew(group: string, creditMinutes = 0): Standing {
    const mine: Waiting = { id: NEW_ID, group, takenAt: this.#day.now, creditMinutes }
    const waiting = [...this.#waiting, mine]
    return this.#standing(mine, waiting, this.#estimate(waiting))
  }

  waitingFor(group: string): number {
    return this.#waiting.filter(each => each.group === group).length
  }

  /** The first of a group in the order of calling, by id. */
  nextOf(group: string, count: number): string[] {
    const ordered = inOrder(this.#waiting.filter(each => each.group === group))
    return ordered.slice(0, count).map(({ id }) => id)
  }

  /** Windows at which a group is served now. */
  openFor(group: string): string[] {
    return this.#windows.filter(({ isOpen, groups }) => isOpen && groups.includes(group)).map(({ id }) => id)
  }

  #standing(mine: Waiting, waiting: readonly Waiting[], waits: Map<string, number>): Standing {
    const minutes = waits.get(mine.id)
    // Nobody sits there yet: whoever comes first will be called first all the same.
    const windows = this.#windows.map(window =>
      minutes === undefined ? { ...window, isOpen: true } : window,
    )
    const before = howManyBefore(mine, waiting, windows)
    return { before, wait: minutes === undefined ? null : saidWait(minutes, before) }
  }

  #estimate(waiting: readonly Waiting[]): Map<string, number> {
    const { now, tickets } = this.#day
    const called = tickets.filter(({ state }) => state === 'served' || state === 'missed')
    const missed = called.filter(({ state }) => state === 'missed').length
    return estimateWaits({
      now,
      windows: this.#windows,
      waiting,
      serving: tickets.flatMap(({ state, window, group, calledAt }) =>
        (state === 'called' || state === 'serving') && window && calledAt
          ? [{ window, group, since: calledAt }]
          : [],
      ),
      absent: { share: (missed + 1) / (called.length + PRIOR_CALLS), minutes: this.#hall.absentMinutes },
      times: new ServiceTimes(usualOf(this.#hall), servedOf(tickets)),
    })
  }
}

function waitingOf({ id, group, takenAt, creditMinutes, onlyWindow }: Ticket): Waiting {
  return { id, group, takenAt, creditMinutes, ...(onlyWindow ? { onlyWindow } : {}) }
}

function windowsOf({ windows }: Hall, { now, openWindows }: HallDay): Window[] {
  const midnight = startOfLocalDate(localDateOf(now)).getTime()
  const at = (time: string) => new Date(midnight + minuteOf(time) * MINUTE)
  return windows.map(({ id, groups, breaks }) => ({
    id,
    groups,
    isOpen: openWindows.includes(id),
    // A break of a window at which nobody sits says nothing of when it opens.
    breaks: openWindows.includes(id) ? breaks.map(({ from, to }) => ({ from: at(from), to: at(to) })) : [],
  }))
}

/** `08:30` → minutes since midnight. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function usualOf({ groups }: Hall): Record<string, number> {
  return Object.fromEntries(groups.map(({ id, usualMinutes }) => [id, usualMinutes]))
}

/** From the call to the end: getting up and walking over holds up a window as well. */
function servedOf(tickets: readonly Ticket[]) {
  return tickets.flatMap(({ state, window, group, calledAt, finishedAt }) =>
    state === 'served' && window && calledAt && finishedAt
      ? [{ group, window, minutes: (finishedAt.getTime() - calledAt.getTime()) / MINUTE }]
      : [],
  )
}
