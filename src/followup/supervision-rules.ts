import { z } from 'zod'
import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { inputs, SUPERVISION_LEVELS, type SupervisionLevel } from '../cases/case-inputs.ts'
import { levelAbove } from '../cases/check-command.ts'
import { formatLimit, type Limit, limitSchema } from '../clocks/limit.ts'
import { GRADES, WATCHED_CLOCKS } from '../clocks/service-levels.ts'
import { DAY } from '../kernel/clock.ts'

const name = z.string().min(1)
const count = z.int().min(1).max(1000)
const days = z.int().min(1).max(366)

const TRIGGERS = ['overdue', 'returned', 'dissatisfied', 'repeated', 'people'] as const

const when = z
  .strictObject({
    /** A clock of this kind passed its due time … */
    overdue: z.enum(WATCHED_CLOCKS).optional(),
    /** … this long ago; without it, just now. */
    by: limitSchema.optional(),
    /** Departments sent the case back so often. */
    returned: count.optional(),
    /** Follow-ups went badly so often. */
    dissatisfied: count.optional(),
    /** So many cases of one subject at one place. */
    repeated: z.strictObject({ cases: count, days }).optional(),
    /** So many different people with one subject at one place. */
    people: z.strictObject({ people: count, days }).optional(),
    grade: z.array(z.enum(GRADES)).min(1).optional(),
  })
  .refine(condition => TRIGGERS.filter(trigger => condition[trigger] !== undefined).length === 1, {
    message: `needs exactly one of ${TRIGGERS.join(', ')}`,
  })
  .refine(condition => condition.by === undefined || condition.overdue === 'handle', {
    message: 'by goes with overdue: handle',
  })

const rule = z
  .strictObject({
    id: name,
    name,
    en: name,
    when,
    level: z.enum(SUPERVISION_LEVELS),
    /** When the department must have answered, at every level; the supervision clock of the case's profile without it. */
    answerWithin: limitSchema.optional(),
    /** How far an order goes up that is not answered in time. */
    upTo: z.enum(SUPERVISION_LEVELS).default('notice'),
  })
  .refine(({ level, upTo }) => rank(level) <= rank(upTo), { message: 'upTo is below level', path: ['upTo'] })
export type SupervisionRule = z.infer<typeof rule>

/** `supervision.yaml`. */
export const supervisionSchema = z.strictObject({ rules: z.array(rule) })
export type Supervision = z.infer<typeof supervisionSchema>

/** A supervision order that a rule opens or takes up a step. `cause` is the rule's id. */
export interface SupervisionOrder {
  level: SupervisionLevel
  cause: string
  answerWithin?: Limit
}

/** A case of the same subject at the same place. `person` tells people apart without saying who they are. */
export interface CaseAlike {
  id: string
  person: string
  filedAt: Date
  isOpen: boolean
}

/**
 * What an event that has just happened to a case makes of the rules: a new order, or the next step of one that was not answered
 * in time; null when none is due.
 */
export function orderAfter(
  rules: readonly SupervisionRule[],
  current: Case,
  event: CaseEvent,
): SupervisionOrder | null {
  if (event.type === 'clock-breached' && event.data.clock === 'supervision')
    return orderUnanswered(rules, current)
  return gravest(
    rules.filter(each => isTriggered(each, current, event)),
    current,
  )
}

/**
 * What several cases of the same subject at the same place make of the rules: an order on the first of them that is still
 * open, so that one place has one order. `first` is that case.
 */
export function orderForCrowd(
  rules: readonly SupervisionRule[],
  first: Case,
  alike: readonly CaseAlike[],
  now: Date,
): SupervisionOrder | null {
  return gravest(
    rules.filter(each => isGradeRight(each, first) && isCrowd(each, alike, now)),
    first,
  )
}

/** The longest time over which a rule counts cases of one subject at one place, in days; 0 when none does. */
export function crowdDays(rules: readonly SupervisionRule[]): number {
  return Math.max(0, ...rules.map(({ when: { repeated, people } }) => (repeated ?? people)?.days ?? 0))
}

/** The next step of an order whose time to answer has passed; null when it was answered or can go no higher. */
function orderUnanswered(rules: readonly SupervisionRule[], current: Case): SupervisionOrder | null {
  const { supervision } = current
  const above = supervision && supervision.answer === null && levelAbove(supervision.level)
  if (!above) return null
  const cause = rules.find(each => each.id === supervision.cause)
  if (cause && rank(above) > rank(cause.upTo)) return null
  return orderOf(above, supervision.cause, cause)
}

/** Times past the due time of handling at which a rule looks at a case again. */
export function chaseTimes(rules: readonly SupervisionRule[]): Limit[] {
  const times = new Map(rules.flatMap(({ when: { by } }) => (by ? [[formatLimit(by), by] as const] : [])))
  return [...times.values()]
}

function isTriggered(each: SupervisionRule, current: Case, event: CaseEvent): boolean {
  const { when: condition } = each
  if (!isGradeRight(each, current)) return false
  switch (event.type) {
    case 'clock-breached':
      return condition.overdue === inputs.clock.parse(event.data).clock && condition.by === undefined
    case 'clock-chased': {
      const { clock, after } = inputs.chase.parse(event.data)
      return condition.overdue === clock && condition.by !== undefined && isSame(condition.by, after)
    }
    case 'returned':
      return isReached(condition.returned, current.returns.length)
    case 'followed-up':
    case 'reworked':
      return isReached(condition.dissatisfied, current.dissatisfiedCount)
    default:
      return false
  }
}

function isCrowd(
  { when: { repeated, people } }: SupervisionRule,
  alike: readonly CaseAlike[],
  now: Date,
): boolean {
  const within = (length: number) =>
    alike.filter(each => now.getTime() - each.filedAt.getTime() <= length * DAY)
  if (repeated) return within(repeated.days).length >= repeated.cases
  return people !== undefined && new Set(within(people.days).map(each => each.person)).size >= people.people
}

/** Of the rules that hold the gravest, if it is new to the case and graver than the order that is open. */
function gravest(rules: readonly SupervisionRule[], current: Case): SupervisionOrder | null {
  const open = current.supervision ? rank(current.supervision.level) : -1
  const [first] = rules
    .filter(each => !current.supervisionCauses.includes(each.id) && rank(each.level) > open)
    .toSorted((a, b) => rank(b.level) - rank(a.level))
  return first ? orderOf(first.level, first.id, first) : null
}

function orderOf(level: SupervisionLevel, cause: string, by: SupervisionRule | undefined): SupervisionOrder {
  return { level, cause, ...(by?.answerWithin ? { answerWithin: by.answerWithin } : {}) }
}

function isGradeRight({ when: { grade } }: SupervisionRule, current: Case): boolean {
  return !grade || grade.includes(current.grade)
}

const isReached = (threshold: number | undefined, reached: number): boolean =>
  threshold !== undefined && reached >= threshold

const isSame = (a: Limit, b: Limit): boolean => a.amount === b.amount && a.unit === b.unit

function rank(level: SupervisionLevel): number {
  return SUPERVISION_LEVELS.indexOf(level)
}
