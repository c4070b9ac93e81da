import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError } from '../../../kernel/errors.ts'
import { AGAIN_AFTER_SECONDS, CODE_MINUTES, SESSION_MINUTES } from '../../../usecases/prove-phone.ts'
import { errorBody } from '../error-handler.ts'
import { localeOf, type MyCasesParts, PHONE_COOKIE, tags } from './my-cases-parts.ts'

const phone = z.string().min(1).max(30)
const refused = { '4xx': errorBody, '5xx': errorBody }

/** Proving a number: a code by short message opens a session of half an hour behind a cookie that no script can read. */
export function addPhoneRoutes(app: FastifyInstance, parts: MyCasesParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const { phones, limiter } = parts
  const needed = () => {
    if (!phones) throw new AppError('route-not-found')
    return phones
  }

  typed.get(
    '/ways',
    {
      schema: {
        tags,
        summary: 'By which ways cases can be found besides their query codes',
        response: { 200: z.object({ canProvePhone: z.boolean(), isPhoneOpen: z.boolean() }) },
      },
    },
    async request => {
      const session = request.cookies[PHONE_COOKIE]
      const proof = session ? await parts.proofOfSession(session) : null
      return { canProvePhone: phones !== null, isPhoneOpen: proof !== null }
    },
  )

  typed.post(
    '/phone/code',
    {
      schema: {
        tags,
        summary: 'Send a code to a mobile number; the answer is the same whether any case names it or not',
        body: z.object({ phone }),
        response: { 200: z.object({ againAfterSeconds: z.int(), holdsMinutes: z.int() }), ...refused },
      },
    },
    async request => {
      const way = needed()
      const number = way.read(request.body.phone)
      await limiter.take('phone-code-by-address', request.ip)
      await limiter.take('phone-code-by-phone', way.keyOf(number))
      await way.send(number, localeOf(request))
      return { againAfterSeconds: AGAIN_AFTER_SECONDS, holdsMinutes: CODE_MINUTES }
    },
  )

  typed.post(
    '/phone/session',
    {
      schema: {
        tags,
        summary: 'Open the cases of a number by the code that was sent to it',
        body: z.object({ phone, code: z.string().min(1).max(20) }),
        response: { 200: z.object({ until: z.iso.datetime() }), ...refused },
      },
    },
    async (request, reply) => {
      const way = needed()
      await limiter.take('phone-trial-by-address', request.ip)
      const { token, until } = await way.open(way.read(request.body.phone), request.body.code)
      await limiter.giveBack('phone-trial-by-address', request.ip)
      reply.setCookie(PHONE_COOKIE, token, cookieOptions(request))
      return { until: until.toISOString() }
    },
  )

  typed.delete(
    '/phone/session',
    { schema: { tags, summary: 'End it', response: { 204: z.null() } } },
    async (request, reply) => {
      const session = request.cookies[PHONE_COOKIE]
      if (session) await phones?.close(session)
      const { maxAge: _maxAge, ...options } = cookieOptions(request)
      return reply.clearCookie(PHONE_COOKIE, options).code(204).send(null)
    },
  )
}

function cookieOptions(request: FastifyRequest): CookieSerializeOptions {
  return {
    path: '/api/my-cases',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: SESSION_MINUTES * 60,
  }
}
