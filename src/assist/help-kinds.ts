import { z } from 'zod'
import { CONTACT_FIELDS, FIELDS } from './suggestions.ts'

/** Everything that an agent is helped with, each counted by itself. */
export const HELP_KINDS = [
  ...FIELDS,
  ...CONTACT_FIELDS,
  'question',
  'department',
  'neighbours',
  'own-cases',
  'knowledge',
  'answered',
  'reply',
  'split',
  'danger',
] as const
export type HelpKind = (typeof HELP_KINDS)[number]

/** Where the caller's matters begin and end, who answers for them and whether somebody is in danger is no matter of taste. */
const ALWAYS_ON: readonly HelpKind[] = ['split', 'department', 'danger']

/** What became of a suggestion that was shown: it stands in the case as it was, changed, or not at all. */
export const HELP_OUTCOMES = ['used', 'edited', 'ignored'] as const
export type HelpOutcome = (typeof HELP_OUTCOMES)[number]

/** What became of all that was shown for one filing. No words, no person. */
export interface Help {
  /** From the first word to the filing. */
  seconds: number
  /** Keys pressed and things clicked meanwhile. */
  keys: number
  outcomes: readonly { kind: HelpKind; outcome: HelpOutcome }[]
}

/** `assist.yaml`: which kinds of help are not given, since nobody uses them. */
export const assistSchema = z.strictObject({
  off: z.array(
    z
      .enum(HELP_KINDS)
      .refine(kind => !ALWAYS_ON.includes(kind), { error: 'this help is never switched off' }),
  ),
})
export type AssistRules = z.infer<typeof assistSchema>
