import { z } from 'zod'
import { limitSchema } from '../clocks/limit.ts'

const text = z.string().trim().min(1)

const item = z.strictObject({
  id: text,
  code: text,
  name: text,
  en: text,
  kind: z.enum(['licence', 'confirmation', 'levy', 'payment', 'service']),
  category: text,
  department: text,
  applicants: z.array(z.enum(['person', 'enterprise'])).min(1),
  /** Everyday ways to ask for it. */
  askedAs: z.array(text).min(1),
  statutoryLimit: limitSchema,
  promisedLimit: limitSchema,
  fee: text,
  documents: z.array(z.strictObject({ name: text, copies: z.number().int().min(0), exempt: z.boolean() })),
  steps: z.array(z.strictObject({ name: text, limit: limitSchema })).min(1),
  where: text,
  online: z.boolean(),
  basis: text,
})
/** A service item (政务服务事项): something one applies for. */
export type Item = z.infer<typeof item>

/** `items/<category>.yaml`. */
export const itemsSchema = z.strictObject({ items: z.array(item).min(1) })
