import { isCreditCode } from '../kernel/credit-code.ts'
import { isIdentityNumber } from '../kernel/identity-number.ts'
import { phoneDigits } from '../kernel/phone-digits.ts'
import type { DocumentKind } from './catalogue.ts'
import { type Checklist, checklistFor, type NeededDocument } from './checklist.ts'
import type { Answers } from './condition.ts'
import type { Item } from './item.ts'

export const APPLICANTS = ['person', 'enterprise'] as const

/** What somebody hands in to apply for an item, as they gave it. */
export interface HandedIn {
  applicant: (typeof APPLICANTS)[number]
  answers: Answers
  /** Files for a document, or the promise that stands for it (告知承诺). */
  documents: readonly { document: string; files: readonly string[]; isPromised: boolean }[]
  /** Measure id → amount. */
  amounts: Readonly<Record<string, number>>
  /** Who applies, or who is to be asked about it. */
  name: string
  phone: string
  /** Of a person. */
  identityNumber: string
  /** Of an enterprise. */
  organisation: string
  creditCode: string
}

export const APPLICATION_PROBLEMS = [
  'missing',
  'unanswered',
  'not-offered',
  'not-known',
  'not-needed',
  'no-promise',
  'file-gone',
  'amount',
  'phone',
  'identity-number',
  'credit-code',
] as const

/** One thing that stands in the way: which field (`documents.lease`, `answers.place`, `phone` …), and what is wrong with it. */
export interface ApplicationProblem {
  field: string
  because: (typeof APPLICATION_PROBLEMS)[number]
}

/** A document as it goes with the application. */
interface FiledDocument {
  document: string
  attachments: string[]
  exempt: 'sharing' | 'promise' | null
}

export interface CheckedApplication {
  checklist: Checklist
  documents: FiledDocument[]
  problems: ApplicationProblem[]
}

/**
 * Whether all is there that this situation asks for, and what is not, all at once (一次性告知). What the situation does not ask for is
 * never missing. Whoever cannot apply (`checklist.stop`) lacks nothing.
 * @param isKept whether a file that was named is (still) with the line
 * @param today local date, by which identity numbers are judged
 */
export function checkApplication(
  item: Item,
  given: HandedIn,
  kinds: ReadonlyMap<string, DocumentKind>,
  { isKept, today }: { isKept(file: string): boolean; today: string },
): CheckedApplication {
  const checklist = checklistFor(item, given.answers, kinds)
  if (checklist.stop) return { checklist, documents: [], problems: [] }
  const problems = [
    ...answerProblems(item, given, checklist),
    ...checklist.documents.flatMap(needed => documentProblems(needed, given, isKept)),
    ...strangeDocuments(checklist, given),
    ...amountProblems(item, given),
    ...applicantProblems(item, given, today),
  ]
  return { checklist, documents: checklist.documents.map(needed => filed(needed, given)), problems }
}

/** Does the applicant hand it in? What the line makes itself, or can look up, it does not ask for. */
export function isAskedFor({ kind, exempt }: NeededDocument): boolean {
  return kind.source !== 'generated' && exempt !== 'sharing'
}

/** Questions come one after the other: the open one is named, and answers that count for nothing are. */
function answerProblems(item: Item, { answers }: HandedIn, checklist: Checklist): ApplicationProblem[] {
  const { open } = checklist
  const strange = Object.keys(answers).filter(
    key => key !== open?.id && !item.questions.some(({ id }) => id === key),
  )
  return [
    ...strange.map((key): ApplicationProblem => ({ field: `answers.${key}`, because: 'not-known' })),
    ...(open
      ? [
          {
            field: `answers.${open.id}`,
            because: answers[open.id] === undefined ? ('unanswered' as const) : ('not-offered' as const),
          },
        ]
      : []),
  ]
}

function documentProblems(
  needed: NeededDocument,
  given: HandedIn,
  isKept: (file: string) => boolean,
): ApplicationProblem[] {
  const handed = handedFor(needed, given)
  const field = `documents.${needed.kind.id}`
  if (handed?.files.some(file => !isKept(file))) return [{ field, because: 'file-gone' }]
  if (!isAskedFor(needed) || handed?.files.length) return []
  if (!handed?.isPromised) return [{ field, because: 'missing' }]
  return needed.exempt === 'promise' ? [] : [{ field, because: 'no-promise' }]
}

/** Files for a document that nobody asks for in this situation are not taken: nobody would look at them. */
function strangeDocuments(checklist: Checklist, { documents }: HandedIn): ApplicationProblem[] {
  const known = new Set(checklist.documents.map(({ kind }) => kind.id))
  return documents
    .filter(({ document, files }) => files.length > 0 && !known.has(document))
    .map(({ document }) => ({ field: `documents.${document}`, because: 'not-needed' }))
}

function amountProblems(item: Item, { amounts }: HandedIn): ApplicationProblem[] {
  return item.measures.flatMap(({ id }): ApplicationProblem[] => {
    const amount = amounts[id]
    if (amount === undefined) return [{ field: `amounts.${id}`, because: 'missing' }]
    return Number.isFinite(amount) && amount > 0 ? [] : [{ field: `amounts.${id}`, because: 'amount' }]
  })
}

function applicantProblems(item: Item, given: HandedIn, today: string): ApplicationProblem[] {
  const { applicant, name, phone, identityNumber, organisation, creditCode } = given
  if (!item.applicants.includes(applicant)) return [{ field: 'applicant', because: 'not-offered' }]
  const wrong = (
    field: string,
    value: string,
    because: ApplicationProblem['because'],
    isRight: boolean,
  ): ApplicationProblem[] =>
    value.trim() === '' ? [{ field, because: 'missing' }] : isRight ? [] : [{ field, because }]
  return [
    ...(applicant === 'enterprise'
      ? [
          ...wrong('organisation', organisation, 'missing', true),
          ...wrong('creditCode', creditCode, 'credit-code', isCreditCode(creditCode)),
        ]
      : []),
    ...wrong('name', name, 'missing', true),
    ...(applicant === 'person'
      ? wrong('identityNumber', identityNumber, 'identity-number', isIdentityNumber(identityNumber, today))
      : []),
    ...wrong('phone', phone, 'phone', phoneDigits(phone) !== null),
  ]
}

function filed(needed: NeededDocument, given: HandedIn): FiledDocument {
  const handed = handedFor(needed, given)
  const attachments = [...(handed?.files ?? [])]
  const isExempt = attachments.length === 0 && needed.kind.source !== 'generated'
  return { document: needed.kind.id, attachments, exempt: isExempt ? needed.exempt : null }
}

function handedFor({ kind }: NeededDocument, { documents }: HandedIn) {
  return documents.find(({ document }) => document === kind.id)
}
