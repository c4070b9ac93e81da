import { z } from 'zod'
import type { Account, Look } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

const lookSchema = z
  .object({
    login: z.string().meta({ description: 'A machine is `key:` and the name of its key' }),
    displayName: z.string(),
    at: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Look' })

/** Who looked at what few may see. Supervisors and administrators only. */
export function lookRoutes(parts: { looks(account: Account, caseId: string): Promise<Look[]> }): DeskRoutes {
  return scope => {
    typedApp(scope).get(
      '/cases/:id/looks',
      {
        schema: {
          tags,
          summary: 'Who opened a confidential case, or asked for the person of a case; newest first',
          params: byId,
          response: { 200: z.object({ rows: z.array(lookSchema) }), '4xx': errorBody },
        },
      },
      async request => {
        const looks = await parts.looks(await scope.account(request), request.params.id)
        return { rows: looks.map(look => ({ ...look, at: look.at.toISOString() })) }
      },
    )
  }
}
