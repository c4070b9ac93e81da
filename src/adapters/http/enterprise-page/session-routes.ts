import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isCreditCode } from '../../../kernel/credit-code.ts'
import { AppError, isAppError } from '../../../kernel/errors.ts'
import { type OpenedPage, PAGE_HOURS } from '../../../usecases/open-enterprise-page.ts'
import { AGAIN_AFTER_SECONDS, CODE_MINUTES } from '../../../usecases/prove-phone.ts'
import { errorBody } from '../error-handler.ts'
import { type EnterprisePageParts, localeOf, PAGE_COOKIE, tags } from './enterprise-page-parts.ts'

const phone = z.string().min(1).max(30)
const creditCode = z.string().trim().toUpperCase().refine(isCreditCode, 'no unified social credit code')
const refused = { '4xx': errorBody, '5xx': errorBody }
const opened = z.object({ until: z.iso.datetime() })

/** Opening the page: by a key, or by a code to the number of the enterprise's contact; behind a cookie that no script can read. */
export function addSessionRoutes(app: FastifyInstance, parts: EnterprisePageParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const { limiter } = parts

  typed.get(
    '/ways',
    {
      schema: {
        tags,
        summary: 'By which ways the page opens, and whether it is open',
        response: { 200: z.object({ canProvePhone: z.boolean(), isOpen: z.boolean() }) },
      },
    },
    async request => ({ canProvePhone: parts.phones !== null, isOpen: await isOpen(request, parts) }),
  )

  typed.post(
    '/session',
    {
      schema: {
        tags,
        summary: 'Open the page by a key of the enterprise',
        body: z.object({ key: z.string().trim().min(1).max(200) }),
        response: { 200: opened, ...refused },
      },
    },
    async (request, reply) => {
      try {
        return sendSession(request, reply, await parts.openByKey(request.body.key))
      } catch (error) {
        if (isAppError(error, 'token-invalid')) await limiter.take('wrong-secret-by-address', request.ip)
        throw error
      }
    },
  )

  typed.delete(
    '/session',
    { schema: { tags, summary: 'Close it', response: { 204: z.null() } } },
    async (request, reply) => {
      const token = request.cookies[PAGE_COOKIE]
      if (token) await parts.close(token)
      const { maxAge: _maxAge, ...options } = cookieOptions(request)
      return reply.clearCookie(PAGE_COOKIE, options).code(204).send(null)
    },
  )

  addPhoneRoutes(app, parts)
}

function addPhoneRoutes(app: FastifyInstance, parts: EnterprisePageParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const { limiter, phones } = parts
  const needed = () => {
    if (!phones) throw new AppError('route-not-found')
    return phones
  }

  typed.post(
    '/phone/code',
    {
      schema: {
        tags,
        summary:
          'Send a code to a mobile number; the answer is the same whether an enterprise names it or not',
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
        summary: 'Open the page by the code that was sent to the number of the contact',
        body: z.object({ enterprise: creditCode, phone, code: z.string().min(1).max(20) }),
        response: { 200: opened, ...refused },
      },
    },
    async (request, reply) => {
      const { enterprise, phone: written, code: phoneCode } = request.body
      const number = needed().read(written)
      await limiter.take('phone-trial-by-address', request.ip)
      const session = await parts.openByPhone({ code: enterprise, phone: number, phoneCode })
      await limiter.giveBack('phone-trial-by-address', request.ip)
      return sendSession(request, reply, session)
    },
  )
}

async function isOpen(request: FastifyRequest, parts: EnterprisePageParts): Promise<boolean> {
  try {
    await parts.callerOf(request.cookies[PAGE_COOKIE])
    return true
  } catch (error) {
    if (isAppError(error, 'token-missing')) return false
    throw error
  }
}

function sendSession(request: FastifyRequest, reply: FastifyReply, { token, until }: OpenedPage) {
  reply.setCookie(PAGE_COOKIE, token, cookieOptions(request))
  return { until: until.toISOString() }
}

function cookieOptions(request: FastifyRequest): CookieSerializeOptions {
  return {
    path: '/api/enterprise-page',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: PAGE_HOURS * 3600,
  }
}
