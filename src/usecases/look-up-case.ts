import type { Application } from '../cases/application.ts'
import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { isCaseNumber } from '../cases/case-number.ts'
import type { EventType } from '../cases/workflow.ts'
import type { CaseCard } from '../conversation/message.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { stepName } from './application-words.ts'
import { caseCard } from './case-card.ts'
import { isCodeOf } from './is-code-of.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { RESIDENT_EVENTS } from './resident-events.ts'

/** One step of a case, as whoever filed it is told of it. */
export interface Happening {
  at: string
  type: EventType
  text: string
}

/**
 * A case by its number and query code, for whoever holds both.
 * @throws AppError `case-number-invalid`, `case-not-found`, `query-code-wrong`
 */
export async function lookUpCase(
  line: Line,
  query: { number: string; queryCode: string; locale: Locale },
): Promise<{ card: CaseCard; history: Happening[]; files: string[] }> {
  return line.store.transact(async tx => {
    const stored = await openByCode(tx, query)
    return {
      card: caseCard(line, stored.case, query.locale, { handled: await handledFor(tx, stored.case) }),
      history: publicHistory(line, stored.events, query.locale),
      files: publicFiles(stored.case.reply),
    }
  })
}

/** Names of the files of a reply that its owner may see. */
export function publicFiles(reply: object | null): string[] {
  const { attachments } = (reply ?? {}) as { attachments?: { name?: string; isPublic?: boolean }[] }
  return (attachments ?? []).flatMap(({ name, isPublic }) => (isPublic && name ? [name] : []))
}

/** @throws AppError `case-number-invalid`, `case-not-found`, `query-code-wrong` */
export async function openByCode(
  tx: Transaction,
  query: { number: string; queryCode: string },
): Promise<{ case: Case; events: CaseEvent[] }> {
  if (!isCaseNumber(query.number)) throw new AppError('case-number-invalid')
  const stored = await tx.caseByNumber(query.number)
  if (!stored) throw new AppError('case-not-found')
  if (!(await isCodeOf(tx, stored.case, query.queryCode.toUpperCase())))
    throw new AppError('query-code-wrong')
  return stored
}

/** The course of a case in words for its owner: no names, no internal notes. */
export function publicHistory(line: Line, events: readonly CaseEvent[], locale: Locale): Happening[] {
  const [filed] = events
  return events
    .filter(event => RESIDENT_EVENTS.has(event.type))
    .map(event => ({
      at: event.at.toISOString(),
      type: event.type,
      text: describe(line, filed!, event, locale),
    }))
}

function describe(line: Line, filed: CaseEvent, event: CaseEvent, locale: Locale): string {
  const { texts } = line.content
  if (event.type === 'step-passed' || event.type === 'application-decided')
    return describeStep(line, filed, event, locale)
  const what = texts.of(locale, `case.${event.type}`)
  const { lead, text } = event.data as { lead?: string; text?: string }
  if (lead) return `${what} · ${line.names.department(lead, locale)}`
  return text &&
    ['replied', 'answered', 'reply-shared', 'resident-asked', 'more-asked', 'concluded'].includes(event.type)
    ? `${what} · ${text}`
    : what
}

/** Which step it was, and of a decision which one and why; what a step was passed with is the offices' business. */
function describeStep(line: Line, filed: CaseEvent, { type, data }: CaseEvent, locale: Locale): string {
  const { texts } = line.content
  const { application } = filed.data as { application?: Application }
  const { step, outcome, text } = data as { step?: number; outcome?: string; text?: string }
  const passed = application?.steps[step ?? -1]
  if (type === 'step-passed')
    return texts.of(locale, 'case.step-passed-named', {
      step: application && passed ? stepName(line, application, passed, locale) : '',
    })
  return `${texts.of(locale, `case.application-${outcome}`)} · ${text}`
}
