import { EXCLUSIONS, MEASURES, type Measure, scoreCase } from '../followup/three-rates.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { checkFilter } from './check-filter.ts'
import type { Line } from './line.ts'
import type { Account, Figure, GroupScore, ScoredCase, ScoreGroup, ScoreScope } from './ports.ts'
import { viewOf } from './role-views.ts'

const CASES_AT_ONCE = 400

/** Works out again what each case counts for, where it has changed. Returns how many cases that were. */
export async function refreshScores({ store, content }: Pick<Line, 'store' | 'content'>): Promise<number> {
  let refreshed = 0
  for (let after = ''; ; ) {
    const ids = await store.scores.outdated(after, CASES_AT_ONCE)
    const last = ids.at(-1)
    if (last === undefined) return refreshed
    const cases = await store.scores.eventsOf(ids)
    await store.scores.put(cases.flatMap(events => scoreCase(events, content.routing.dutyDesk)))
    refreshed += ids.length
    after = last
  }
}

/** What may be asked for apart; not given or undefined: whatever it is. */
type Narrowing = 'department' | 'subject' | 'street' | 'channel' | 'type'

/** What somebody wants to see. */
export type EvaluationRequest = Pick<ScoreScope, 'from' | 'to' | 'by'> & {
  [name in Narrowing]?: string | undefined
} & { group: ScoreGroup }

/** One group of an evaluation with its name. */
export interface EvaluationRow extends GroupScore {
  name: string
}

export interface Evaluation {
  request: EvaluationRequest
  rows: EvaluationRow[]
  total: EvaluationRow
}

/**
 * The evaluation of a period, up to date. A department sees its own numbers.
 * @throws AppError `action-forbidden` for those who have no part in it, `body-invalid` as `checkFilter`
 */
export async function evaluatePeriod(
  line: Line,
  account: Account,
  request: EvaluationRequest,
  locale: Locale,
): Promise<Evaluation> {
  const scope = scopeOf(line, account, request)
  await refreshScores(line)
  const [rows, [total]] = await Promise.all([
    line.store.scores.evaluate(scope, request.group),
    line.store.scores.evaluate(scope, 'all'),
  ])
  const all = line.content.texts.of(locale, 'evaluation.all')
  return {
    request,
    rows: rows
      .map(row => ({ ...row, name: groupName(line, request.group, row.key, locale) }))
      .toSorted((a, b) => order(request.group, a, b)),
    total: { ...(total ?? { key: null, measures: {}, exclusions: {}, hops: 0 }), name: all },
  }
}

/** The cases behind one number of the evaluation, by the same conditions that counted them. */
export async function casesBehind(
  line: Line,
  account: Account,
  request: EvaluationRequest & { figure: Figure; key?: string | null },
  page: { limit: number; after: string | null },
): Promise<{ rows: ScoredCase[]; nextAfter: string | null }> {
  const { figure, key, group } = request
  const of = key === undefined ? null : { group, key }
  await refreshScores(line)
  const rows = await line.store.scores.casesBehind(scopeOf(line, account, request), figure, of, {
    ...page,
    limit: page.limit + 1,
  })
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  const isMore = rows.length > page.limit
  return { rows: shown, nextAfter: isMore && last ? `${last.summary.id} ${last.department}` : null }
}

/** Share of the cases that met a measure; null when none counts for it. */
export function rateOf(row: Pick<GroupScore, 'measures'>, measure: Measure): number | null {
  const { counted, met } = row.measures[measure] ?? { counted: 0, met: 0 }
  return counted > 0 ? met / counted : null
}

/** Dispatches a dispatched case needed on average; null when there is none. */
export function meanHops({ measures, hops }: Pick<GroupScore, 'measures' | 'hops'>): number | null {
  const dispatched = measures.direct?.counted ?? 0
  return dispatched > 0 ? hops / dispatched : null
}

/** An evaluation as a table of texts: head, groups, total. Numbers stay numbers. */
export function evaluationTable(
  line: Line,
  { rows, total }: Evaluation,
  locale: Locale,
): (string | number | null)[][] {
  const text = (key: string) => line.content.texts.of(locale, `evaluation.${key}`)
  const head = [
    text('group'),
    ...MEASURES.map(measure => text(`measure.${measure}`)),
    text('hops'),
    ...MEASURES.map(measure => `${text(`measure.${measure}`)} ${text('counted')}`),
    ...EXCLUSIONS.map(because => text(`exclusion.${because}`)),
  ]
  const cells = (row: EvaluationRow) => [
    row.name,
    ...MEASURES.map(measure => round(rateOf(row, measure), 4)),
    round(meanHops(row), 2),
    ...MEASURES.map(measure => row.measures[measure]?.counted ?? 0),
    ...EXCLUSIONS.map(because => row.exclusions[because] ?? 0),
  ]
  return [head, ...rows.map(cells), cells(total)]
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits))
}

function scopeOf(line: Line, account: Account, request: EvaluationRequest): ScoreScope {
  checkFilter(line, request)
  const { by, from, to, department, subject, street, channel, type } = request
  const asked = Object.entries({ department, subject, street, channel, type })
  const scope = { by, from, to, ...Object.fromEntries(asked.filter(([, value]) => value !== undefined)) }
  const { figures } = viewOf(line, account)
  if (figures === 'every') return scope
  if (figures === 'none' || !account.department)
    throw new AppError('action-forbidden', { role: account.role })
  return { ...scope, department: account.department }
}

function groupName(line: Line, group: ScoreGroup, key: string | null, locale: Locale): string {
  const { texts, places } = line.content
  if (key === null) return texts.of(locale, 'evaluation.none')
  if (group === 'department') return line.names.department(key, locale)
  if (group === 'subject') return line.names.subject(key, locale)
  if (group === 'channel') return line.names.channel(key, locale)
  if (group === 'type') return texts.of(locale, `type.${key}`)
  const street = group === 'street' && places.streets.find(each => each.id === key)
  return street ? line.names.text({ zh: street.name, en: street.en }, locale) : key
}

/** Months as they follow, all else by size. */
function order(group: ScoreGroup, a: EvaluationRow, b: EvaluationRow): number {
  if (group === 'month') return (a.key ?? '') < (b.key ?? '') ? -1 : 1
  return (b.measures.cases?.counted ?? 0) - (a.measures.cases?.counted ?? 0) || (a.name < b.name ? -1 : 1)
}
