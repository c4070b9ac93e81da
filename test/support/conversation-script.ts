import { z } from 'zod'
import { LOCALES } from '../../src/language/understanding.ts'

/** The files of `test/conversations`: what is said, and the keys of what is answered. */

const locale = z.enum(LOCALES)

/** What is expected of this script's cases after a step. Everything but `count` and `departments` is about the last one filed. */
export const caseExpectation = z.strictObject({
  count: z.number().optional(),
  /** Lead departments of all cases in the order of filing; the duty desk where nothing is dispatched. */
  departments: z.array(z.string()).optional(),
  department: z.string().optional(),
  stage: z.string().optional(),
  state: z.string().optional(),
  type: z.string().optional(),
  /** A subject or one above it; null: not sure. */
  subject: z.string().nullable().optional(),
  place: z.string().nullable().optional(),
  /** Longitude and latitude. */
  at: z.tuple([z.number(), z.number()]).nullable().optional(),
  /** What stands in the caller's words. */
  words: z.string().optional(),
  phone: z.string().nullable().optional(),
  isEmergency: z.boolean().optional(),
  isConfidential: z.boolean().optional(),
  isFamily: z.boolean().optional(),
  urgeCount: z.number().optional(),
  reworkCount: z.number().optional(),
  supervision: z.string().nullable().optional(),
  /** Local due time of the promise, `2026-12-08 17:00`; null: nothing is owed. */
  due: z.string().nullable().optional(),
})
export type CaseExpectation = z.infer<typeof caseExpectation>

const expectation = {
  /** Keys of everything that the line says then, in order. */
  replies: z.array(z.string()).optional(),
  /** Keys of which none may be said: for what a message must not be taken for. */
  never: z.array(z.string()).optional(),
  /** Ids of the choices under the last reply. */
  choices: z.array(z.string()).optional(),
  case: caseExpectation.optional(),
  /** Language that the conversation is in afterwards. */
  speaks: locale.optional(),
}

const say = z.strictObject({
  /** `{number}` `{code}` `{wrong-number}` `{wrong-code}` stand for those of the last case, `{number-1}` for the first. */
  say: z.string(),
  /** The language that the channel says it is in. */
  locale: locale.optional(),
  ...expectation,
})

const sendPlace = z.strictObject({
  /** Label of a location that is sent as one. */
  'send-place': z.string(),
  /** Longitude and latitude by WGS-84, where the channel tells them. */
  at: z.tuple([z.number(), z.number()]).optional(),
  ...expectation,
})

const act = z.strictObject({
  as: z.enum(['agent', 'handler', 'arbiter', 'supervisor']),
  /** The lead department's when not given. */
  department: z.string().optional(),
  action: z.string(),
  input: z.unknown().optional(),
  reason: z.string().optional(),
  /** Which case, from 1; the last one when not given. */
  of: z.number().optional(),
})

const step = z.union([
  say.refine(({ replies, never }) => replies ?? never, 'what is said needs `replies` or `never`'),
  sendPlace,
  z.strictObject({ advance: z.string().regex(/^\d+(min|h|d)$/), ...expectation }),
  z.strictObject({ act, ...expectation }),
  z.strictObject({ sweep: z.literal(true), ...expectation }),
  z.strictObject({ deliver: z.literal(true), ...expectation }),
  z.strictObject({ 'new-conversation': z.enum(['same-user', 'other-user']), ...expectation }),
  z.strictObject({ repeat: z.literal('last'), ...expectation }),
  z.strictObject({ restart: z.literal(true), ...expectation }),
])
export type ScriptStep = z.infer<typeof step>

export const scriptSchema = z.strictObject({
  name: z.string().min(1),
  /** Local time at which it begins; a Tuesday morning when not given. */
  at: z.string().optional(),
  locale: locale.default('zh-Hans'),
  turns: z.array(step).min(1),
})
export type ConversationScript = z.infer<typeof scriptSchema>

export const scriptFileSchema = z.array(scriptSchema).min(1)
