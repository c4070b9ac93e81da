import { z } from 'zod'
import { SATISFACTIONS } from './understanding.ts'

/** Lower-case kebab English, the form of every id in the content. */
const kebab = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab, like "night-noise"')
const said = z.string().trim().min(1)
const sayings = z.array(said).default([])
/** A regular expression, compiled once here so that a bad one is reported with its place in the file. */
const pattern = said.refine(isRegularExpression, 'is not a valid regular expression (flag u)')

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}

/**
 * The top-level subject under which the statistics of government message boards count a class, where that is another than where people
 * here look for it and where the duty lies: city buses are with transport, the boards' three-level scheme has them with urban construction.
 */
const countedUnder = kebab.optional()

/** Third level of the subjects: what a case is filed under. */
export const subjectLeafSchema = z.strictObject({
  id: kebab,
  name: said,
  en: said,
  about: said.optional(),
  countedUnder,
  words: sayings,
  examples: z.array(said).min(1),
  /** What English speakers say of it. */
  english: sayings,
})

/** Second level of the subjects. */
export const subjectGroupSchema = z.strictObject({
  id: kebab,
  name: said,
  en: said,
  about: said.optional(),
  countedUnder,
  words: sayings,
  classes: z.array(subjectLeafSchema).min(1),
})

/** One file `intents/subjects/<id>.yaml`: a top-level subject with its two levels below. */
export const subjectFileSchema = z.strictObject({
  id: kebab,
  name: said,
  en: said,
  about: said,
  words: sayings,
  classes: z.array(subjectGroupSchema).min(1),
})
export type SubjectFile = z.infer<typeof subjectFileSchema>

/** One file `intents/catalog/<id>.yaml`. `flow` is null where the conversation's core answers. */
export const intentFileSchema = z.strictObject({
  id: kebab,
  name: said,
  en: said,
  flow: kebab.nullable(),
  examples: z.array(said).min(1),
  english: sayings,
})
export type IntentFile = z.infer<typeof intentFileSchema>

/** `intents/request-types.yaml`. */
export const requestTypesSchema = z.strictObject({
  types: z
    .array(
      z.strictObject({
        id: kebab,
        name: said,
        en: said,
        cues: sayings,
        /** Where none of these words is said, it is not of this type, whatever it sounds like. */
        onlyWith: sayings,
        examples: z.array(said).min(1),
        english: sayings,
      }),
    )
    .min(1),
})
export type RequestTypes = z.infer<typeof requestTypesSchema>

/** `intents/lexicon.yaml`. */
export const lexiconSchema = z.strictObject({
  words: sayings,
  dialect: z.record(said, said).default({}),
  typos: z.record(said, said).default({}),
  synonyms: z.array(z.array(said).min(2)).default([]),
})
export type Lexicon = z.infer<typeof lexiconSchema>

/** `intents/emergency.yaml`. */
export const emergencySchema = z.strictObject({
  /** Take back a danger of any kind. */
  not: z.array(pattern).default([]),
  /** Make a danger of any kind one that is asked about before anything is filed. */
  ask: z.array(pattern).default([]),
  kinds: z
    .array(
      z.strictObject({
        id: kebab,
        name: said,
        en: said,
        service: z.enum(['police', 'fire', 'medical', 'gas', 'traffic']),
        cues: sayings,
        patterns: z.array(pattern).default([]),
        english: sayings,
        not: z.array(pattern).default([]),
        ask: z.array(pattern).default([]),
        examples: sayings,
      }),
    )
    .min(1),
  safe: sayings,
})
export type EmergencyFile = z.infer<typeof emergencySchema>

const patterns = z.array(pattern).default([])

/** `intents/outcomes.yaml`. */
export const outcomesSchema = z.strictObject({
  supposes: patterns,
  resolved: patterns,
  unresolved: patterns,
  again: patterns,
  bareAgain: patterns,
  contacted: patterns,
  uncontacted: patterns,
  /** The first that fits counts. */
  satisfied: z.partialRecord(z.enum(SATISFACTIONS), patterns).default({}),
  fillers: patterns,
})
export type OutcomeFile = z.infer<typeof outcomesSchema>

const coordinates = z.tuple([z.number(), z.number()])

/** `cities/<city>/places.yaml`. */
export const placesSchema = z.strictObject({
  streets: z.array(
    z.strictObject({
      id: kebab,
      name: said,
      aliases: sayings,
      en: said,
      department: kebab,
      centre: coordinates,
      /** Its edge, for maps: at least a triangle, not closed. */
      outline: z.array(coordinates).min(3).optional(),
      communities: z.array(z.strictObject({ name: said, aliases: sayings })).default([]),
    }),
  ),
  landmarks: z
    .array(
      z.strictObject({
        name: said,
        aliases: sayings,
        /** What English speakers call it: "Renmin Road". */
        english: sayings,
        kind: kebab,
        street: kebab,
        at: coordinates,
      }),
    )
    .default([]),
  /** Rivers and main roads, for finding one's way on a map. */
  lines: z
    .array(
      z.strictObject({
        kind: z.enum(['river', 'road']),
        name: said,
        en: said,
        path: z.array(coordinates).min(2),
      }),
    )
    .default([]),
})
export type Places = z.infer<typeof placesSchema>
