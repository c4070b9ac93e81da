import type { Bundle } from '../guidance/bundle.ts'
import { type BundleChecklist, bundleChecklistFor } from '../guidance/bundle-checklist.ts'
import { type Checklist, checklistFor } from '../guidance/checklist.ts'
import { type Asks, decodeAnswers, encodeAnswers } from '../guidance/checklist-code.ts'
import type { Answers } from '../guidance/condition.ts'
import type { Applied } from '../guidance/find-guidance.ts'
import type { Item } from '../guidance/item.ts'
import { AppError } from '../kernel/errors.ts'
import type { Line } from './line.ts'

/** What one person needs, for an item or a bundle, with what is asked next. */
export type Guide =
  | { is: 'item'; item: Item; checklist: Checklist }
  | { is: 'bundle'; bundle: Bundle; checklist: BundleChecklist }

/** What the catalogue has under an id, or null. */
export function appliedById({ content }: Line, id: string): Applied | null {
  const item = content.items.find(each => each.id === id)
  if (item) return { is: 'item', item }
  const bundle = content.bundles.find(each => each.id === id)
  return bundle ? { is: 'bundle', bundle } : null
}

/** The guide for whoever answered so far. @throws AppError `guide-not-found` */
export function guideFor(line: Line, id: string, answers: Answers): Guide {
  const applied = appliedById(line, id)
  if (!applied) throw new AppError('guide-not-found')
  const { items, documents } = line.content
  if (applied.is === 'item') return { ...applied, checklist: checklistFor(applied.item, answers, documents) }
  const byId = new Map(items.map(item => [item.id, item]))
  return {
    ...applied,
    checklist: bundleChecklistFor(applied.bundle, answers, { items: byId, kinds: documents }),
  }
}

/** Key of the open question and the question, or null when all is answered. */
export function openQuestionOf(guide: Guide): ReturnType<Asks> {
  if (guide.is === 'bundle') return guide.checklist.open
  const { open } = guide.checklist
  return open && { key: open.id, question: open }
}

const asksOf =
  (line: Line, id: string): Asks =>
  answers =>
    openQuestionOf(guideFor(line, id, answers))

/** Short code of a checklist; see `checklist-code.ts`. */
export function codeOfGuide(line: Line, id: string, answers: Answers): string {
  return encodeAnswers(id, answers, asksOf(line, id))
}

/** The answers behind a code. @throws AppError `guide-code-invalid` when it is none, or the questions have changed */
export function answersOfCode(line: Line, id: string, code: string): Answers {
  if (!appliedById(line, id)) throw new AppError('guide-not-found')
  const answers = decodeAnswers(id, code, asksOf(line, id))
  if (!answers) throw new AppError('guide-code-invalid')
  return answers
}
