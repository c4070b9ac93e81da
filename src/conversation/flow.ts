import { z } from 'zod'

/** A flow is a list of steps; the engine always takes the first one whose need is not met. See `dialogs/`. */

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')
const path = z.string().min(1)
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const matcher = z.union([
  scalar,
  z.array(scalar).min(1),
  z.strictObject({ filled: z.boolean() }),
  /** Answered, be it with nothing. */
  z.strictObject({ answered: z.literal(true) }),
  z.strictObject({ over: z.number() }),
])
export type Matcher = z.infer<typeof matcher>

/** All must hold: path into the frame (`phone`, `matters.length`, `outcome.find`, `item.place`) → what it must be. */
const when = z.record(path, matcher)

/** How an answer is read; see `acceptors.ts`. */
export const ACCEPTORS = [
  'matter',
  'choice',
  'subject',
  'case',
  /** One of the choices that a use case left in `offered`, by the slot that is asked for. `time` takes one of them, too. */
  'offered',
  'place',
  'phone',
  'time',
  'text',
  'case-number',
  'query-code',
] as const
export type AcceptorName = (typeof ACCEPTORS)[number]

const common = { id, when: when.optional() }

const choice = z.strictObject({
  id,
  /** A plain yes or no picks this choice. */
  means: z.enum(['affirm', 'deny']).optional(),
  when: when.optional(),
})

const ask = z.strictObject({
  ...common,
  /** Slot that the answer fills (of the item when `each` is given). */
  ask: path,
  accepts: z.enum(ACCEPTORS),
  /** Asked for every item of this list slot that needs it. */
  each: z.enum(['matters']).optional(),
  choices: z.array(choice).default([]),
  /** May be skipped: "不知道", "不方便说" count as an answer. */
  optional: z.boolean().default(false),
  expects: z.enum(['text', 'phone', 'code']).default('text'),
  /** Can be changed later by "改一下…". */
  changeable: z.boolean().default(false),
  /** A courtesy: whoever goes on to something else is not brought back to it. */
  lapses: z.boolean().default(false),
  /** Several numbers in one message ("1 2 1") answer this question and those after it. */
  inRow: z.boolean().optional(),
  /** Steps whose outcome the answer makes void, so that they run again. */
  resets: z.array(id).default([]),
  /** Path whose value is added to the reply key: `file-matter.ask-place.employer`. */
  variant: path.optional(),
  /** Path of the values that the reply's text fills in, besides what the last use case came to. */
  tells: path.optional(),
})

const say = z.strictObject({ ...common, say: z.literal(true) })

const act = z.strictObject({
  ...common,
  /** Effect: a use case of the same name. */
  do: id,
  /** What can come of it; `said`: reply `<flow>.<step>.<outcome>`, `silent`: nothing is said. */
  outcomes: z.record(id, z.enum(['said', 'silent'])),
})

const go = z.strictObject({
  ...common,
  /** Goes on as another flow, with what is known so far. */
  go: id,
  /** Request type of what is filed then. */
  as: id.optional(),
})

const include = z.strictObject({ include: id })

/** One file `dialogs/<id>.yaml` or, for shared pieces, `dialogs/parts/<id>.yaml`. */
export const flowSchema = z.strictObject({
  id,
  about: z.string().min(1),
  steps: z.array(z.union([ask, say, act, go, include])).min(1),
})
export type FlowFile = z.infer<typeof flowSchema>

export type AskStep = z.infer<typeof ask>
export type SayStep = z.infer<typeof say>
export type ActStep = z.infer<typeof act>
export type GoStep = z.infer<typeof go>

/** A step with its place: `key` is `<file>.<step>`, unique, and the reply key in the locales. */
export type Step = { key: string } & (AskStep | SayStep | ActStep | GoStep)

export interface Flow {
  id: string
  steps: Step[]
}

/** Puts the shared parts in. An unknown include is left out: the content check reports it. */
export function assembleFlow(file: FlowFile, parts: ReadonlyMap<string, FlowFile>): Flow {
  const steps = file.steps.flatMap((step): Step[] => {
    if (!('include' in step)) return [{ ...step, key: `${file.id}.${step.id}` }]
    const part = parts.get(step.include)
    return part ? assembleFlow(part, parts).steps : []
  })
  return { id: file.id, steps }
}

/** What can go wrong, or be asked, between flows: one file `dialogs/repair/<id>.yaml` each. */
export const repairSchema = z.strictObject({
  id,
  about: z.string().min(1),
  /** Conversational intents that call for it. */
  intents: z.array(id).default([]),
  /** Asks the open question again afterwards. */
  asksAgain: z.boolean(),
  choices: z.array(id).default([]),
})
export type Repair = z.infer<typeof repairSchema>

/** Repairs that the engine itself falls back to; each must exist in `dialogs/repair/`. */
export const REQUIRED_REPAIRS = [
  'blank',
  'cancel',
  'change-answer',
  'change-language',
  'clarify',
  'go-back',
  'help',
  'not-understood',
  'place-noted',
  'repeat',
  'restart',
  'resume',
  'still-not-understood',
] as const

/** Places are asked for in different words; see `intents/elements.yaml`. */
export const PLACE_KINDS = ['place', 'employer', 'school', 'shop', 'route'] as const

const CAN_BE_INVALID: readonly AcceptorName[] = ['phone', 'case-number', 'query-code']

/** Every reply key that a flow can utter. */
export function replyKeysOf(flow: FlowFile): string[] {
  return flow.steps.flatMap(step => {
    if ('include' in step || 'go' in step) return []
    const key = `${flow.id}.${step.id}`
    if ('say' in step) return [key]
    if ('do' in step)
      return Object.entries(step.outcomes).flatMap(([name, how]) =>
        how === 'said' ? [`${key}.${name}`] : [],
      )
    const asked = step.variant ? PLACE_KINDS.map(kind => `${key}.${kind}`) : [key]
    return [
      ...asked,
      ...(CAN_BE_INVALID.includes(step.accepts) ? [`${key}.invalid`] : []),
      ...step.choices.map(each => `${key}.choices.${each.id}`),
      ...(step.changeable ? [`${key}.change`, `${key}.named`] : []),
    ]
  })
}
