import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { REQUEST_TYPES } from '../../cases/case-inputs.ts'
import { EXCLUSIONS, MEASURES } from '../../followup/three-rates.ts'
import { LOCALES, type Locale } from '../../language/understanding.ts'
import {
  type Evaluation,
  type EvaluationRequest,
  type EvaluationRow,
  meanHops,
  rateOf,
} from '../../usecases/evaluate-period.ts'
import type { EvaluationCase, FigureRequest } from '../../usecases/evaluation-cases.ts'
import type { Export } from '../../usecases/export-ports.ts'
import { type Account, type Figure, SCORE_GROUPS } from '../../usecases/ports.ts'
import { EXPORT_FORMATS, type ExportedTable, type ExportFormat } from '../../usecases/take-out.ts'
import { type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'
import { sendTable } from './table-file.ts'

export interface EvaluationParts {
  evaluate(account: Account, request: EvaluationRequest, locale: Locale): Promise<Evaluation>
  cases(
    account: Account,
    request: FigureRequest,
    page: { limit: number; cursor: string | null },
    locale: Locale,
  ): Promise<{ rows: EvaluationCase[]; nextCursor: string | null }>
  exportFigures(account: Account, request: EvaluationRequest, as: ExportAs): Promise<ExportedTable>
  exportCases(account: Account, request: FigureRequest, as: ExportAs): Promise<ExportedTable>
  exports(account: Account): Promise<(Export & { login: string; displayName: string })[]>
}

interface ExportAs {
  format: ExportFormat
  locale: Locale
}

const short = z.string().min(1).max(100)
const dated = z.string().meta({ format: 'date-time' })

const period = {
  from: z.iso.date().meta({ description: 'First local day' }),
  to: z.iso.date().meta({ description: 'Last local day' }),
  by: z.enum(['filed', 'concluded']).default('filed').meta({ description: 'Which day counts' }),
  group: z.enum(SCORE_GROUPS).default('department'),
  department: short.optional(),
  subject: short.optional().meta({ description: 'A subject and what is below it' }),
  street: short.optional(),
  channel: short.optional(),
  type: z.enum(REQUEST_TYPES).optional(),
}
const figure = {
  measure: z.enum(MEASURES).optional(),
  part: z.enum(['counted', 'met', 'missed']).default('counted'),
  exclusion: z.enum(EXCLUSIONS).optional().meta({ description: 'Instead of a measure' }),
  key: z.string().max(100).optional().meta({
    description: 'The group; empty: the cases that have none; not given: all groups',
  }),
}
const taken = { format: z.enum(EXPORT_FORMATS).default('csv'), locale: z.enum(LOCALES).optional() }

const isForwards = ({ from, to }: { from: string; to: string }) => from <= to
const isOneFigure = ({ measure, exclusion }: { measure?: unknown; exclusion?: unknown }) =>
  (measure === undefined) !== (exclusion === undefined)
const backwards = { path: ['to'], error: 'before `from`' }
const oneFigure = { path: ['measure'], error: 'either `measure` or `exclusion`' }

const evaluationQuery = z.object(period).refine(isForwards, backwards)
const exportQuery = z.object({ ...period, ...taken }).refine(isForwards, backwards)
const casesQuery = z
  .object({
    ...period,
    ...figure,
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(500).optional(),
  })
  .refine(isForwards, backwards)
  .refine(isOneFigure, oneFigure)
const casesExportQuery = z
  .object({ ...period, ...figure, ...taken })
  .refine(isForwards, backwards)
  .refine(isOneFigure, oneFigure)

const measured = z.object({
  counted: z.number().meta({ description: 'Cases that count' }),
  met: z.number(),
  rate: z.number().nullable().meta({ description: 'met / counted; null when none counts' }),
})
const rowSchema = z
  .object({
    key: z.string().nullable(),
    name: z.string(),
    measures: z.record(z.enum(MEASURES), measured),
    exclusions: z.record(z.enum(EXCLUSIONS), z.number()),
    hops: z.number().nullable().meta({ description: 'Dispatches a dispatched case, on average' }),
  })
  .meta({ id: 'EvaluationRow' })
const caseSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    filedAt: dated,
    stateName: z.string(),
    subjectName: z.string().nullable(),
    departmentName: z.string(),
    summary: z.string().nullable().meta({ description: 'Null of confidential cases' }),
    exclusion: z
      .object({
        because: z.enum(EXCLUSIONS),
        seq: z.number(),
        name: z.string(),
        eventName: z.string(),
        at: dated,
        reason: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'EvaluationCase' })
const exportSchema = z
  .object({
    id: z.string(),
    login: z.string(),
    displayName: z.string(),
    format: z.string(),
    request: z.looseObject({}),
    rows: z.number(),
    at: dated,
  })
  .meta({ id: 'Export' })

/** The evaluation: numbers, the cases behind each of them, and both as files that say who took them. */
export function evaluationRoutes(parts: EvaluationParts): DeskRoutes {
  return scope => {
    addFigureRoutes(scope, parts)
    addExportRoutes(scope, parts)
  }
}

function addFigureRoutes(scope: DeskScope, parts: EvaluationParts): void {
  const app = typedApp(scope)
  app.get(
    '/evaluation',
    {
      schema: {
        tags,
        summary: 'Evaluation of a period: three rates and more, by group',
        description: 'Departments see their own. What each measure counts: `src/followup/three-rates.ts`',
        querystring: evaluationQuery,
        response: { 200: z.object({ rows: z.array(rowSchema), total: rowSchema }), '4xx': errorBody },
      },
    },
    async request => {
      const account = await scope.account(request)
      const { rows, total } = await parts.evaluate(account, request.query, localeOf(request))
      return { rows: rows.map(presentRow), total: presentRow(total) }
    },
  )
  app.get(
    '/evaluation/cases',
    {
      schema: {
        tags,
        summary: 'The cases behind one number of the evaluation',
        querystring: casesQuery,
        response: {
          200: z.object({ rows: z.array(caseSchema), nextCursor: z.string().nullable() }),
          '4xx': errorBody,
        },
      },
    },
    async request => {
      const account = await scope.account(request)
      const { limit, cursor = null, ...query } = request.query
      const page = { limit, cursor }
      const found = await parts.cases(account, figureRequest(query), page, localeOf(request))
      return { rows: found.rows.map(presentCase), nextCursor: found.nextCursor }
    },
  )
}

function addExportRoutes(scope: DeskScope, parts: EvaluationParts): void {
  const app = typedApp(scope)
  const produces = { 200: z.any().meta({ description: 'The file' }), '4xx': errorBody }
  app.get(
    '/evaluation/export',
    {
      schema: {
        tags,
        summary: 'The evaluation as CSV or XLSX; recorded and marked with who took it',
        querystring: exportQuery,
        response: produces,
      },
    },
    async (request, reply) => {
      const { format, locale = localeOf(request), ...query } = request.query
      const account = await scope.account(request)
      return sendTable(reply, await parts.exportFigures(account, query, { format, locale }), format)
    },
  )
  app.get(
    '/evaluation/cases/export',
    {
      schema: {
        tags,
        summary: 'The cases behind one number as CSV or XLSX; recorded and marked with who took it',
        querystring: casesExportQuery,
        response: produces,
      },
    },
    async (request, reply) => {
      const { format, locale = localeOf(request), ...query } = request.query
      const account = await scope.account(request)
      const table = await parts.exportCases(account, figureRequest(query), { format, locale })
      return sendTable(reply, table, format)
    },
  )
  app.get(
    '/evaluation/exports',
    {
      schema: {
        tags,
        summary: 'Who took what out, the newest first',
        response: { 200: z.object({ rows: z.array(exportSchema) }), '4xx': errorBody },
      },
    },
    async request => {
      const rows = await parts.exports(await scope.account(request))
      return { rows: rows.map(row => ({ ...row, request: { ...row.request }, at: row.at.toISOString() })) }
    },
  )
}

type FigureQuery = EvaluationRequest & {
  measure?: (typeof MEASURES)[number] | undefined
  part: 'counted' | 'met' | 'missed'
  exclusion?: (typeof EXCLUSIONS)[number] | undefined
  key?: string | undefined
}

function figureRequest({ measure, part, exclusion, key, ...request }: FigureQuery): FigureRequest {
  const asked: Figure = exclusion === undefined ? { measure: measure!, part } : { exclusion }
  return { ...request, figure: asked, ...(key === undefined ? {} : { key: key === '' ? null : key }) }
}

function presentRow(row: EvaluationRow): z.output<typeof rowSchema> {
  const measures = MEASURES.map(measure => {
    const { counted, met } = row.measures[measure] ?? { counted: 0, met: 0 }
    return [measure, { counted, met, rate: rateOf(row, measure) }] as const
  })
  const exclusions = EXCLUSIONS.map(because => [because, row.exclusions[because] ?? 0] as const)
  return {
    key: row.key,
    name: row.name,
    measures: Object.fromEntries(measures) as z.output<typeof rowSchema>['measures'],
    exclusions: Object.fromEntries(exclusions) as z.output<typeof rowSchema>['exclusions'],
    hops: meanHops(row),
  }
}

function presentCase({ exclusion, ...row }: EvaluationCase): z.output<typeof caseSchema> {
  return {
    ...row,
    filedAt: row.filedAt.toISOString(),
    exclusion: exclusion && { ...exclusion, at: exclusion.at.toISOString() },
  }
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}
