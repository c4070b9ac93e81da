import type { Understanding } from '../language/understanding.ts'
import { draftMatter, type Elements, placeOf, withSubject } from './elements.ts'
import type { MatterDraft } from './reply.ts'
import type { Slots } from './state.ts'

/** What an answered slot changes in the other slots of its frame (or, for a matter's slot, of that matter). */
type SlotEffect = (slots: Slots, value: unknown, meaning: Meaning) => Slots

/** What an effect may look at. */
export interface Meaning {
  elements: Elements
  understand(text: string): Understanding
}

const effects: Record<string, SlotEffect> = {
  /** "It is one thing": the matters become one again, in the caller's own words. */
  split: (slots, value) =>
    value === 'as-one' ? { ...slots, matters: [joinMatters(slots.matters as MatterDraft[])] } : slots,
  subjectChoice: (slots, value, { elements }) => {
    const subject = value === null || value === 'none' ? null : String(value)
    return { ...withSubject(slots as unknown as MatterDraft, subject, elements) }
  },
  /** What is added to a matter that said too little belongs to the caller's words of it, and may say what it is about. */
  detail: (slots, value, meaning) =>
    value === null ? slots : { ...slots, ...retold(slots as unknown as MatterDraft, String(value), meaning) },
}

/** Slots after `slot` was filled with `value`. */
export function afterFilling(slots: Slots, slot: string, value: unknown, meaning: Meaning): Slots {
  return effects[slot]?.(slots, value, meaning) ?? slots
}

/** A matter of which more was said: the words join, and where it was not clear what it is about, all of them are read anew. */
export function retold(matter: MatterDraft, more: string, { understand, elements }: Meaning): MatterDraft {
  const words = joinWords([matter.words, more])
  const kept = { ...matter, words, needsDetail: false }
  if (matter.subject !== null && !matter.needsDetail) return kept
  const draft = joinMatters(understand(words).matters.map(each => draftMatter(each, elements)))
  if (draft.subject === null) return kept
  return {
    ...draft,
    ...placeOf(matter),
    words,
    needsDetail: false,
  }
}

/** Several matters as one, in the caller's own words, about what the line is surest of. */
export function joinMatters(matters: readonly MatterDraft[]): MatterDraft {
  const surest = matters.reduce((best, matter) => (confidenceOf(matter) > confidenceOf(best) ? matter : best))
  const placed = matters.find(matter => matter.place)
  return {
    ...surest,
    words: joinWords(matters.map(matter => matter.words)),
    ...(placed ? placeOf(placed) : {}),
  }
}

function joinWords(parts: readonly string[]): string {
  return parts
    .map(part => part.trim())
    .reduce((all, part) => (/\p{P}$/u.test(all) ? all + part : `${all}，${part}`))
}

function confidenceOf(matter: MatterDraft): number {
  return matter.subject === null ? 0 : (matter.subjectCandidates[0]?.confidence ?? 0)
}
