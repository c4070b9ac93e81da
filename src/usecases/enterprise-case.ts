import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { isFinal } from '../cases/case-state.ts'
import type { Locale } from '../language/understanding.ts'
import { caseCard } from './case-card.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import { type Happening, publicHistory } from './look-up-case.ts'
import type { Transaction } from './ports.ts'
import { type ResidentAction, residentActions } from './resident-actions.ts'

/** Something by its id, with its name in the caller's language. */
interface Named {
  id: string
  name: string
}

/** A case as the enterprise that filed it sees it: what a resident sees of theirs. */
export interface EnterpriseCase {
  number: string
  externalId: string | null
  state: string
  isOpen: boolean
  stage: Named
  /** Where it stands, in one sentence. */
  status: string
  type: Named
  subject: Named | null
  /** As it was told. */
  words: string
  place: string | null
  /** WGS-84. */
  at: { latitude: number; longitude: number } | null
  /** Who has it now, and why in one sentence. */
  department: Named
  reason: string
  helping: Named[]
  filedAt: Date
  changedAt: Date
  /** The promise that runs now; null when nothing is owed. */
  dueAt: string | null
  reply: string | null
  /** What may be done with it now. */
  actions: ResidentAction[]
}

/** With its course, in order of time. */
export interface EnterpriseCaseWithHistory extends EnterpriseCase {
  history: Happening[]
}

/** What else there is to know of a case besides itself. */
interface Beside {
  externalId: string | null
  /** The case that is handled for it. */
  handled: Case | null
}

export function enterpriseCase(
  line: Line,
  current: Case,
  { externalId, handled }: Beside,
  locale: Locale,
): EnterpriseCase {
  const { names, content } = line
  const card = caseCard(line, current, locale, { handled })
  const { elements, subject, type } = current
  return {
    number: current.number,
    externalId,
    state: current.state,
    isOpen: !isFinal(current.state),
    stage: { id: card.stage, name: card.stageName },
    status: card.statusText,
    type: { id: type, name: content.texts.of(locale, `type.${type}`) },
    subject: subject === null ? null : { id: subject, name: names.subject(subject, locale) },
    words: current.words,
    place: elements.place,
    at: elements.at && { longitude: elements.at[0], latitude: elements.at[1] },
    department: { id: card.department, name: card.departmentName },
    reason: card.reason,
    helping: (handled ?? current).coHandlers.map(({ department: id }) => ({
      id,
      name: names.department(id, locale),
    })),
    filedAt: current.filedAt,
    changedAt: current.changedAt,
    dueAt: card.dueBy,
    reply: current.reply?.text ?? current.answer,
    actions: residentActions(line, current),
  }
}

/** The same by one look at the store more. */
export async function wholeEnterpriseCase(
  line: Line,
  tx: Transaction,
  { case: current, events }: { case: Case; events: readonly CaseEvent[] },
  { externalId, locale }: { externalId: string | null; locale: Locale },
): Promise<EnterpriseCaseWithHistory> {
  const beside = { externalId, handled: await handledFor(tx, current) }
  return { ...enterpriseCase(line, current, beside, locale), history: publicHistory(line, events, locale) }
}
