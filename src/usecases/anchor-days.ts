import { makeAnchor } from '../cases/anchor.ts'
import { localDateOf } from '../clocks/working-calendar.ts'
import { DAY, MINUTE } from '../kernel/clock.ts'
import type { Line } from './line.ts'

/** What was decided just before midnight has been written by then. */
const SETTLED_AFTER = 10 * MINUTE

/**
 * Anchors every local day that is over and has no anchor yet, in order. Several instances may do it at once: a day is
 * anchored once.
 * @returns how many days this call anchored
 */
export async function anchorDays({ store, clock }: Pick<Line, 'store' | 'clock'>): Promise<number> {
  const { anchors } = store
  let last = await anchors.last()
  const start = last ? dayAfter(last.day) : await firstDay(anchors)
  if (start === null) return 0
  let anchored = 0
  for (let day = start; isSettled(day, clock.now()); day = dayAfter(day)) {
    const anchor = makeAnchor(day, last?.hash ?? null, await anchors.headsOf(day))
    // Another instance is doing the same; whatever is left, it does.
    if (!(await anchors.add(anchor))) return anchored
    last = anchor
    anchored++
  }
  return anchored
}

async function firstDay(anchors: Line['store']['anchors']): Promise<string | null> {
  const first = await anchors.firstFiling()
  return first && localDateOf(first)
}

function isSettled(day: string, now: Date): boolean {
  return localDateOf(new Date(now.getTime() - SETTLED_AFTER)) > day
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10)
}
