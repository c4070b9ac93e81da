import { currentLocale } from '../shared/texts.ts'
import { call } from './desk-api.ts'

export const GROUPS = ['department', 'subject', 'street', 'channel', 'type', 'month'] as const
export const PARTS = ['counted', 'met', 'missed'] as const

export interface EvaluationQuery {
  from: string
  to: string
  by: 'filed' | 'concluded'
  group: (typeof GROUPS)[number]
  department: string
}

export interface Measured {
  counted: number
  met: number
  rate: number | null
}

export interface EvaluationRow {
  key: string | null
  name: string
  measures: Record<string, Measured>
  exclusions: Record<string, number>
  hops: number | null
}

/** One number: what it counts, and of which row; the total is of all groups. */
export interface Figure {
  measure?: string
  part?: (typeof PARTS)[number]
  exclusion?: string
  row: EvaluationRow
  isTotal: boolean
}

export interface EvaluationCase {
  id: string
  number: string
  filedAt: string
  stateName: string
  subjectName: string | null
  departmentName: string
  summary: string | null
  exclusion: { name: string; eventName: string; at: string; reason: string | null } | null
}

export function evaluate(query: EvaluationQuery): Promise<{ rows: EvaluationRow[]; total: EvaluationRow }> {
  return call(`/evaluation?${search(query)}`)
}

export function casesBehind(
  query: EvaluationQuery,
  figure: Figure,
  cursor: string | null,
): Promise<{ rows: EvaluationCase[]; nextCursor: string | null }> {
  const page = cursor === null ? '' : `&${new URLSearchParams({ cursor })}`
  return call(`/evaluation/cases?${search(query, figure)}${page}`)
}

/** Where the browser gets the file; the look of it is the server's. */
export function exportAddress(query: EvaluationQuery, format: 'csv' | 'xlsx', figure?: Figure): string {
  const what = figure ? '/cases' : ''
  return `/api/desk/evaluation${what}/export?${search(query, figure)}&format=${format}&locale=${currentLocale()}`
}

function search({ department, ...query }: EvaluationQuery, figure?: Figure): string {
  const { measure, part, exclusion, row, isTotal } = figure ?? {}
  return new URLSearchParams({
    ...query,
    ...(department ? { department } : {}),
    ...(measure ? { measure } : {}),
    ...(measure && part ? { part } : {}),
    ...(exclusion ? { exclusion } : {}),
    ...(row && !isTotal ? { key: row.key ?? '' } : {}),
  }).toString()
}
