import { z } from 'zod'

const text = z.string().trim().min(1)

/** When a part stands in the paper. */
const FLAGS = ['one-shareholder', 'several-shareholders', 'supervisor', 'no-supervisor'] as const
export type Flag = (typeof FLAGS)[number]
export const SIGNERS = ['shareholders', 'legalRepresentative'] as const

const when = z.enum(FLAGS).optional()
/** Written once for each: in it `{name}`, `{idNumber}` … are that one's. */
const each = z.literal('shareholders').optional()

/** One part of a paper. `{companyName}` is a field; `article` is numbered 第一条, `chapter` 第一章, by themselves. */
export const templateBlockSchema = z.union([
  z.strictObject({ heading: text, when }),
  z.strictObject({ chapter: text, when }),
  z.strictObject({ article: text, when }),
  z.strictObject({ text, when, each, plain: z.boolean().optional() }),
  z.strictObject({
    table: z.strictObject({
      head: z.array(text).optional(),
      widths: z.array(z.number().positive()),
      rows: z.array(z.union([z.array(z.string()), z.strictObject({ when, cells: z.array(z.string()) })])),
      each,
    }),
    when,
  }),
  z.strictObject({ signatures: z.enum(SIGNERS), when }),
])

/** One paper: a title and what stands below, in the words of the registry. */
export const templateSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/),
  title: text,
  when,
  /** A small line below the title. */
  below: text.optional(),
  blocks: z.array(templateBlockSchema).min(1),
})

export type Template = z.infer<typeof templateSchema>
export type TemplateBlock = z.infer<typeof templateBlockSchema>
