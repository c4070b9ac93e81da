import { z } from 'zod'
import { EXEMPTIONS } from './item.ts'

const text = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case kebab')

/** Platforms on which items are offered: the community counters, the livelihood desk, the enterprise desk. */
export const PLATFORMS = ['community', 'livelihood', 'enterprise'] as const
export type Platform = (typeof PLATFORMS)[number]

/** `catalogue.yaml`: how the items are grouped, and where one applies for them. */
export const catalogueSchema = z.strictObject({
  categories: z.array(z.strictObject({ id, name: text, en: text, platform: z.enum(PLATFORMS) })).min(1),
  /** Windows of the service hall and counters elsewhere. */
  places: z.array(z.strictObject({ id, name: text, en: text, address: text, addressEn: text })).min(1),
  /** Items shown first to whoever has not said what they look for. */
  popular: z.array(id),
  /** Groups of words that mean the same to whoever looks for an item. */
  synonyms: z.array(z.array(text).min(2)).default([]),
  /** Words that are said of any item and tell none from another. */
  fillers: z.array(text).default([]),
})
export type Catalogue = z.infer<typeof catalogueSchema>

const document = z.strictObject({
  id,
  name: text,
  en: text,
  /** Who it comes from: the person has it, an authority issues it, or the line makes it from what is known. */
  source: z.enum(['applicant', 'department', 'generated']),
  /** The authority that issues it. */
  issuer: text.optional(),
  issuerEn: text.optional(),
  exempt: z.enum(EXEMPTIONS).optional(),
  /** Blank form that is filled in for the person; the name of a template of documents. */
  template: id.optional(),
})
/** A kind of document; the same one is asked for by many items, and counted once over several. */
export type DocumentKind = z.infer<typeof document>

/** `documents.yaml`. */
export const documentsSchema = z.strictObject({ documents: z.array(document).min(1) })
