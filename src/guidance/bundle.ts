import { z } from 'zod'
import { conditionSchema } from './condition.ts'
import { itemQuestionsSchema } from './item.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')

const part = z.strictObject({
  item: id,
  /** Parts that must be done before. What waits for nothing is begun at once, side by side. */
  after: z.array(id).default([]),
  when: conditionSchema.optional(),
  /** Answers to the item's questions that go without saying here: question → choice. */
  given: z.record(id, id).default({}),
  /** Questions of the item that a question of the bundle answers, choice by choice: item's → bundle's. */
  same: z.record(id, id).default({}),
  /** Documents that this part brings, so that the parts after it need not ask for them. */
  gives: z.array(id).default([]),
})

/** `bundles/<id>.yaml`: one thing in a person's life that takes several items (一件事). */
export const bundleSchema = z.strictObject({
  id,
  name: text,
  en: text,
  about: text,
  aboutEn: text,
  askedAs: z.array(text).min(1),
  /** Asked before the items' own questions; they decide which items it takes. */
  questions: itemQuestionsSchema,
  items: z.array(part).min(2),
})
export type Bundle = z.infer<typeof bundleSchema>
export type BundlePart = Bundle['items'][number]
