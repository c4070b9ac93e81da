import { z } from 'zod'
import { isUnderSubject } from '../kernel/subject-path.ts'

const wording = z.string().trim().min(1).max(500)

const phrase = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'an id such as light-mended'),
  zh: wording,
  en: wording,
  /** Ids or prefixes of subjects that it fits; left out: any. */
  subjects: z.array(z.string().min(1)).min(1).optional(),
  /** Request types that it fits; left out: any. */
  types: z.array(z.string().min(1)).min(1).optional(),
})
export type Phrase = z.infer<typeof phrase>

/** `phrases.yaml`: what handlers write again and again, and words that belong to the offices alone. */
export const phrasesSchema = z.strictObject({
  /** Beginnings of replies; …… stands where the handler fills in. */
  replies: z.array(phrase),
  /** What residents are asked. */
  questions: z.array(phrase),
  /** Words of the offices that a resident should not read in a reply. */
  internalWords: z.array(z.string().trim().min(2).max(20)),
})
export type Phrases = z.infer<typeof phrasesSchema>

/** The phrases that fit a matter, those made for it before those for any. */
export function phrasesFor(
  phrases: readonly Phrase[],
  matter: { subject: string | null; type: string },
): Phrase[] {
  const fits = ({ subjects, types }: Phrase) =>
    (!types || types.includes(matter.type)) &&
    (!subjects || subjects.some(prefix => matter.subject !== null && isUnderSubject(matter.subject, prefix)))
  const weight = ({ subjects, types }: Phrase) => (subjects ? 2 : 0) + (types ? 1 : 0)
  return phrases.filter(fits).sort((a, b) => weight(b) - weight(a))
}
