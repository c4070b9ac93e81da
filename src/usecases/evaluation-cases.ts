import type { Exclusion } from '../followup/three-rates.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { casesBehind, type EvaluationRequest } from './evaluate-period.ts'
import type { Line } from './line.ts'
import type { Account, CaseSummary, Figure, ScoredCase } from './ports.ts'

/** One number of an evaluation: what it counts, and of which group; without `key` of all groups. */
export type FigureRequest = EvaluationRequest & { figure: Figure; key?: string | null }

/** A case behind a number. */
export interface EvaluationCase {
  id: string
  number: string
  filedAt: Date
  stateName: string
  subjectName: string | null
  /** Whose holding of the case was counted. */
  departmentName: string
  /** Null of a confidential case: a list is no place for it. */
  summary: string | null
  /** Why it is left out, and the event that says so; of what is out of duty also what the department said and who approved it. */
  exclusion: (Exclusion & { name: string; eventName: string; at: Date; reason: string | null }) | null
}

/**
 * The cases behind one number, a page at a time.
 * @param page `cursor` from the page before
 * @throws AppError `action-forbidden` as `evaluatePeriod`, `body-invalid` for a cursor that was not given out
 */
export async function listEvaluationCases(
  line: Line,
  account: Account,
  request: FigureRequest,
  page: { limit: number; cursor: string | null },
  locale: Locale,
): Promise<{ rows: EvaluationCase[]; nextCursor: string | null }> {
  const after = page.cursor === null ? null : decodeCursor(page.cursor)
  const { rows, nextAfter } = await casesBehind(line, account, request, { limit: page.limit, after })
  return {
    rows: await Promise.all(rows.map(row => presentCase(line, row, locale))),
    nextCursor: nextAfter === null ? null : Buffer.from(nextAfter).toString('base64url'),
  }
}

async function presentCase(
  line: Line,
  { summary, department, exclusion }: ScoredCase,
  locale: Locale,
): Promise<EvaluationCase> {
  const { texts } = line.content
  return {
    id: summary.id,
    number: summary.number,
    filedAt: summary.filedAt,
    stateName: texts.of(locale, `state.${summary.state}`),
    subjectName: summary.subject && line.names.subjectPath(summary.subject, locale),
    departmentName: line.names.department(department, locale),
    summary: summary.isConfidential ? null : summary.summary,
    exclusion: exclusion && (await presentExclusion(line, summary, exclusion, locale)),
  }
}

async function presentExclusion(
  line: Line,
  { id, isConfidential }: CaseSummary,
  exclusion: Exclusion,
  locale: Locale,
): Promise<EvaluationCase['exclusion']> {
  const { texts } = line.content
  const stored = await line.store.transact(tx => tx.caseById(id))
  const event = stored?.events.find(({ seq }) => seq === exclusion.seq)
  const claim = exclusion.because === 'out-of-duty' ? stored?.case.reply?.outOfDuty : null
  const why = claim && `${texts.of(locale, `evaluation.duty.${claim.because}`)} · ${claim.text}`
  const reasons = [why, event?.reason].filter(each => each != null)
  return event
    ? {
        ...exclusion,
        name: texts.of(locale, `evaluation.exclusion.${exclusion.because}`),
        eventName: texts.of(locale, `case.${event.type}`),
        at: event.at,
        reason: isConfidential || reasons.length === 0 ? null : reasons.join(' · '),
      }
    : null
}

/** The place of the last case: its id and the department. */
function decodeCursor(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString()
  if (!/^[\w-]+ [\w-]+$/.test(place)) throw new AppError('body-invalid', { cursor })
  return place
}
