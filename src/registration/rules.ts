import { z } from 'zod'
import { templateSchema } from './template.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z][a-z0-9-]*$/)

/** One standard entry of the business scope (经营范围规范表述). */
export const scopeEntrySchema = z.strictObject({
  id,
  name: text,
  /** Everyday words that mean it. */
  words: z.array(text).min(1),
  /** May it be done at once, only with a permit got afterwards (后置), or only with one got before (前置)? */
  permit: z.enum(['none', 'after', 'before']).default('none'),
  permitName: text.optional(),
  /** What a company with this main entry may call its trade in its name. */
  industries: z.array(text).min(1),
})

/** `registration.yaml`: what a company may be called and do here, and the papers it needs. */
export const registrationRulesSchema = z.strictObject({
  /** 行政区划 at the head of the name. */
  region: text,
  /** To whom the papers are addressed. */
  authority: text,
  name: z.strictObject({
    /** Not in a trade name: of states, parties, offices, or misleading. */
    forbidden: z.array(text),
    /** Only with approval of those above: names of the country and its regions. */
    reserved: z.array(text),
    /** Names that there are already. */
    taken: z.array(z.strictObject({ tradeName: text, industry: text })),
  }),
  scope: z.array(scopeEntrySchema).min(1),
  /** Stands below every scope that has entries which need a permit. */
  scopeNote: text,
  /** Subject of the case that is filed when papers are handed in. */
  subject: text,
  /** 公司法: all that is promised is paid within so many years. */
  contributionYears: z.int().min(1),
  mostShareholders: z.int().min(1),
  documents: z.array(templateSchema).min(1),
})

export type RegistrationRules = z.infer<typeof registrationRulesSchema>
export type ScopeEntry = z.infer<typeof scopeEntrySchema>

/** The rules with what else the city knows. */
export interface Registry extends RegistrationRules {
  /** Streets of the district by id. */
  streets: ReadonlyMap<string, string>
}
