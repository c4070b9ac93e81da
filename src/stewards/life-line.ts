import type { Limit } from '../clocks/limit.ts'
import type { WorkingCalendar } from '../clocks/working-calendar.ts'
import { DAY, HOUR, MINUTE } from '../kernel/clock.ts'
import type { LifeStep, StewardRules } from './steward-rules.ts'

/** A step of the stage in which an enterprise is, with its day. */
export interface DueStep {
  step: LifeStep
  dueAt: Date
  isDone: boolean
}

/** What comes next in a stage that began at `since`: what is not done first, the earliest before the others. */
export function lifeSteps(
  stage: StewardRules['stages'][number],
  { since, done }: { since: Date; done: readonly string[] },
  calendar: WorkingCalendar,
): DueStep[] {
  return stage.steps
    .map(step => ({ step, dueAt: dayOf(step.due, since, calendar), isDone: done.includes(step.id) }))
    .toSorted((a, b) => Number(a.isDone) - Number(b.isDone) || a.dueAt.getTime() - b.dueAt.getTime())
}

function dayOf({ amount, unit }: Limit, since: Date, calendar: WorkingCalendar): Date {
  if (unit === 'wd') return calendar.closeOfWorkingDay(since, amount)
  const length = { min: MINUTE, h: HOUR, d: DAY }[unit]
  return new Date(since.getTime() + amount * length)
}
