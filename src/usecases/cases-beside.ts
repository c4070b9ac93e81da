import { type DraftReply, draftReply, type ReplySource } from '../assist/draft-reply.ts'
import type { MatterSuggestions } from '../assist/suggestions.ts'
import type { Locale } from '../language/understanding.ts'
import type { CaseBeside } from './agent-suggestions.ts'
import { findPassages } from './find-passages.ts'
import type { Line } from './line.ts'
import type { CaseSummary, Neighbour, Transaction } from './ports.ts'
import { sayDue } from './say-due.ts'

const MOST_ANSWERED = 3
/** Of so many of the newest answered ones the closest are shown. */
const ANSWERED_LOOKED_AT = 40
/** An answered case says at least this share of the same. */
const ALIKE = 0.15

/** Answered cases of the same subject that say the most of the same. */
export async function closestAnswered(
  line: Line,
  { subject, words }: MatterSuggestions['draft'],
  locale: Locale,
): Promise<CaseBeside[]> {
  if (subject === null) return []
  const { rows } = await line.store.listCases({
    states: ['replied', 'closed'],
    subjectPrefix: subject,
    includeConfidential: false,
    sort: 'newest',
    limit: ANSWERED_LOOKED_AT,
  })
  if (rows.length === 0) return []
  const byId = new Map(rows.map(row => [row.id, row]))
  const hits = line
    .searchOver(rows.map(({ id, summary }) => ({ id, text: summary })))
    .search(words, MOST_ANSWERED)
  return hits
    .filter(({ share }) => share >= ALIKE)
    .map(({ id }) => presentCase(line, byId.get(id)!, locale, false))
}

/** Number and state of cases, by their ids. */
export async function numbersOf(
  tx: Transaction,
  near: readonly Neighbour[],
): Promise<ReadonlyMap<string, { number: string; state: string }>> {
  return near.length === 0 ? new Map() : tx.casesById([...new Set(near.map(({ id }) => id))])
}

/** An open case of the same spot, as an agent sees it. */
export function presentNeighbour(
  line: Line,
  each: Neighbour,
  { number, state }: { number: string; state: string },
  locale: Locale,
): CaseBeside {
  const { id, summary, place, lead, dueAt, isOwn } = each
  return presentCase(line, { id, number, summary, place, lead, dueAt, state }, locale, isOwn)
}

/** A case beside a talk, as an agent sees it. */
export function presentCase(
  line: Line,
  each: Pick<CaseSummary, 'id' | 'number' | 'summary' | 'place' | 'lead' | 'dueAt' | 'state'>,
  locale: Locale,
  isOwn: boolean,
): CaseBeside {
  const { texts, routing } = line.content
  return {
    id: each.id,
    number: each.number,
    summary: each.summary,
    place: each.place,
    stateName: texts.of(locale, `state.${each.state}`),
    departmentName: line.names.department(each.lead ?? routing.dutyDesk, locale),
    dueText: each.dueAt && sayDue(each.dueAt, locale, texts),
    isOwn,
  }
}

/** What could be answered at once, in the language of whoever asks; only a question is answered so. */
export async function replyToRead(
  line: Line,
  { draft }: MatterSuggestions,
  answered: readonly CaseBeside[],
  locale: Locale,
): Promise<DraftReply | null> {
  if (draft.type !== 'consultation') return null
  const known = findPassages(line, draft, locale).map(
    ({ id, title, whole, basis }): ReplySource => ({ is: 'knowledge', id, title, text: whole, basis }),
  )
  const sources = known.length > 0 ? known : await replyBefore(line, answered[0])
  return draftReply(sources, ({ is, title, basis }, text) =>
    line.content.texts.of(locale, `assist.reply.${is}`, { title, text, basis: basis ?? '' }),
  )
}

async function replyBefore(line: Line, closest: CaseBeside | undefined): Promise<ReplySource[]> {
  if (!closest) return []
  const known = (await line.store.transact(tx => tx.casesById([closest.id]))).get(closest.id)
  const text = known?.answer ?? known?.reply?.text ?? null
  return text === null ? [] : [{ is: 'case', id: closest.id, title: closest.number, text, basis: null }]
}
