import { z } from 'zod'
import { LIMIT_UNITS, limitSchema } from '../clocks/limit.ts'
import { GRADES } from '../clocks/service-levels.ts'
import { SATISFACTIONS } from '../language/understanding.ts'
import { applicationSchema, approvalInputs } from './application.ts'

/** What each action of the workflow needs to be told. Each is stored as the event's `data`. */

const text = z.string().trim().min(1).max(4000)
const department = z.string().min(1)
/** Of any offset; read by `new Date`. */
const instant = z.iso.datetime({ offset: true })

export const REQUEST_TYPES = ['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise'] as const
export type RequestType = (typeof REQUEST_TYPES)[number]
/** What a case may be of: a request, or an application for a service item (办件), which nobody's words make one. */
export const CASE_TYPES = [...REQUEST_TYPES, 'application'] as const
export type CaseType = (typeof CASE_TYPES)[number]

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
  z.object({ by: z.literal('item'), item: z.string() }),
  z.object({ by: z.literal('ruling'), clause: z.string().nullable() }),
])

export const filedSchema = z.object({
  number: z.string(),
  jurisdiction: z.string(),
  channel: z.string(),
  /** Other cases of the same message. */
  family: z.string().nullable(),
  /** The case of which it was a part before an agent split them. */
  splitFrom: z.string().optional(),
  /** The caller's own words, never edited. */
  words: z.string(),
  summary: z.string(),
  type: z.enum(CASE_TYPES),
  subject: z.string().nullable(),
  subjectCandidates: z.array(z.object({ label: z.string(), confidence: z.number() })),
  evidence: z.array(evidenceSchema),
  elements,
  grade: z.enum(GRADES),
  profile: z.string(),
  isEmergency: z.boolean(),
  isConfidential: z.boolean(),
  /** The same for whoever tells the same thing of the same spot; null where that is nobody else's business. */
  neighbourKey: z.string().nullable().default(null),
  /** What is applied for; left out for requests. */
  application: applicationSchema.optional(),
})
export type FiledInput = z.infer<typeof filedSchema>

export const dispatchSchema = z
  .object({
    lead: department,
    coHandlers: z.array(department).default([]),
    reason: routingReason,
    candidates: z.array(z.object({ department, reason: routingReason, confidence: z.number() })).default([]),
  })
  // Nobody takes part twice, and the lead does not help itself.
  .transform(dispatch => ({
    ...dispatch,
    coHandlers: [...new Set(dispatch.coHandlers)].filter(each => each !== dispatch.lead),
  }))

/** How grave a supervision order is; one that is not answered in time goes up a step. */
export const SUPERVISION_LEVELS = ['remind', 'order', 'notice'] as const
export type SupervisionLevel = (typeof SUPERVISION_LEVELS)[number]

/** A limit as content writes it, or as it is stored. */
const limit = limitSchema.or(z.object({ amount: z.int().min(1).max(9999), unit: z.enum(LIMIT_UNITS) }))
const alarm = z.object({ clock: z.string(), dueAt: instant })

const nothing = z.object({})
const said = z.object({ text })

/** Files of one reply. */
export const MOST_ATTACHMENTS = 10

/** Why a department owes nothing: others or nobody owes it, or a law forbids that it is handled here. */
export const OUT_OF_DUTY = ['beyond-duty', 'by-law'] as const

const reply = z.object({
  /** What was done, told to the resident. */
  text,
  isTrue: z.boolean(),
  isWithinDuty: z.boolean(),
  /** Needed when it is not within duty; counts only once somebody else has approved it. */
  outOfDuty: z
    .object({ because: z.enum(OUT_OF_DUTY), text: z.string().trim().min(1).max(1000) })
    .nullable()
    .default(null),
  contact: z.object({ how: z.enum(['phone', 'visit', 'message', 'not-reached']), at: instant }),
  solved: z.enum(['solved', 'partly', 'not-solved']),
  whyNot: z.string().trim().max(1000).nullable().default(null),
  /** Photos and papers that belong to it; the resident is shown the public ones, the others are for the offices. */
  attachments: z
    .array(z.object({ name: z.string().min(1).max(100), isPublic: z.boolean() }))
    .max(MOST_ATTACHMENTS)
    .optional(),
})

export const inputs = {
  ...approvalInputs,
  nothing,
  said,
  information: said.extend({ attachments: z.array(z.string()).default([]) }),
  return: z.object({ clause: z.string().min(1), suggested: department.nullable().default(null) }),
  coHandler: z.object({ department, task: text }),
  part: z.object({ text }),
  /** Which co-handler still owes its part. */
  reminder: z.object({ department, text: z.string().trim().max(1000).default('') }),
  extension: z.object({ by: limit }),
  suspension: z.object({ reviewAt: instant }),
  reply,
  /** Answer of the case that was handled for others; `reply` and `dispatch` when a department gave it, not the centre. */
  sharedReply: z.object({
    from: z.string().min(1),
    text,
    reply: reply.nullable(),
    dispatch: dispatchSchema.nullable(),
  }),
  followUp: z.object({
    contacted: z.boolean().nullable(),
    resolved: z.boolean().nullable(),
    satisfied: z.enum(SATISFACTIONS).nullable(),
    text: z.string().trim().max(2000).default(''),
  }),
  /** Ids of cases. */
  merge: z.object({ into: z.string().min(1) }),
  join: z.object({ child: z.string().min(1) }),
  /** What went to the new case, in words. */
  split: z.object({ into: z.string().min(1), number: z.string(), text }),
  /** What is left out stays. `previous`, the subject before, and the profile that follows are filled in by the line. */
  correction: z.object({
    subject: z.string().min(1).nullable().optional(),
    previous: z.string().nullable().optional(),
    type: z.enum(REQUEST_TYPES).optional(),
    grade: z.enum(GRADES).optional(),
    place: z.string().trim().min(1).max(200).optional(),
    profile: z.string().optional(),
  }),
  clock: alarm.extend({ percent: z.number().optional() }),
  chase: alarm.extend({ after: limit }),
  /** Promises before and after, each by its calendar. */
  recomputation: z.object({
    calendarVersion: z.string(),
    clocks: z.array(
      z.object({
        clock: z.string(),
        calendarVersion: z.string(),
        dueBefore: instant,
        dueAfter: instant,
      }),
    ),
  }),
  supervision: z.object({
    level: z.enum(SUPERVISION_LEVELS),
    /** A rule's id, or whatever the supervisor says. */
    cause: z.string().min(1),
    /** When it must be answered; the profile's limit without it. */
    answerWithin: limit.optional(),
  }),
  /** Id of the case that is handled for both. */
  joinNeighbours: z.object({ to: z.string().min(1) }),
  /** An heir takes the place of a case that was handled for others and is gone. */
  leaveNeighbours: z.object({ isHeir: z.boolean().default(false) }),
} as const
export type CorrectionInput = z.infer<typeof inputs.correction>
