import type { DocumentKind } from './catalogue.ts'
import { type Answers, applies, reasonOf } from './condition.ts'
import type { EXEMPTIONS, Item, ItemAdvice, ItemDocument, ItemFee, ItemStep } from './item.ts'
import { readSituation, type Situation } from './situation.ts'

export type Exemption = (typeof EXEMPTIONS)[number]

/** A document that one person needs for one item, with the rule that asks for it. */
export interface NeededDocument {
  kind: DocumentKind
  copies: number
  form: ItemDocument['form']
  /** Why it may be left at home; null when it must be brought. */
  exempt: Exemption | null
  /** Which of the item's documents asks for it: the rule. */
  rule: number
  /** The answers by which the rule applies; empty when everybody needs it. */
  because: Answers
  note: { zh: string; en: string } | null
}

/** What one person needs for one item. */
export interface Checklist extends Situation {
  itemId: string
  documents: NeededDocument[]
  steps: ItemStep[]
  fees: ItemFee[]
  advice: ItemAdvice[]
  /** Why this person cannot apply for it, or null. */
  stop: ItemAdvice | null
}

/**
 * The checklist for whoever answered so far. While a question is open it holds what is certain by then.
 * Whoever cannot apply needs nothing: no documents, steps and fees.
 */
export function checklistFor(
  item: Item,
  given: Answers,
  kinds: ReadonlyMap<string, DocumentKind>,
): Checklist {
  const { answers, open } = readSituation(item.questions, given)
  const holds = ({ when }: { when?: ItemStep['when'] }) => applies(when, answers)
  const advice = item.advice.filter(holds)
  const stop = advice.find(({ stops }) => stops) ?? null
  return {
    itemId: item.id,
    answers,
    open: stop ? null : open,
    documents: stop ? [] : neededDocuments(item, answers, kinds),
    steps: stop ? [] : item.steps.filter(holds),
    fees: stop ? [] : item.fees.filter(holds),
    advice: advice.filter(({ stops }) => !stops),
    stop,
  }
}

function neededDocuments(
  item: Item,
  answers: Answers,
  kinds: ReadonlyMap<string, DocumentKind>,
): NeededDocument[] {
  return item.documents.flatMap((document, rule) => {
    const because = reasonOf(document.when, answers)
    const kind = kinds.get(document.document)
    return because && kind ? [needed(document, kind, rule, because)] : []
  })
}

function needed(document: ItemDocument, kind: DocumentKind, rule: number, because: Answers): NeededDocument {
  const { copies, form, note, noteEn } = document
  const exempt = document.exempt ?? kind.exempt ?? null
  return {
    kind,
    copies,
    form,
    exempt: exempt === 'none' ? null : exempt,
    rule,
    because,
    note: note ? { zh: note, en: noteEn ?? note } : null,
  }
}
