import { z } from 'zod'
import { limitSchema } from '../clocks/limit.ts'
import { conditionSchema } from './condition.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')

/** Kinds of items as the national item list has them: 行政许可, 确认, 征收, 给付, 其他行政权力, 公共服务. */
export const ITEM_KINDS = ['licence', 'confirmation', 'levy', 'payment', 'other', 'service'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

/** Ways to apply. `agent`: a community worker applies for whoever cannot (代办). */
export const ITEM_CHANNELS = ['online', 'window', 'self-service', 'door-to-door', 'agent', 'post'] as const
export type ItemChannel = (typeof ITEM_CHANNELS)[number]

/**
 * What is done in a step; an authority (see `authority.ts`) is given for each.
 * accept 受理, review 审核, visit 现场核查, publish 公示, consult 征求意见, decide 决定, issue 制证发证, pay 发放.
 */
export const STEP_ACTS = [
  'accept',
  'review',
  'visit',
  'publish',
  'consult',
  'decide',
  'issue',
  'pay',
] as const
export type StepAct = (typeof STEP_ACTS)[number]

/** One step of an item's course, with whoever is responsible for it and until when. */
const step = z.strictObject({
  act: z.enum(STEP_ACTS),
  /** Only where the act's own name does not say it. */
  name: text.optional(),
  en: text.optional(),
  /** Post that is responsible, an id of `authority.yaml`. */
  by: id,
  /** Of another department than the item's. */
  department: id.optional(),
  limit: limitSchema,
  when: conditionSchema.optional(),
})
export type ItemStep = z.infer<typeof step>

/** Why a document can be left out: the line's own data have it (数据共享), or a signed promise stands for it (告知承诺). */
export const EXEMPTIONS = ['sharing', 'promise'] as const

/** A document that an item asks for. What it is and who issues it stands in `documents.yaml`. */
const itemDocument = z.strictObject({
  document: id,
  copies: z.number().int().min(0).default(1),
  form: z.enum(['original', 'copy', 'electronic']).default('original'),
  /** In place of what `documents.yaml` says of it; `none`: here it cannot be left out. */
  exempt: z.enum([...EXEMPTIONS, 'none']).optional(),
  when: conditionSchema.optional(),
  note: text.optional(),
  noteEn: text.optional(),
})
export type ItemDocument = z.infer<typeof itemDocument>

const question = z.strictObject({
  id,
  ask: text,
  en: text,
  /** Asked only then; names questions that stand before it. */
  when: conditionSchema.optional(),
  choices: z.array(z.strictObject({ id, name: text, en: text })).min(2),
})
export type ItemQuestion = z.infer<typeof question>

/** Questions about the situation, of an item or a bundle. */
export const itemQuestionsSchema = z.array(question).default([])

/** Something to pay: a sum in yuan, or how it is reckoned. */
const fee = z
  .strictObject({
    name: text,
    en: text,
    yuan: z.number().min(0).optional(),
    how: text.optional(),
    howEn: text.optional(),
    basis: text,
    when: conditionSchema.optional(),
  })
  .refine(each => (each.yuan === undefined) !== (each.how === undefined), 'a fee has either yuan or how')
  .refine(each => (each.how === undefined) === (each.howEn === undefined), 'how and howEn come together')
export type ItemFee = z.infer<typeof fee>

/** Something to know. `stops`: in this situation the item cannot be applied for; `see` names the one that can. */
const advice = z.strictObject({
  text,
  en: text,
  when: conditionSchema.optional(),
  stops: z.boolean().default(false),
  see: id.optional(),
})
export type ItemAdvice = z.infer<typeof advice>

const result = z.strictObject({
  is: z.enum(['certificate', 'notice', 'record', 'payment', 'service']),
  name: text,
  en: text,
  /** Years for which it is valid; left out when it has no end. */
  validYears: z.number().int().min(1).optional(),
})

/** A number about the application by which an authority may be limited, such as the shop's area. */
const measure = z.strictObject({ id, name: text, en: text, unit: text, unitEn: text })
export type ItemMeasure = z.infer<typeof measure>

/** A right that the province handed to the district: in which batch, and whose right it was. */
const delegated = z.strictObject({
  batch: z.union([z.literal(1), z.literal(2)]),
  from: z.enum(['province', 'city', 'county']),
})

const item = z.strictObject({
  id,
  code: z.string().regex(/^SF-\d{4}$/, 'a code is SF- and four digits'),
  name: text,
  en: text,
  kind: z.enum(ITEM_KINDS),
  /** Id of `catalogue.yaml`. */
  category: id,
  department: id,
  delegated: delegated.optional(),
  applicants: z.array(z.enum(['person', 'enterprise'])).min(1),
  /** May somebody else apply, with a letter of authority? */
  byAgent: z.boolean().default(true),
  /** Everyday ways to ask for it. */
  askedAs: z.array(text).min(1),
  basis: text,
  statutoryLimit: limitSchema,
  promisedLimit: limitSchema,
  conditions: z.array(z.strictObject({ text, en: text })).default([]),
  /** Asked one after the other; the answers decide documents, steps, fees and advice. */
  questions: itemQuestionsSchema,
  documents: z.array(itemDocument),
  steps: z.array(step).min(1),
  fees: z.array(fee).default([]),
  channels: z.array(z.enum(ITEM_CHANNELS)).min(1),
  /** Ids of windows and counters of `catalogue.yaml`. */
  places: z.array(id).min(1),
  result,
  measures: z.array(measure).default([]),
  advice: z.array(advice).default([]),
  /** What people ask about it again and again. */
  often: z.array(z.strictObject({ question: text, answer: text, en: text, answerEn: text })).default([]),
})
/** A service item (政务服务事项): something one applies for. */
export type Item = z.infer<typeof item>

/** `items/<name>.yaml`. */
export const itemsSchema = z.strictObject({ items: z.array(item).min(1) })
