import { inOrder, nextFor, type Waiting, type Window } from './hall-queue.ts'
import type { ServiceTimes } from './service-times.ts'

/** The hall as it is now. */
export interface HallNow {
  now: Date
  windows: readonly Window[]
  waiting: readonly Waiting[]
  /** Who is being served: since when, and of which group. */
  serving: readonly { window: string; group: string; since: Date }[]
  /** Of those who are called so many do not come, 0 to 1, and so many minutes each costs. */
  absent: { share: number; minutes: number }
  times: ServiceTimes
}

const MINUTE = 60_000

/**
 * Minutes until each number is called, by id: the queue is played forward with the times that services take today, one event after
 * the other. A number that no open window serves is left out: nothing honest can be said of it.
 */
export function estimateWaits(hall: HallNow): Map<string, number> {
  const known = hall.windows.filter(
    ({ isOpen, breaks = [] }) => isOpen || breaks.some(({ to }) => to > hall.now),
  )
  const free = new Map(
    known.map(window => [window.id, afterBreaks(hall.now, window, freeIn(hall, window.id))]),
  )
  const left = inOrder(hall.waiting)
  const waits = new Map<string, number>()
  while (free.size > 0 && left.length > 0) {
    const [id, at] = [...free].reduce((first, each) => (each[1] < first[1] ? each : first))
    const window = { ...known.find(each => each.id === id)!, isOpen: true }
    const next = nextFor(window, left)
    if (!next) {
      // Nobody is there for it, and nobody comes any more as far as is known now.
      free.delete(id)
      continue
    }
    left.splice(left.indexOf(next), 1)
    waits.set(next.id, at)
    free.set(id, afterBreaks(hall.now, window, at + costOf(hall, next.group, id)))
  }
  return waits
}

/** Nobody is called in a break; who is being served when it begins is served to the end. */
function afterBreaks(now: Date, { breaks = [] }: Window, minutes: number): number {
  const at = now.getTime() + minutes * MINUTE
  const during = breaks.find(({ from, to }) => from.getTime() <= at && at < to.getTime())
  return during ? (during.to.getTime() - now.getTime()) / MINUTE : minutes
}

/** In how many minutes a window calls the next. */
function freeIn({ serving, times, now }: HallNow, id: string): number {
  const busy = serving.find(({ window }) => window === id)
  if (!busy) return 0
  return times.left(busy.group, id, (now.getTime() - busy.since.getTime()) / MINUTE)
}

function costOf({ absent, times }: HallNow, group: string, window: string): number {
  return (1 - absent.share) * times.minutes(group, window) + absent.share * absent.minutes
}

/** How sure a wait is: the sum of many services is surer than one. Shares of the wait below and above, by trial on simulated days. */
const SPREAD = { least: 0.15, one: 0.7 }

/** What is told: minutes as a range in steps that people think in, wider where little is known. */
export function saidWait(minutes: number, before: number): { from: number; to: number } {
  const spread = Math.max(SPREAD.least, SPREAD.one / Math.sqrt(before + 1))
  const step = minutes < 20 ? 1 : 5
  const round = (value: number) => Math.max(0, Math.round(value / step) * step)
  const [from, to] = [round(minutes * (1 - spread)), round(minutes * (1 + spread))]
  return { from, to: Math.max(to, from + step) }
}
