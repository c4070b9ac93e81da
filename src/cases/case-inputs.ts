import { z } from 'zod'
import { LIMIT_UNITS, limitSchema } from '../clocks/limit.ts'

/** What each action of the workflow needs to be told. Each is stored as the event's `data`. */

const text = z.string().trim().min(1).max(4000)
const department = z.string().min(1)

export const REQUEST_TYPES = ['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise'] as const
export type RequestType = (typeof REQUEST_TYPES)[number]

/** Five elements (五要素) besides the person, who is kept apart. */
const elements = z.object({
  /** When it happens, in the caller's words. */
  time: z.string().nullable(),
  /** Where, in the caller's words, normalised. */
  place: z.string().nullable(),
  street: z.string().nullable(),
  community: z.string().nullable(),
  at: z.tuple([z.number(), z.number()]).nullable(),
  wanted: z.string().nullable(),
})

export const evidenceSchema = z.object({ feature: z.string(), weight: z.number() })

const routingReason = z.discriminatedUnion('by', [
  z.object({ by: z.literal('duty'), clause: z.string(), subject: z.string() }),
  z.object({ by: z.literal('rule'), rule: z.string(), clause: z.string().nullable() }),
  z.object({ by: z.literal('duty-desk'), because: z.enum(['subject-unsure', 'no-duty']) }),
  z.object({ by: z.literal('danger'), service: z.string() }),
  z.object({ by: z.literal('ruling'), clause: z.string().nullable() }),
])

export const filedSchema = z.object({
  number: z.string(),
  jurisdiction: z.string(),
  channel: z.string(),
  /** Other cases of the same message. */
  family: z.string().nullable(),
  /** The caller's own words, never edited. */
  words: z.string(),
  summary: z.string(),
  type: z.enum(REQUEST_TYPES),
  subject: z.string().nullable(),
  subjectCandidates: z.array(z.object({ label: z.string(), confidence: z.number() })),
  evidence: z.array(evidenceSchema),
  elements,
  grade: z.enum(['danger', 'utility', 'normal', 'complex']),
  profile: z.string(),
  isEmergency: z.boolean(),
  isConfidential: z.boolean(),
})
export type FiledInput = z.infer<typeof filedSchema>

export const dispatchSchema = z.object({
  lead: department,
  coHandlers: z.array(department).default([]),
  reason: routingReason,
  candidates: z.array(z.object({ department, reason: routingReason, confidence: z.number() })).default([]),
})

const nothing = z.object({})
const said = z.object({ text })

export const inputs = {
  nothing,
  said,
  information: said.extend({ attachments: z.array(z.string()).default([]) }),
  return: z.object({ clause: z.string().min(1), suggested: department.nullable().default(null) }),
  coHandler: z.object({ department, task: text }),
  part: z.object({ text }),
  extension: z.object({
    by: limitSchema.or(z.object({ amount: z.int().min(1).max(9999), unit: z.enum(LIMIT_UNITS) })),
  }),
  suspension: z.object({ reviewAt: z.iso.datetime() }),
  reply: z.object({
    /** What was done, told to the resident. */
    text,
    isTrue: z.boolean(),
    isWithinDuty: z.boolean(),
    contact: z.object({ how: z.enum(['phone', 'visit', 'message', 'not-reached']), at: z.iso.datetime() }),
    solved: z.enum(['solved', 'partly', 'not-solved']),
    whyNot: z.string().trim().max(1000).nullable().default(null),
  }),
  followUp: z.object({
    contacted: z.boolean().nullable(),
    resolved: z.boolean().nullable(),
    satisfied: z.enum(['very', 'satisfied', 'neutral', 'dissatisfied', 'very-dissatisfied']).nullable(),
    text: z.string().trim().max(2000).default(''),
  }),
  merge: z.object({ into: z.string().min(1) }),
  clock: z.object({ clock: z.string(), dueAt: z.iso.datetime(), percent: z.number().optional() }),
  supervision: z.object({ level: z.enum(['remind', 'order', 'notice']), cause: z.string().min(1) }),
} as const
