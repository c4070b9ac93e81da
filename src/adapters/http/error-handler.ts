import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError, type ErrorCode, statusOfKind } from '../../kernel/errors.ts'
import type { Locale } from '../../language/understanding.ts'
import { localeOfHeader } from './match-locale.ts'

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

/** Answers every error as `{error:{code,message}}` in the caller's language; what nobody foresaw is logged and a 500. */
export function addErrorHandler(
  app: FastifyInstance,
  texts: Texts,
  onRefusal: (code: string, status: number) => void,
): void {
  app.setErrorHandler((error: FastifyError | AppError | Error, request, reply) => {
    const refusal = toRefusal(error)
    if (refusal) {
      onRefusal(refusal.error.code, refusal.status)
      return send(reply, request, refusal.status, refusal.error, texts)
    }
    request.log.error({ err: error }, 'unforeseen error')
    onRefusal('internal', 500)
    const message = texts(localeOf(request), 'error.internal', { id: request.id })
    return reply.code(500).send({ error: { code: 'internal', message } })
  })

  app.setNotFoundHandler((request, reply) => {
    onRefusal('route-not-found', 404)
    return send(reply, request, 404, new AppError('route-not-found'), texts)
  })
}

function send(
  reply: FastifyReply,
  request: FastifyRequest,
  status: number,
  { code, details }: AppError,
  texts: Texts,
) {
  const message = texts(localeOf(request), `error.${code}`, details)
  const { retryAfterSeconds } = details
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds))
  if (status === 503) reply.header('retry-after', '2')
  const shown = Object.keys(details).length > 0 ? { details } : {}
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ error: { code, message, ...shown } })
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
