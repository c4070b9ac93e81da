import { z } from 'zod'

const text = z.string().trim().min(1)

/** `knowledge/<id>.yaml`: one answer to what people ask, with its source and its dates. */
export const articleSchema = z.strictObject({
  id: text,
  title: text,
  en: text,
  department: text,
  /** Related subjects, ids or prefixes. */
  subjects: z.array(text).default([]),
  /** Ways in which people ask it. */
  questions: z.array(text).min(1),
  answer: text,
  answerEn: text,
  basis: text,
  validFrom: z.iso.date(),
  reviewBy: z.iso.date(),
})
export type Article = z.infer<typeof articleSchema>
