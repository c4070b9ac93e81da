import { z } from 'zod'
import { WATCHED_CLOCKS } from '../clocks/service-levels.ts'
import { DAY, HOUR, MINUTE } from '../kernel/clock.ts'

/** Ways to a resident, in the order in which they are tried. */
export const NOTICE_CHANNELS = ['conversation', 'sms', 'call'] as const
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number]

/** What a person wants to be told: everything, only what came of it and what they are asked, or nothing. */
export const WANTS = ['all', 'results', 'nothing'] as const
export type Wants = (typeof WANTS)[number]

const event = z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'must be lower-case kebab')
const percent = z.int().min(1).max(100)
const alarm = {
  /** Of clock events: only this clock's. */
  clock: z.enum(WATCHED_CLOCKS).optional(),
  /** Of warnings: only at this percentage. */
  percent: percent.optional(),
}

const residentRule = z.strictObject({
  event,
  ...alarm,
  /** `result`: told also to those who want no news of the progress. */
  kind: z.enum(['progress', 'result']),
  by: z.array(z.enum(NOTICE_CHANNELS)).min(1),
  /** Told at once, day and night. */
  isUrgent: z.boolean().default(false),
  /** Whoever is called is also asked how it went. */
  asksHowItWent: z.boolean().default(false),
})
export type ResidentRule = z.infer<typeof residentRule>

/** `step`: whoever has the step of an application that is due. */
const departmentRule = z.strictObject({ event, ...alarm, to: z.enum(['lead', 'co-handlers', 'step', 'all']) })
export type DepartmentRule = z.infer<typeof departmentRule>

const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/
const timeOfDay = z
  .string()
  .regex(TIME_OF_DAY, 'a time of day looks like 22:00')
  .transform(text => {
    const [, hours, minutes] = TIME_OF_DAY.exec(text)!
    return Number(hours) * HOUR + Number(minutes) * MINUTE
  })

/** `notifications.yaml`: who is told of what, by which ways, and when not. */
export const notificationRulesSchema = z.strictObject({
  /** Local times between which nobody is disturbed but for what is urgent. */
  quiet: z.strictObject({ from: timeOfDay, to: timeOfDay }),
  /** Events of one person within this time become one message. */
  gatherMinutes: z.int().min(0).max(120),
  /** Where the line cannot write to people: whoever wrote in the conversation within this time reads there; others are told by the next way, too. */
  presentMinutes: z.int().min(0),
  calls: z.strictObject({
    tries: z.int().min(1).max(10),
    /** Pause between two tries. */
    againAfterMinutes: z.int().min(1),
  }),
  residents: z.array(residentRule),
  departments: z.array(departmentRule),
})
export type NotificationRules = z.infer<typeof notificationRulesSchema>

/** What happened, as far as the rules look at it. */
interface Happening {
  type: string
  data: Readonly<Record<string, unknown>>
}

/** The rule by which the resident is told of this; null when they are not. */
export function residentRuleOf(rules: NotificationRules, happening: Happening): ResidentRule | null {
  return rules.residents.find(rule => isAbout(rule, happening)) ?? null
}

/** The rule by which departments are told of this; null when they are not. */
export function departmentRuleOf(rules: NotificationRules, happening: Happening): DepartmentRule | null {
  return rules.departments.find(rule => isAbout(rule, happening)) ?? null
}

function isAbout(
  rule: { event: string; clock?: string | undefined; percent?: number | undefined },
  { type, data }: Happening,
): boolean {
  if (rule.event !== type) return false
  // A part's clock may be named with whose part it is: `part:<department>`.
  const [kind] = String(data.clock).split(':')
  if (rule.clock !== undefined && rule.clock !== kind) return false
  return rule.percent === undefined || rule.percent === (data.percent ?? 100)
}

/** Does this person want to be told by this rule? */
export function isWanted(rule: ResidentRule, wants: Wants): boolean {
  return wants === 'all' || (wants === 'results' && rule.kind === 'result')
}

/** China has one time zone and no summer time, so local times are plain arithmetic. */
const UTC_OFFSET = 8 * HOUR

/** The first instant from `at` on at which people may be disturbed: `at` itself outside the quiet hours. */
export function afterQuietHours({ quiet }: NotificationRules, at: Date): Date {
  const local = at.getTime() + UTC_OFFSET
  const ofDay = local % DAY
  const midnight = local - ofDay - UTC_OFFSET
  const { from, to } = quiet
  const isOverMidnight = from > to
  const isQuiet = isOverMidnight ? ofDay >= from || ofDay < to : ofDay >= from && ofDay < to
  if (!isQuiet) return at
  const isNextDay = isOverMidnight && ofDay >= from
  return new Date(midnight + (isNextDay ? DAY : 0) + to)
}
