import { z } from 'zod'
import type { Locale } from '../../language/understanding.ts'
import { FAILURES } from '../../usecases/delivery-failure.ts'
import type { ListedDeadLetter } from '../../usecases/mend-deliveries.ts'
import type { Account } from '../../usecases/ports.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { localeOfHeader } from './match-locale.ts'

export interface DeadLetterParts {
  list(account: Account, locale: Locale): Promise<ListedDeadLetter[]>
  mend(account: Account, mending: { id: string; does: 'replay' | 'discard' }): Promise<void>
}

const letterSchema = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: 'The queue that it comes from' }),
    caseId: z.string(),
    seq: z.number(),
    event: z.string(),
    failedAt: z.string().meta({ format: 'date-time' }),
    error: z.string().meta({ description: 'As it was thrown; for people `failure` is said in words' }),
    failure: z.object({
      why: z.enum(FAILURES),
      answered: z.string().nullable().meta({ description: 'With what status or code' }),
    }),
    receiver: z
      .object({
        kind: z.enum(['department', 'enterprise']),
        name: z.string(),
        host: z.string().meta({ description: 'Of its address, which may hold a secret' }),
      })
      .nullable()
      .meta({ description: 'Whose system it was for; null for what goes to none, or to none any more' }),
  })
  .meta({ id: 'DeadLetter' })

const letterId = z.object({ id: z.uuid() })

/** What could not be delivered after all its tries: to look at, to try again, to give up. Administrators only. */
export function deadLetterRoutes(parts: DeadLetterParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/dead-letters',
      {
        schema: {
          tags,
          summary: 'What could not be delivered, the oldest first',
          response: { 200: z.object({ rows: z.array(letterSchema) }), '4xx': errorBody },
        },
      },
      async request => {
        const locale = localeOfHeader(request.headers['accept-language'])
        const letters = await parts.list(await scope.account(request), locale)
        return {
          rows: letters.map(({ id, name, data, failedAt, error, failure, receiver }) => ({
            id,
            name,
            caseId: data.caseId,
            seq: data.seq,
            event: data.event,
            failedAt: failedAt.toISOString(),
            error,
            failure,
            receiver,
          })),
        }
      },
    )
    for (const does of ['replay', 'discard'] as const) {
      app.post(
        `/dead-letters/:id/${does}`,
        {
          onRequest: scope.csrfProtection,
          schema: {
            tags,
            summary: does === 'replay' ? 'Try it again, with all its tries' : 'Give it up for good',
            params: letterId,
            response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
          },
        },
        async request => {
          const { id } = request.params
          await parts.mend(await scope.account(request), { id, does })
          return { id }
        },
      )
    }
  }
}
