import { localDateOf, localMinuteOf } from '../clocks/working-calendar.ts'
import type { Locale } from '../language/understanding.ts'
import { type EvaluationRequest, evaluatePeriod, evaluationTable } from './evaluate-period.ts'
import { type EvaluationCase, type FigureRequest, listEvaluationCases } from './evaluation-cases.ts'
import type { ExportStore } from './export-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { checkSees } from './role-views.ts'
import { type ExportedTable, type ExportFormat, type TableRow, takeOut } from './take-out.ts'

/** So many cases are read at once, and so many go into one file. */
const CASES_AT_ONCE = 200
const MOST_CASES = 20_000
const LATEST_EXPORTS = 200

/** The evaluation of a period as a table; recorded, and marked with who took it. @throws AppError as `evaluatePeriod` */
export async function exportEvaluation(
  line: Line,
  account: Account,
  request: EvaluationRequest,
  { format, locale }: { format: ExportFormat; locale: Locale },
): Promise<ExportedTable> {
  const table = evaluationTable(line, await evaluatePeriod(line, account, request, locale), locale)
  const name = `evaluation-${request.group}-${request.from}-${request.to}`
  return takeOut(line, account, { name, request, format, locale }, table)
}

/** The cases behind one number as a table, twenty thousand at most; recorded and marked likewise. */
export async function exportEvaluationCases(
  line: Line,
  account: Account,
  request: FigureRequest,
  { format, locale }: { format: ExportFormat; locale: Locale },
): Promise<ExportedTable> {
  const text = (key: string) => line.content.texts.of(locale, `evaluation.list.${key}`)
  const columns = ['number', 'filed', 'state', 'subject', 'department', 'summary', 'exclusion', 'event']
  const rows: TableRow[] = [columns.map(text)]
  let cursor: string | null = null
  do {
    const page = { limit: CASES_AT_ONCE, cursor }
    const found = await listEvaluationCases(line, account, request, page, locale)
    rows.push(...found.rows.map(cellsOf))
    cursor = found.nextCursor
  } while (cursor !== null && rows.length <= MOST_CASES)
  const name = `evaluation-cases-${request.from}-${request.to}`
  return takeOut(line, account, { name, request, format, locale }, rows)
}

/** Who took what out, the newest first. @throws AppError `action-forbidden` for who does not see exports */
export async function listExports(line: Line, account: Account): ReturnType<ExportStore['latest']> {
  checkSees(account, 'exports')
  return line.store.exports.latest(LATEST_EXPORTS)
}

function cellsOf(row: EvaluationCase): TableRow {
  const { exclusion } = row
  const event = exclusion && [exclusion.eventName, localMinuteOf(exclusion.at), exclusion.reason]
  return [
    row.number,
    localDateOf(row.filedAt),
    row.stateName,
    row.subjectName,
    row.departmentName,
    row.summary,
    exclusion?.name ?? null,
    event?.filter(Boolean).join(' · ') ?? null,
  ]
}
