import type { DraftReply } from '../assist/draft-reply.ts'
import type { Askable, MatterSuggestions, Suggestions } from '../assist/suggestions.ts'
import type { Locale } from '../language/understanding.ts'
import type { Passage } from './find-passages.ts'

/** A case beside the talk. */
export interface CaseBeside {
  id: string
  number: string
  summary: string
  place: string | null
  stateName: string
  departmentName: string
  dueText: string | null
  /** Told by the one who calls. */
  isOwn: boolean
}

/** Whom a matter would go to now, and why. */
export interface DepartmentSuggestion {
  id: string
  name: string
  coHandlers: string[]
  isCertain: boolean
  reason: string
  dueText: string
  gradeName: string
  candidates: { id: string; name: string; reason: string; confidence: number }[]
}

export interface AgentMatter extends Omit<MatterSuggestions, 'draft' | 'missing' | 'subjects' | 'danger'> {
  words: string
  subjects: { id: string; name: string; confidence: number }[]
  /** With whom to call, and what to read out to the caller meanwhile. */
  danger: (NonNullable<MatterSuggestions['danger']> & { serviceText: string; advice: string }) | null
  /** What to ask next, in the caller's language, and how much is left to ask after it. */
  question: { about: Askable | 'joining' | 'confirm'; text: string; left: number }
  isConfidential: boolean
  department: DepartmentSuggestion
  /** Open cases of the same thing at the same spot; the caller may join those of others. */
  neighbours: (CaseBeside & { people: number })[]
  /** Answered cases that say the most of the same. */
  answered: CaseBeside[]
  /** The caller told of it before, and it is open. */
  duplicateOf: string | null
  passages: Passage[]
  /** What could be read out and be the answer. */
  reply: DraftReply | null
}

export interface AgentSuggestions {
  locale: Locale
  /** The number of the call, masked. */
  caller: string | null
  contact: Suggestions['contact']
  matters: AgentMatter[]
  /** What else the caller told of, the newest first. */
  cases: CaseBeside[]
}
