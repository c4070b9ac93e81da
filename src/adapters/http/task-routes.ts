import { z } from 'zod'
import type { Locale } from '../../language/understanding.ts'
import { type DeskTask, TASK_KINDS, TASK_STATES, type TaskKind } from '../../usecases/desk-task-ports.ts'
import type { Account } from '../../usecases/ports.ts'
import type { WantedTraining } from '../../usecases/train-at-desk.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'

export interface TaskParts {
  list(account: Account, kind: TaskKind, locale: Locale): Promise<DeskTask[]>
  audit(account: Account, knownAnchor: string | null): Promise<DeskTask>
  train(account: Account, wanted: WantedTraining): Promise<DeskTask>
  cancel(account: Account, id: string): Promise<void>
}

const taskSchema = z
  .object({
    id: z.string(),
    kind: z.enum(TASK_KINDS),
    state: z.enum(TASK_STATES).meta({ description: 'lost: whoever did it was killed' }),
    progress: z.object({ part: z.string(), done: z.number(), of: z.number() }),
    result: z.unknown().meta({ description: 'Of the kind; null while it runs' }),
    by: z.object({ login: z.string(), displayName: z.string() }),
    startedAt: z.date(),
    endedAt: z.date().nullable(),
  })
  .meta({ id: 'DeskTask' })

/** 8 MB of a table, in base64. */
const LONGEST_TABLE = 11_200_000
const TABLE_BYTES = LONGEST_TABLE + 1024

const trainingBody = z
  .object({
    table: z
      .object({
        name: z.string().min(1).max(200).meta({ description: 'With its ending: .csv, .xlsx or .jsonl' }),
        content: z.base64().max(LONGEST_TABLE),
        isUnknownSkipped: z.boolean().default(false),
      })
      .nullable()
      .default(null)
      .meta({ description: 'Columns label and text, perhaps subject' }),
    hasCorrections: z.boolean().default(false),
  })
  .refine(({ table, hasCorrections }) => table !== null || hasCorrections, {
    message: 'nothing to learn from',
  })
  .meta({ id: 'TrainingWanted' })

/** Long work: begun here, followed by the live news, one of a kind at a time over all instances. Administrators only. */
export function taskRoutes(parts: TaskParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    const changing = { onRequest: scope.csrfProtection }
    const begun = { 200: taskSchema, '4xx': errorBody }
    app.get(
      '/line/tasks',
      {
        schema: {
          tags,
          summary: 'Long work of one kind, newest first',
          querystring: z.object({ kind: z.enum(TASK_KINDS) }),
          response: { 200: z.object({ rows: z.array(taskSchema) }), '4xx': errorBody },
        },
      },
      async request => {
        const account = await scope.account(request)
        return {
          rows: await parts.list(
            account,
            request.query.kind,
            localeOfHeader(request.headers['accept-language']),
          ),
        }
      },
    )
    app.post(
      '/line/tasks/:id/cancel',
      {
        ...changing,
        schema: {
          tags,
          summary: 'Stop it, wherever it runs',
          params: byId,
          response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
        },
      },
      async request => {
        await parts.cancel(await scope.account(request), request.params.id)
        return { id: request.params.id }
      },
    )
    app.post(
      '/line/audit',
      {
        ...changing,
        schema: {
          tags,
          summary: 'Verify the chain of every case and of the anchors',
          body: z.object({
            knownAnchor: z
              .string()
              .regex(/^[0-9a-f]{64}$/)
              .nullable()
              .default(null)
              .meta({ description: 'One that was kept elsewhere: it must be among them' }),
          }),
          response: begun,
        },
      },
      async request => parts.audit(await scope.account(request), request.body.knownAnchor),
    )
    app.post(
      '/line/training',
      {
        ...changing,
        bodyLimit: TABLE_BYTES,
        schema: {
          tags,
          summary: 'Learn a history on top of the shipped examples; what comes of it is not served yet',
          body: trainingBody,
          response: begun,
        },
      },
      async request => {
        const { table, hasCorrections } = request.body
        const account = await scope.account(request)
        return parts.train(account, {
          table: table && {
            name: table.name,
            bytes: Buffer.from(table.content, 'base64'),
            isUnknownSkipped: table.isUnknownSkipped,
          },
          hasCorrections,
        })
      },
    )
  }
}
