import { z } from 'zod'
import { SUPERVISION_LEVELS } from '../../cases/case-inputs.ts'
import { LOCALES } from '../../language/understanding.ts'
import { OVERVIEW_PARTS } from '../../usecases/export-overview.ts'
import { TODAY } from '../../usecases/supervise-today.ts'
import { EXPORT_FORMATS } from '../../usecases/take-out.ts'
import { caseRowSchema, short } from './desk-schemas.ts'

const dated = z.string().meta({ format: 'date-time' })
const point = z.tuple([z.number(), z.number()])
const filter = z
  .record(z.string(), z.string())
  .meta({ description: 'The query of `GET /api/desk/cases` that lists what the number counts' })

export const overviewQuery = z.object({
  department: short.optional().meta({ description: 'Of this department only; handlers see their own' }),
})

const period = {
  from: z.iso.date().meta({ description: 'First local day of filing' }),
  to: z.iso.date().meta({ description: 'Last local day' }),
  step: z.enum(['month', 'week']).default('month'),
}
const isForwards = ({ from, to }: { from: string; to: string }) => from <= to
const backwards = { path: ['to'], error: 'before `from`' }

export const ratesQuery = z.object({ ...overviewQuery.shape, ...period }).refine(isForwards, backwards)
export const overviewExportQuery = z
  .object({
    ...overviewQuery.shape,
    ...period,
    part: z.enum(OVERVIEW_PARTS),
    format: z.enum(EXPORT_FORMATS).default('csv'),
    locale: z.enum(LOCALES).optional(),
  })
  .refine(isForwards, backwards)

export const todaySchema = z
  .object({
    at: dated,
    numbers: z.array(z.object({ name: z.enum(TODAY), count: z.number(), filter })),
  })
  .meta({ id: 'Today' })

const counts = { open: z.number(), overdue: z.number(), recent: z.number() }

export const placesSchema = z
  .object({
    since: dated.meta({ description: 'From when on what was told is recent' }),
    streets: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        centre: point,
        outline: z.array(point).nullable(),
        ...counts,
        communities: z.array(z.object({ id: z.string(), name: z.string(), ...counts })),
      }),
    ),
    lines: z.array(z.object({ kind: z.string(), name: z.string(), path: z.array(point) })),
  })
  .meta({ id: 'CaseMap' })

export const issuesSchema = z
  .object({
    since: dated,
    read: z.number().meta({ description: 'Cases that were read' }),
    isAll: z.boolean().meta({ description: 'False: only the newest were read' }),
    issues: z.array(
      z.object({
        title: z.string(),
        place: z.string().nullable(),
        people: z.number(),
        heat: z.number(),
        ids: z.array(z.string()),
        days: z.array(z.number()).meta({ description: 'Cases of each day; the last is today' }),
        change: z.number().meta({ description: 'Last seven days less the seven before' }),
      }),
    ),
  })
  .meta({ id: 'HotIssues' })

export const ratesSchema = z
  .object({
    departments: z.array(z.object({ id: z.string(), name: z.string() })),
    points: z.array(
      z.object({
        department: z.string(),
        from: z.string(),
        measure: z.enum(['contacted', 'resolved', 'satisfied']),
        counted: z.number(),
        met: z.number(),
      }),
    ),
  })
  .meta({ id: 'RatesOverTime' })

const party = z.object({ id: z.string(), name: z.string() })

export const returnsSchema = z
  .object({
    since: dated,
    passes: z.array(
      z.object({
        sender: party,
        receiver: party.nullable().meta({ description: 'Null while nobody has ruled' }),
        cases: z.number(),
        filter,
      }),
    ),
  })
  .meta({ id: 'Returns' })

export const forecastSchema = z
  .object({
    learned: z.number().meta({ description: 'Replies that it learned from' }),
    running: z.number(),
    expected: z.number().meta({ description: 'How many of these will be late' }),
    likeliest: z.array(
      z.object({
        row: caseRowSchema,
        topic: z.string().nullable(),
        share: z.number().meta({ description: 'Of the time to handle, used up' }),
        chance: z.number().meta({ description: 'Of missing it' }),
        basis: z.object({
          group: z.enum(['department-topic', 'department', 'all']),
          reached: z.number().meta({ description: 'Cases of before that were not done either by then' }),
          late: z.number().meta({ description: 'Of these, late' }),
        }),
      }),
    ),
  })
  .meta({ id: 'LateForecasts' })

const level = z.enum(SUPERVISION_LEVELS)

export const ordersSchema = z
  .object({
    numbers: z.array(
      z.object({ level, is: z.enum(['unanswered', 'late', 'answered']), count: z.number(), filter }),
    ),
    orders: z.array(
      z.object({ row: caseRowSchema, level, dueAt: dated.nullable(), isAnswered: z.boolean() }),
    ),
  })
  .meta({ id: 'OpenOrders' })
