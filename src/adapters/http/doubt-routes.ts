import { z } from 'zod'
import type { Doubt } from '../../followup/doubtful-closure.ts'
import type { Account } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

const doubtSchema = z
  .discriminatedUnion('because', [
    z.object({ because: z.literal('not-contacted'), seq: z.number(), told: z.string() }),
    z.object({ because: z.literal('not-solved'), seq: z.number() }),
    z.object({
      because: z.literal('repeat'),
      number: z.string(),
      at: z.string().meta({ format: 'date-time' }),
    }),
  ])
  .meta({ id: 'Doubt' })

/** Doubtful closures: what speaks against a reply. */
export function doubtRoutes(parts: {
  doubts(account: Account, caseId: string): Promise<Doubt[]>
}): DeskRoutes {
  return scope => {
    typedApp(scope).get(
      '/cases/:id/doubts',
      {
        schema: {
          tags,
          summary: 'What speaks against the reply of a case; empty: nothing',
          params: byId,
          response: { 200: z.object({ rows: z.array(doubtSchema) }), '4xx': errorBody },
        },
      },
      async request => {
        const doubts = await parts.doubts(await scope.account(request), request.params.id)
        return {
          rows: doubts.map(doubt => ('at' in doubt ? { ...doubt, at: doubt.at.toISOString() } : doubt)),
        }
      },
    )
  }
}
