import type { MatterDraft } from '../conversation/reply.ts'
import type { Candidate, Danger, Locale } from '../language/understanding.ts'
import type { TalkSpan } from './talk.ts'

/** What is filled in of each matter. */
export const FIELDS = ['type', 'subject', 'place', 'time', 'wanted', 'summary'] as const
export type Field = (typeof FIELDS)[number]
/** What is filled in once for the whole talk. */
export const CONTACT_FIELDS = ['phone', 'name'] as const
export type ContactField = (typeof CONTACT_FIELDS)[number]

/** A value for a field, and why. */
export interface Suggested {
  /** Null: nothing to suggest. */
  value: string | null
  /** 0 to 1. */
  confidence: number
  /** The words that say so. */
  evidence: TalkSpan[]
}

/** How a field stands on the agent's page. */
export const STANDINGS = ['shown', 'accepted', 'edited', 'refused'] as const
export interface Standing {
  value: string | null
  confidence: number
  is: (typeof STANDINGS)[number]
}
export type Standings<F extends string> = Partial<Record<F, Standing>>

/** What an agent sees when the next suggestions are worked out. */
export interface Before {
  contact: Standings<ContactField>
  /** By the matter's id. */
  matters: Readonly<Record<string, Standings<Field>>>
}

/** What is missing, the most pressing first. */
export const ASKABLE = ['detail', 'place', 'building', 'time', 'subject', 'wanted', 'phone'] as const
export type Askable = (typeof ASKABLE)[number]

export interface MatterSuggestions {
  id: string
  fields: Record<Field, Suggested>
  /** What it may be about, the likeliest first. */
  subjects: Candidate[]
  /** The words that decided what it is about, as the classifier sees them. */
  deciding: string[]
  missing: Askable[]
  danger: (Danger & { evidence: TalkSpan[] }) | null
  /** The matter as it would be filed now. */
  draft: MatterDraft
}

export interface Suggestions {
  /** The language in which the caller speaks. */
  locale: Locale
  contact: Record<ContactField, Suggested>
  matters: MatterSuggestions[]
}
