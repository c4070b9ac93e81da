import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError, type ErrorCode, statusOfKind } from '../../kernel/errors.ts'
import type { Locale } from '../../language/understanding.ts'
import { localeOfHeader } from './match-locale.ts'
import { type LineFacts, sendRefusalPage, wantsPage } from './refusal-page.ts'

/** Text of a key in a language. */
export type Texts = (locale: Locale, key: string, params?: Record<string, unknown>) => string

/** Every refusal on the wire, in every interface. */
export const errorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .meta({ id: 'Error' })

/** What Fastify and its plugins refuse by themselves, as ours. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'token-invalid',
  403: 'origin-refused',
  404: 'route-not-found',
  413: 'message-too-long',
  429: 'rate-limited',
  503: 'shutting-down',
}

/**
 * Answers every error as `{error:{code,message}}` in the caller's language; what nobody foresaw is logged and a 500. Where there are
 * pages, `facts` names the line on the page that people get instead.
 * @returns what answers a refusal by itself, for where no handler is asked
 */
export function addErrorHandler(
  app: FastifyInstance,
  texts: Texts,
  onRefusal: (code: string, status: number) => void,
  facts: LineFacts | null = null,
): (request: FastifyRequest, reply: FastifyReply, status: number, error: AppError) => FastifyReply {
  const answer = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, ...error }: { status: number; code: string; message: string; details?: object },
  ) => {
    onRefusal(error.code, status)
    if (facts && wantsPage(request)) {
      const locale = localeOf(request)
      const text = (key: string, params?: Record<string, unknown>) => texts(locale, key, params)
      return sendRefusalPage(reply, { text, facts, locale }, { status, message: error.message })
    }
    return reply.code(status).type('application/json; charset=utf-8').send({ error })
  }
  const refuse = (request: FastifyRequest, reply: FastifyReply, status: number, error: AppError) => {
    const { code, details } = error
    const { retryAfterSeconds } = details
    if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds))
    if (status === 503) reply.header('retry-after', '2')
    const message = texts(localeOf(request), `error.${code}`, details)
    const shown = Object.keys(details).length > 0 ? { details } : {}
    return answer(request, reply, { status, code, message, ...shown })
  }

  app.setErrorHandler((error: FastifyError | AppError | Error, request, reply) => {
    const refusal = toRefusal(error)
    if (refusal) return refuse(request, reply, refusal.status, refusal.error)
    request.log.error({ err: error }, 'unforeseen error')
    const message = texts(localeOf(request), 'error.internal', { id: request.id })
    return answer(request, reply, { status: 500, code: 'internal', message })
  })

  app.setNotFoundHandler((request, reply) => refuse(request, reply, 404, new AppError('route-not-found')))
  return refuse
}

function localeOf(request: FastifyRequest): Locale {
  return localeOfHeader(request.headers['accept-language'])
}

/** The refusal in an error, or null when it is a bug. */
export function toRefusal(
  error: FastifyError | AppError | Error,
): { status: number; error: AppError } | null {
  if (error instanceof AppError) return { status: statusOfKind[error.kind], error }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(({ instancePath, message }) => ({ path: instancePath, message }))
    return { status: 400, error: new AppError('body-invalid', { problems }) }
  }
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === undefined || status < 400 || status >= 500) return null
  return { status, error: new AppError(CODE_OF_STATUS[status] ?? 'body-invalid', {}, { cause: error }) }
}
