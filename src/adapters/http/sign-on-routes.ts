import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isAppError } from '../../kernel/errors.ts'
import { SIGN_ON_MINUTES } from '../../usecases/sign-on.ts'
import type { KnownAccount } from '../../usecases/staff-ports.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

/** Login by an issuer; null when there is none. */
export interface SignOnParts {
  /** Address under which people reach us, or null to take it from each request. */
  publicUrl: string | null
  issuer: {
    begin(redirectUri: string): Promise<{ address: string; state: string }>
    finish(callback: URL, state: string | null): Promise<KnownAccount>
  } | null
}

const COOKIE = 'yihao_sign_on'
const CALLBACK = '/api/desk/sign-on/callback'
/** Where the page of the desk tells why it did not work; the code is one of the error catalogue. */
const failed = (code: string) => `/desk#/login/${code}`

/** `/api/desk/sign-on`: to the issuer and back. A browser goes there by itself, so what goes wrong is told on the login page. */
export function signOnRoutes({ issuer, publicUrl }: SignOnParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/sign-on',
      {
        schema: {
          tags,
          summary: 'May people log in by the house that knows them?',
          response: { 200: z.object({ isOn: z.boolean() }), '4xx': errorBody },
        },
      },
      async () => ({ isOn: issuer !== null }),
    )
    if (!issuer) return
    const callbackOf = (request: FastifyRequest) =>
      `${publicUrl ? new URL(publicUrl).origin : `${request.protocol}://${request.host}`}${CALLBACK}`
    const cookie = (request: FastifyRequest) => ({
      path: '/api/desk/sign-on',
      httpOnly: true,
      // Coming back from the issuer is a way from another site.
      sameSite: 'lax' as const,
      secure: request.protocol === 'https',
    })
    app.get(
      '/sign-on/begin',
      { schema: { tags, summary: 'Goes to the issuer (redirect)', response: { '4xx': errorBody } } },
      (request, reply) =>
        orTell(reply, async () => {
          await scope.sessions.knock(request)
          const { address, state } = await issuer.begin(callbackOf(request))
          reply.setCookie(COOKIE, state, { ...cookie(request), maxAge: SIGN_ON_MINUTES * 60 })
          return address
        }),
    )
    app.get(
      '/sign-on/callback',
      {
        schema: {
          tags,
          summary: 'Comes back from the issuer (redirect)',
          // Issuers add parameters of their own.
          querystring: z.record(z.string(), z.unknown()),
          response: { '4xx': errorBody },
        },
      },
      (request, reply) =>
        orTell(reply, async () => {
          const state = request.cookies[COOKIE] ?? null
          reply.clearCookie(COOKIE, cookie(request))
          const callback = new URL(callbackOf(request))
          callback.search = new URL(request.url, callback).search
          const known = await issuer.finish(callback, state)
          await scope.sessions.openFor(known, { request, reply })
          return '/desk'
        }),
    )
  }
}

/** Goes where the work says, or to the login page with why not. */
async function orTell(reply: FastifyReply, work: () => Promise<string>): Promise<void> {
  const address = await work().catch(error => {
    if (isAppError(error)) return failed(error.code)
    throw error
  })
  await reply.redirect(address)
}
