import { z } from 'zod'
import { isUnderSubject } from '../kernel/subject-path.ts'
import { type Limit, limitSchema } from './limit.ts'

/** What a profile sets a limit for. One clock of a kind runs at a time in a case; of `part`, one a department. */
export const CLOCK_KINDS = [
  'acceptance',
  'dispatch',
  'sign',
  'handle',
  'return',
  'resident',
  'follow-up',
  'part',
  'arbitration',
  'supervision',
] as const
type LimitedKind = (typeof CLOCK_KINDS)[number]

/**
 * What is timed. `review` has no limit of its own: whoever suspends a case says when it is looked at again; nor has `step`, one step
 * of an approval, whose limit is that of the item.
 */
export type ClockKind = LimitedKind | 'review' | 'step'

/** Clocks that rules of supervision and notification may name: those of a profile, and the steps of an approval. */
export const WATCHED_CLOCKS = [...CLOCK_KINDS, 'step'] as const

export const GRADES = ['danger', 'utility', 'normal', 'complex'] as const
export type Grade = (typeof GRADES)[number]

const prefixes = z.array(z.string().min(1)).min(1)
const name = z.string().min(1)

const condition = z.strictObject({
  grade: z.array(z.enum(GRADES)).min(1).optional(),
  subject: prefixes.optional(),
  type: z.array(z.string().min(1)).min(1).optional(),
  channel: z.array(z.string().min(1)).min(1).optional(),
  emergency: z.boolean().optional(),
})

/** A limit counted as its unit usually is: working days by the calendar, all else round the clock. */
export function clockLimitOf(limit: Limit): { limit: Limit; hours: 'always' | 'working' } {
  return { limit, hours: limit.unit === 'wd' ? 'working' : 'always' }
}

const clockLimit = z
  .strictObject({ limit: limitSchema, hours: z.enum(['always', 'working']).optional() })
  .transform(({ limit, hours }) => ({ limit, hours: hours ?? clockLimitOf(limit).hours }))
  .refine(
    ({ limit, hours }) =>
      limit.unit === 'wd' ? hours === 'working' : limit.unit !== 'd' || hours === 'always',
    {
      message: 'wd goes with working hours, d with hours: always',
    },
  )
export type ClockLimit = z.infer<typeof clockLimit>

const clocks = z.strictObject(
  Object.fromEntries(CLOCK_KINDS.map(kind => [kind, clockLimit])) as Record<LimitedKind, typeof clockLimit>,
)

const profile = z.strictObject({
  id: z.string().min(1),
  name,
  en: name,
  when: condition.optional(),
  clocks,
  /** Percent of the limit at which a warning is due. */
  warnAt: z.array(z.number().int().min(1).max(99)).default([50, 80]),
  extensions: z.strictObject({ times: z.number().int().min(0), each: limitSchema.optional() }),
})
export type ServiceProfile = z.infer<typeof profile>

/** `service-levels.yaml`. */
export const serviceLevelsSchema = z.strictObject({
  grades: z.array(z.strictObject({ id: z.enum(GRADES), name, en: name, handleWithin: limitSchema })),
  gradeRules: z.array(z.strictObject({ grade: z.enum(GRADES), when: condition })),
  profiles: z
    .array(profile)
    .min(1)
    .refine(profiles => profiles.at(-1)?.when === undefined, 'the last profile must have no condition'),
  reopenWithin: limitSchema,
  badRating: z.strictObject({ within: limitSchema }),
  /** A suspended case is looked at again within this. */
  reviewWithin: limitSchema,
  /** A department answers a supervision order within this, however long whoever orders it would wait. */
  superviseWithin: limitSchema,
})
export type ServiceLevels = z.infer<typeof serviceLevelsSchema>

/** What a grade and a profile are chosen by. `subject` is a full subject id or null when not known. */
export interface MatterTraits {
  subject: string | null
  type: string
  channel: string
  isEmergency: boolean
}

function holds(when: z.infer<typeof condition>, traits: MatterTraits, grade?: Grade): boolean {
  if (when.emergency !== undefined && when.emergency !== traits.isEmergency) return false
  if (when.grade && (!grade || !when.grade.includes(grade))) return false
  if (when.type && !when.type.includes(traits.type)) return false
  if (when.channel && !when.channel.includes(traits.channel)) return false
  return !when.subject || when.subject.some(prefix => isUnderSubject(traits.subject, prefix))
}

/** Urgency of a matter: the first rule that holds, else normal. */
export function gradeOf(levels: ServiceLevels, traits: MatterTraits): Grade {
  return levels.gradeRules.find(rule => holds(rule.when, traits))?.grade ?? 'normal'
}

/** The service level that binds a matter of this grade. */
export function profileOf(levels: ServiceLevels, traits: MatterTraits, grade: Grade): ServiceProfile {
  return levels.profiles.find(candidate => !candidate.when || holds(candidate.when, traits, grade))!
}

/** A profile by its id, or the last (general) one when content no longer has it. */
export function profileById(levels: ServiceLevels, id: string): ServiceProfile {
  return levels.profiles.find(candidate => candidate.id === id) ?? levels.profiles.at(-1)!
}
