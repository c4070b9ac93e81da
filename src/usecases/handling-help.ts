import type { Phrase } from '../assist/phrases.ts'
import { phrasesFor } from '../assist/phrases.ts'
import type { Case } from '../cases/case.ts'
import { formatLimit } from '../clocks/limit.ts'
import { profileById } from '../clocks/service-levels.ts'
import { extendClock } from '../clocks/stage-clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { routeNow } from './complete-input.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { maySee } from './role-views.ts'

/** What a handler chooses from while they work on one case. */
export interface HandlingHelp {
  /** Beginnings of replies and questions that fit, those made for the matter first. */
  replies: Wording[]
  questions: Wording[]
  /** Null: this case cannot be extended. */
  extension: Extension | null
  returning: Returning
}

interface Wording {
  id: string
  text: string
}

interface Extension {
  used: number
  times: number
  dueAt: string
  /** Each that may be asked for, with the due time it would make by the working calendar. */
  options: { by: string; dueAt: string }[]
}

interface Returning {
  /** Who has sent it back before, by which clause. */
  hops: { department: string; clause: string; at: string }[]
  /** Until when this department may return it; null when it may not. */
  until: string | null
  /** Clauses of other departments that may cover it, the likeliest first. */
  candidates: { clause: string; department: string; departmentName: string; text: string }[]
}

/** @throws AppError `case-not-found` */
export async function handlingHelp(
  line: Line,
  account: Account,
  caseId: string,
  locale: Locale,
): Promise<HandlingHelp> {
  const found = await line.store.transact(tx => tx.caseById(caseId))
  if (!found || !maySee(line, account, found.case)) throw new AppError('case-not-found')
  const current = found.case
  const { replies, questions } = line.content.phrases
  const words = (phrases: readonly Phrase[]) =>
    phrasesFor(phrases, current).map(phrase => ({ id: phrase.id, text: line.names.text(phrase, locale) }))
  return {
    replies: words(replies),
    questions: words(questions),
    extension: extensionOf(line, current),
    returning: returningOf(line, current, locale),
  }
}

/** By steps of one, up to what the profile allows at once. */
function extensionOf({ policy }: Line, current: Case): Extension | null {
  const { times, each } = profileById(policy.levels, current.profile).extensions
  const { handle } = current.clocks
  if (!handle || handle.stoppedAt !== null || !each || current.extensionsUsed >= times) return null
  const limits = Array.from({ length: each.amount }, (_, i) => ({ amount: i + 1, unit: each.unit }))
  return {
    used: current.extensionsUsed,
    times,
    dueAt: handle.dueAt.toISOString(),
    options: limits.map(limit => ({
      by: formatLimit(limit),
      dueAt: extendClock(handle, limit, policy.calendar).dueAt.toISOString(),
    })),
  }
}

function returningOf(line: Line, current: Case, locale: Locale): Returning {
  const clock = current.clocks.return
  const isOpen = clock !== undefined && clock.stoppedAt === null
  return {
    hops: current.returns.map(({ department, clause, at }) => ({
      department: line.names.department(department, locale),
      clause,
      at: at.toISOString(),
    })),
    until: isOpen ? clock.dueAt.toISOString() : null,
    candidates: likelyClauses(line, current, locale),
  }
}

/** The clauses that routing names for other departments; where it names only the department, its first. */
function likelyClauses(line: Line, current: Case, locale: Locale): Returning['candidates'] {
  const { departments } = line.content
  const lead = current.dispatch?.lead
  const candidates = [...(current.dispatch?.candidates ?? []), ...routeNow(line, current).candidates]
  const seen = new Set<string>()
  return candidates.flatMap(({ department, reason }) => {
    const found = departments.get(department)
    if (!found || department === lead) return []
    const cited = 'clause' in reason ? reason.clause : null
    const duty = found.duties.find(({ clause }) => clause === cited) ?? found.duties[0]
    if (!duty || seen.has(duty.clause)) return []
    seen.add(duty.clause)
    const { clause } = duty
    const departmentName = line.names.department(department, locale)
    return [
      { clause, department, departmentName, text: line.names.text({ zh: duty.text, en: duty.en }, locale) },
    ]
  })
}
