import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Account } from '../../usecases/ports.ts'
import type { DeskSessions } from './desk-session.ts'

/** `/api/desk`, as the files of its routes see it. */
export interface DeskScope {
  app: FastifyInstance
  /** Who is at the desk, or whose key it is. @throws AppError as `DeskSessions.account` */
  account(request: FastifyRequest): Promise<Account>
  /** Sessions of people: their own, those that have begun, and those that an issuer opens. */
  sessions: DeskSessions
  /** A person's own session. @throws AppError as `DeskSessions.session` */
  session: DeskSessions['session']
  /** Goes before every route that changes something. */
  csrfProtection(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void
  /** Ends what is kept open, before closing waits for the answers that run. */
  onClosing(end: () => void): void
}

/** A file of routes with its use cases bound. */
export type DeskRoutes = (scope: DeskScope) => void

export const tags = ['desk']
export const byId = z.object({ id: z.string().min(1).max(120) })

/** The scope's app with types from schemas. */
export function typedApp({ app }: DeskScope) {
  return app.withTypeProvider<ZodTypeProvider>()
}
