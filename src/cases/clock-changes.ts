import type { Limit } from '../clocks/limit.ts'
import {
  type ClockKind,
  type ClockLimit,
  clockLimitOf,
  profileById,
  type ServiceLevels,
  type ServiceProfile,
} from '../clocks/service-levels.ts'
import {
  type ClockName,
  clockName,
  dependsOnCalendar,
  extendClock,
  isPaused,
  pauseClock,
  recompute,
  resumeClock,
  type StageClock,
  startClock,
  startClockUntil,
  stopClock,
  tightenClock,
} from '../clocks/stage-clock.ts'
import type { WorkingCalendar } from '../clocks/working-calendar.ts'
import { type Approval, currentStep, promisedLimit } from './application.ts'
import type { Case } from './case.ts'
import type { Actor } from './case-event.ts'
import type { FiledInput } from './case-inputs.ts'
import type { ClockEffect } from './transition.ts'

/** The city's limits and days, by which clocks are set. */
export interface CasePolicy {
  levels: ServiceLevels
  calendar: WorkingCalendar
  /** Times past the due time of handling at which a supervision rule looks again, shortest first. */
  chaseAfter?: readonly Limit[]
}

/** Who did what when: all that clocks look at besides the case. */
export interface ClockMoment {
  at: Date
  actor: Actor
  data: Readonly<Record<string, unknown>>
  policy: CasePolicy
}

/** A case, or one that is about to be filed. */
export type Timed = Pick<Case, 'clocks' | 'coHandlers' | 'extensionRequest' | 'profile'> &
  Pick<Approval, 'application' | 'stepsPassed' | 'decision'>

/** Nothing has happened to it yet. */
export function untimed({ profile, application }: Pick<FiledInput, 'profile' | 'application'>): Timed {
  return {
    clocks: {},
    coHandlers: [],
    extensionRequest: null,
    profile,
    application: application ?? null,
    stepsPassed: [],
    decision: null,
  }
}

/** The clocks that these effects change, as they are from now on. */
export function changeClocks(
  effects: readonly ClockEffect[],
  current: Timed,
  moment: ClockMoment,
): StageClock[] {
  const changed = new Map<ClockName, StageClock>()
  for (const effect of effects) {
    for (const department of departmentsOf(effect, current, moment)) {
      const name = clockName({ kind: effect.clock, ...(department === undefined ? {} : { department }) })
      const before = changed.get(name) ?? current.clocks[name]
      const after =
        effect.do === 'start'
          ? started(effect, department, current, moment)
          : before && changedClock(effect, before, current, moment)
      if (after && after !== before) changed.set(name, after)
    }
  }
  return [...changed.values()]
}

/** What a corrected calendar does to the open clocks of a case; null when none was worked out by an older one. */
export function recomputationOf(
  current: Pick<Case, 'clocks'>,
  calendar: WorkingCalendar,
): { calendarVersion: string; clocks: Record<string, string>[] } | null {
  const clocks = Object.values(current.clocks)
    .filter(clock => isOutdated(clock, calendar))
    .map(clock => ({
      clock: clockName(clock),
      calendarVersion: clock.calendarVersion,
      dueBefore: clock.dueAt.toISOString(),
      dueAfter: recompute(clock, calendar).dueAt.toISOString(),
    }))
  return clocks.length > 0 ? { calendarVersion: calendar.version, clocks } : null
}

/** Only forward, so that two instances with different calendars never take turns. */
function isOutdated(clock: StageClock, calendar: WorkingCalendar): boolean {
  return clock.stoppedAt === null && dependsOnCalendar(clock) && clock.calendarVersion < calendar.version
}

/** Whose clocks of a part an effect means; every other clock is nobody's. */
function departmentsOf(
  effect: ClockEffect,
  current: Timed,
  { actor, data }: ClockMoment,
): readonly (string | undefined)[] {
  if (effect.clock !== 'part') return [undefined]
  if (effect.whose === 'own') return actor.department === undefined ? [] : [actor.department]
  if (effect.whose === 'named') return namedDepartments(current, data)
  if (effect.do === 'start')
    return current.coHandlers.filter(part => !part.finishedAt).map(part => part.department)
  return Object.values(current.clocks).flatMap(clock => (clock.kind === 'part' ? [clock.department] : []))
}

/** A dispatch names many, of whom some have done their part before another department had the lead. */
function namedDepartments(current: Timed, data: ClockMoment['data']): string[] {
  if (typeof data.department === 'string') return [data.department]
  const done = current.coHandlers.filter(part => part.finishedAt).map(part => part.department)
  return (data.coHandlers as string[]).filter(department => !done.includes(department))
}

function started(
  { clock: kind, isAfterBadRating }: ClockEffect,
  department: string | undefined,
  current: Timed,
  { at, data, policy }: ClockMoment,
): StageClock | undefined {
  const { levels, calendar } = policy
  if (kind === 'review') return startClockUntil(kind, new Date(String(data.reviewAt)), at, calendar)
  const profile = profileById(levels, current.profile)
  const limit = limitOf(kind, current, data, profile)
  if (!limit) return undefined
  const chaseAfter = kind === 'handle' ? (policy.chaseAfter ?? []) : []
  const options = { chaseAfter, ...(department === undefined ? {} : { department }) }
  const clock = startClock(kind, limit, at, calendar, profile.warnAt, options)
  return isAfterBadRating ? tightenClock(clock, clockLimitOf(levels.badRating.within), calendar) : clock
}

/** Undefined: there is nothing to time. */
function limitOf(
  kind: Exclude<ClockKind, 'review'>,
  current: Timed,
  data: ClockMoment['data'],
  profile: ServiceProfile,
): ClockLimit | undefined {
  if (kind === 'step') {
    const next = nextStep(current, data)
    return next && clockLimitOf(next.limit)
  }
  const promised = kind === 'handle' ? promisedLimit(current) : null
  if (promised) return clockLimitOf(promised)
  return kind === 'supervision' ? answerLimit(data, profile) : profile.clocks[kind]
}

/** The step that is timed once this is done: the one after it when a step is passed or decided now, else the one that is due. */
function nextStep(current: Timed, data: ClockMoment['data']) {
  const isDone = typeof data.post === 'string'
  if (data.outcome === 'refused') return undefined
  const { application, stepsPassed } = current
  const due = currentStep(current)
  return (isDone ? application?.steps[stepsPassed.length + 1] : due) ?? undefined
}

function answerLimit(data: ClockMoment['data'], profile: ServiceProfile): ClockLimit {
  const limit = data.answerWithin as Limit | undefined
  return limit ? clockLimitOf(limit) : profile.clocks.supervision
}

/** A clock that has stopped is left alone, whatever happens. */
function changedClock(
  effect: ClockEffect,
  clock: StageClock,
  current: Timed,
  { at, data, policy }: ClockMoment,
): StageClock {
  const { calendar, levels } = policy
  if (clock.stoppedAt !== null) return clock
  switch (effect.do) {
    case 'stop':
      return stopClock(clock, at)
    case 'pause':
      return pauseClock(clock, at)
    case 'resume':
      return isPaused(clock) ? resumeClock(clock, at, calendar) : clock
    case 'extend':
      return current.extensionRequest ? extendClock(clock, current.extensionRequest, calendar) : clock
    case 'tighten': {
      const profile = profileById(levels, String(data.profile ?? current.profile))
      return clock.kind === 'review' || clock.kind === 'step'
        ? clock
        : tightenClock(clock, profile.clocks[clock.kind], calendar)
    }
    case 'recompute':
      return isOutdated(clock, calendar) ? recompute(clock, calendar) : clock
    default:
      return clock
  }
}
