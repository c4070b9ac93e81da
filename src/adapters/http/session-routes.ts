import { z } from 'zod'
import type { Account } from '../../usecases/ports.ts'
import type { StaffSession } from '../../usecases/staff-ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

export interface SessionParts {
  list(account: Account, ownerId: string): Promise<StaffSession[]>
  end(account: Account, ownerId: string, sessionId: string): Promise<void>
  /** @returns how many */
  endOthers(account: Account, keptId: string): Promise<number>
}

const dated = z.string().meta({ format: 'date-time' })
const sessionSchema = z
  .object({
    id: z.string(),
    openedAt: dated,
    idleUntil: dated.meta({ description: 'When it ends if nothing is done at the desk' }),
    until: dated,
    browser: z.string().meta({ description: 'What it said it is' }),
    isThis: z.boolean().meta({ description: 'The one that asks' }),
  })
  .meta({ id: 'StaffSession' })
const ofAccount = z.object({
  account: z.string().min(1).max(120).optional().meta({ description: "Another's: administrators only" }),
})

/** Sessions of people at the desk. Machines have keys and no sessions. */
export function sessionRoutes(parts: SessionParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/sessions',
      {
        schema: {
          tags,
          summary: 'My sessions, newest first',
          querystring: ofAccount,
          response: { 200: z.object({ rows: z.array(sessionSchema) }), '4xx': errorBody },
        },
      },
      async request => {
        const { account, sessionId } = await scope.session(request)
        const sessions = await parts.list(account, request.query.account ?? account.id)
        return { rows: sessions.map(each => present(each, sessionId)) }
      },
    )
    app.delete(
      '/sessions/:id',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'End a session of mine',
          params: byId,
          querystring: ofAccount,
          response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
        },
      },
      async request => {
        const { account } = await scope.session(request)
        await parts.end(account, request.query.account ?? account.id, request.params.id)
        return { id: request.params.id }
      },
    )
    app.delete(
      '/sessions',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'End all my sessions but this',
          response: { 200: z.object({ ended: z.number() }), '4xx': errorBody },
        },
      },
      async request => {
        const { account, sessionId } = await scope.session(request)
        return { ended: await parts.endOthers(account, sessionId) }
      },
    )
  }
}

function present(
  { openedAt, idleUntil, until, ...session }: StaffSession,
  ownId: string,
): z.output<typeof sessionSchema> {
  return {
    ...session,
    openedAt: openedAt.toISOString(),
    idleUntil: idleUntil.toISOString(),
    until: until.toISOString(),
    isThis: session.id === ownId,
  }
}
