import type { ClockKind } from '../clocks/service-levels.ts'
import { clockName, isOverdue, type StageClock } from '../clocks/stage-clock.ts'
import type { CaseEvent } from './case-event.ts'
import type { EventType } from './workflow.ts'

/** `superseded`: it stopped because something else happened, and nobody did what it timed. */
export const CLOCK_OUTCOMES = ['in-time', 'late', 'superseded'] as const
export type ClockOutcome = (typeof CLOCK_OUTCOMES)[number]

/** What each clock waits for. Whatever else stops it (a return, another dispatch, a withdrawal …) only makes it needless. */
const DONE_BY: Record<ClockKind, readonly EventType[]> = {
  acceptance: ['accepted', 'answered', 'not-accepted'],
  dispatch: ['dispatched', 'answered'],
  sign: ['signed'],
  return: ['returned'],
  arbitration: ['dispatched', 'return-refused', 'ruled'],
  part: ['part-finished'],
  handle: ['replied', 'concluded'],
  resident: ['completed', 'resident-answered'],
  'follow-up': ['followed-up', 'reworked'],
  supervision: ['supervision-closed'],
  review: ['resumed'],
  step: ['step-passed', 'application-decided'],
}

/** How a clock of a case ended, by the events of the case in order; null while it has not. */
export function outcomeOf(clock: StageClock, events: readonly CaseEvent[]): ClockOutcome | null {
  if (clock.stoppedAt === null) return null
  const name = clockName(clock)
  // Stopped clocks are left alone, so the last event that names it is the one that stopped it.
  const stopped = events.findLast(event => event.clocks.some(each => clockName(each) === name))
  if (!stopped || !DONE_BY[clock.kind].includes(stopped.type)) return 'superseded'
  return isOverdue(clock, clock.stoppedAt) ? 'late' : 'in-time'
}
