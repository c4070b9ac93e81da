import type { Limit } from '../clocks/limit.ts'
import { type ClockName, clockName, isRunning, type StageClock } from '../clocks/stage-clock.ts'
import type { Case } from './case.ts'

/** One moment at which a clock should be looked at. `percent` 100 is the due time itself, `after` a time past it. */
export interface Alarm {
  clock: ClockName
  at: Date
  percent: number
  after?: Limit
  dueAt: Date
}

/** The next alarm of each running clock that has not gone off yet. */
export function nextAlarms(current: Case): Alarm[] {
  return Object.values(current.clocks).flatMap(clock => {
    if (!isRunning(clock)) return []
    const name = clockName(clock)
    const next = alarmsOf(clock).find(alarm => !hasRung(current, name, clock.dueAt, alarm))
    return next ? [{ ...next, clock: name, dueAt: clock.dueAt }] : []
  })
}

type OwnAlarm = Pick<Alarm, 'at' | 'percent' | 'after'>

function alarmsOf({ warnings, dueAt, chases = [] }: StageClock): OwnAlarm[] {
  return [...warnings, { percent: 100, at: dueAt }, ...chases.map(chase => ({ ...chase, percent: 100 }))]
}

function hasRung(current: Case, clock: string, dueAt: Date, { percent, after }: OwnAlarm): boolean {
  return current.alarms.some(
    rung =>
      rung.clock === clock &&
      rung.percent === percent &&
      rung.after?.amount === after?.amount &&
      rung.after?.unit === after?.unit &&
      rung.dueAt === dueAt.toISOString(),
  )
}
