import { isRunning, type StageClock } from '../clocks/stage-clock.ts'
import type { WorkingCalendar } from '../clocks/working-calendar.ts'

/** Has so much of a limit passed that the steward should look, before the department is warned? Pauses and what is done warn nobody. */
export function warnsSteward(
  clock: StageClock,
  { now, atPercent }: { now: Date; atPercent: number },
  calendar: WorkingCalendar,
): boolean {
  if (!isRunning(clock)) return false
  const length = (from: Date, to: Date) =>
    clock.hours === 'working' ? calendar.workingMinutesBetween(from, to) : to.getTime() - from.getTime()
  const passed = length(clock.startedAt, now)
  return passed * 100 >= length(clock.startedAt, clock.dueAt) * atPercent
}
