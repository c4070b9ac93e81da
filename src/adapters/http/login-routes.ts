import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { LOGIN_NEEDS } from '../../usecases/log-in.ts'
import * as schemas from './desk-schemas.ts'
import { tags } from './desk-scope.ts'
import { cookieOptions, type DeskSessions } from './desk-session.ts'
import { errorBody } from './error-handler.ts'
import { bearerOf } from './machine-access.ts'

const refused = { '4xx': errorBody }
const session = z.object({
  account: schemas.accountSchema,
  csrfToken: z.string(),
  need: z.enum(LOGIN_NEEDS).nullable().meta({
    description: 'What is still asked before the desk is open: a code, another password, a second factor',
  }),
})

function csrfToken(request: FastifyRequest, reply: FastifyReply): string {
  const { secure = false } = cookieOptions(request)
  return reply.generateCsrf({ path: '/api/desk', httpOnly: true, sameSite: 'strict', secure })
}

/** `/login`, `/me`, `/logout`: a session from its beginning to its end. */
export function addLoginRoutes(scope: FastifyInstance, sessions: DeskSessions): void {
  const typed = scope.withTypeProvider<ZodTypeProvider>()

  typed.post(
    '/login',
    {
      config: { repeats: 'none' },
      schema: {
        tags,
        summary: 'Begin a session',
        body: schemas.loginBody,
        response: { 200: session, ...refused },
      },
    },
    async (request, reply) => {
      const begun = await sessions.open(request.body, { request, reply })
      return { ...begun, csrfToken: csrfToken(request, reply) }
    },
  )

  typed.get(
    '/me',
    {
      schema: {
        tags,
        summary: 'Who I am, and the token for changes',
        response: { 200: session, ...refused },
      },
    },
    async (request, reply) => {
      const isMachine = bearerOf(request) !== null
      const { account, need } = isMachine
        ? { account: await sessions.account(request), need: null }
        : await sessions.begun(request)
      return { account, need, csrfToken: csrfToken(request, reply) }
    },
  )

  typed.post(
    '/logout',
    {
      config: { repeats: 'none' },
      onRequest: scope.csrfProtection,
      schema: { tags, summary: 'End the session', response: { 204: z.null(), ...refused } },
    },
    async (request, reply) => {
      await sessions.close(request, reply)
      return reply.code(204).send(null)
    },
  )
}
