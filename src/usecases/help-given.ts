import type { AssistRules, HelpKind } from '../assist/help-kinds.ts'
import { CONTACT_FIELDS, FIELDS, type Suggested } from '../assist/suggestions.ts'
import type { AgentMatter, AgentSuggestions } from './agent-suggestions.ts'

/** The suggestions without those kinds of help that the city has switched off; what is off is never shown, so nobody ignores it. */
export function withoutWhatIsOff({ off }: AssistRules, all: AgentSuggestions): AgentSuggestions {
  if (off.length === 0) return all
  const isOff = (kind: HelpKind) => off.includes(kind)
  return {
    ...all,
    contact: blank(CONTACT_FIELDS, all.contact, isOff),
    matters: all.matters.map(matter => mattersHelp(matter, isOff)),
    cases: isOff('own-cases') ? [] : all.cases,
  }
}

function mattersHelp(matter: AgentMatter, isOff: (kind: HelpKind) => boolean): AgentMatter {
  const given = <T>(kind: HelpKind, what: T[]): T[] => (isOff(kind) ? [] : what)
  return {
    ...matter,
    fields: blank(FIELDS, matter.fields, isOff),
    subjects: given('subject', matter.subjects),
    question: isOff('question') ? { ...matter.question, text: '', left: 0 } : matter.question,
    neighbours: given('neighbours', matter.neighbours),
    answered: given('answered', matter.answered),
    passages: given('knowledge', matter.passages),
    reply: isOff('reply') ? null : matter.reply,
  }
}

const NOTHING: Suggested = { value: null, confidence: 0, evidence: [] }

function blank<F extends HelpKind>(
  fields: readonly F[],
  suggested: Record<F, Suggested>,
  isOff: (kind: HelpKind) => boolean,
): Record<F, Suggested> {
  return Object.fromEntries(
    fields.map(field => [field, isOff(field) ? NOTHING : suggested[field]]),
  ) as Record<F, Suggested>
}
