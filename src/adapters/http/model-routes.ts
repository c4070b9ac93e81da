import { z } from 'zod'
import type { Account } from '../../usecases/ports.ts'
import type { ModelList } from '../../usecases/train-at-desk.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

export interface ModelParts {
  list(account: Account): Promise<ModelList>
  choose(account: Account, version: string | null): Promise<void>
  discard(account: Account, version: string): Promise<void>
}

const score = z.object({ accuracy: z.number(), macroF1: z.number(), ece: z.number() })
const version = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{12}$/)
const modelsSchema = z
  .object({
    versions: z.array(
      z.object({
        version,
        madeAt: z.date(),
        story: z
          .object({
            by: z.string(),
            messages: z.number(),
            heldOut: z.number(),
            before: score,
            after: score,
          })
          .nullable(),
      }),
    ),
    served: version.nullable().meta({ description: 'Since the start of this instance; null: as shipped' }),
    chosen: version.nullable().meta({ description: 'From the next start on' }),
  })
  .meta({ id: 'Models' })

/** Versions of the model of subjects. Administrators only. */
export function modelRoutes(parts: ModelParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/line/models',
      {
        schema: {
          tags,
          summary: 'What was learned from the history, newest first',
          response: { 200: modelsSchema, '4xx': errorBody },
        },
      },
      async request => parts.list(await scope.account(request)),
    )
    app.post(
      '/line/models/chosen',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Serve this version from the next start on; null: subjects as shipped',
          body: z.object({ version: version.nullable() }),
          response: { 200: z.object({ version: version.nullable() }), '4xx': errorBody },
        },
      },
      async request => {
        const { version: wanted } = request.body
        await parts.choose(await scope.account(request), wanted)
        return { version: wanted }
      },
    )
    app.delete(
      '/line/models/:version',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Throw a version away; not the one that is served or chosen',
          params: z.object({ version }),
          response: { 200: z.object({ version }), '4xx': errorBody },
        },
      },
      async request => {
        await parts.discard(await scope.account(request), request.params.version)
        return { version: request.params.version }
      },
    )
  }
}
