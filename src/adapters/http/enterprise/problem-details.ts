import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AppError, type ErrorCode } from '../../../kernel/errors.ts'
import type { Locale } from '../../../language/understanding.ts'
import type { FieldProblem } from '../../../usecases/refuse-field.ts'
import { toRefusal } from '../error-handler.ts'
import type { RequestProblem } from '../whole-text.ts'
import { baseUrl, type EnterpriseParts, localeOf } from './enterprise-parts.ts'
import { type FieldError, fieldErrors, PLACES, WRONG } from './field-errors.ts'

const TYPE = 'application/problem+json; charset=utf-8'

/** Refusals that are said here in words of their own: a program is told, not a person in a chat. */
export const PROBLEMS = {
  'body-invalid': 400,
  'application-incomplete': 400,
  'application-not-online': 400,
  'application-stopped': 400,
  'idempotency-key-invalid': 400,
  'upload-refused': 400,
  'webhook-address-refused': 400,
  'webhook-host-unknown': 400,
  'token-missing': 401,
  'token-invalid': 401,
  'scope-missing': 403,
  'route-not-found': 404,
  'case-not-found': 404,
  'guide-not-found': 404,
  'webhook-not-found': 404,
  'action-not-now': 409,
  'external-id-taken': 409,
  'version-conflict': 409,
  'webhook-exists': 409,
  'webhooks-exhausted': 409,
  'message-too-long': 413,
  'media-type-unsupported': 415,
  'idempotency-mismatch': 422,
  'rate-limited': 429,
  internal: 500,
  'store-unavailable': 503,
  'shutting-down': 503,
} as const
export type ProblemCode = keyof typeof PROBLEMS

const TITLED: ReadonlySet<number> = new Set(Object.values(PROBLEMS))

/** RFC 9457, with the code that programs decide by and, where fields are wrong, each of them. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Address of what is written about this kind of problem' }),
    title: z.string(),
    status: z.int(),
    detail: z
      .string()
      .meta({ description: 'What is wrong, for people, in the language of `Accept-Language`' }),
    instance: z.string().meta({ description: 'This answer; name it when you ask us' }),
    code: z.string().meta({ description: 'What programs decide by' }),
    errors: z
      .array(
        z.object({
          in: z.enum(PLACES),
          field: z.string().meta({ description: 'e.g. `contact.phone`' }),
          code: z.enum(WRONG),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' })
type Problem = z.output<typeof problemSchema>

/** Every refusal of a scope as a problem, and the same for addresses that are nothing. A scope of its own prefix only. */
export function addProblemDetails(scope: FastifyInstance, parts: EnterpriseParts): void {
  scope.setErrorHandler((error: FastifyError | AppError | Error, request, reply) =>
    answerProblem(error, request, reply, parts),
  )
  scope.setNotFoundHandler((request, reply) =>
    answerProblem(new AppError('route-not-found'), request, reply, parts),
  )
}

/** Answers an error as a problem; what nobody foresaw is logged and a 500. */
export function answerProblem(
  error: FastifyError | AppError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: EnterpriseParts,
): FastifyReply {
  const refusal = toRefusal(error)
  if (!refusal) request.log.error({ err: error }, 'unforeseen error')
  const status = refusal?.status ?? 500
  const code = codeOf(refusal)
  parts.onRefusal(code, status)
  const { retryAfterSeconds } = refusal?.error.details ?? {}
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds))
  if (status === 503) reply.header('retry-after', '2')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="enterprise"')
  const problem = problemOf(request, { code, status, refusal: refusal?.error ?? null, error }, parts)
  return reply.code(status).type(TYPE).serializer(JSON.stringify).send(problem)
}

function codeOf(refusal: ReturnType<typeof toRefusal>): ErrorCode | ProblemCode {
  if (!refusal) return 'internal'
  return refusal.status === 415 ? 'media-type-unsupported' : refusal.error.code
}

function problemOf(
  request: FastifyRequest,
  told: { code: ErrorCode | ProblemCode; status: number; refusal: AppError | null; error: unknown },
  parts: EnterpriseParts,
): Problem {
  const { code, status, refusal } = told
  const locale = localeOf(request)
  const errors = errorsOf(request, told, (key, params) => parts.texts(locale, key, params))
  return {
    type: `${baseUrl(request, parts)}/developers#${code}`,
    title: parts.texts(locale, `enterprise.title.${TITLED.has(status) ? status : 400}`),
    status,
    detail: parts.texts(locale, keyOf(code), { ...refusal?.details }),
    instance: `urn:uuid:${request.id}`,
    code,
    ...(errors.length > 0 ? { errors } : {}),
  }
}

function keyOf(code: ErrorCode | ProblemCode): string {
  return code in PROBLEMS ? `enterprise.problem.${code}` : `error.${code}`
}

/** What a use case refuses of a body, and what the whole server refuses in texts before any schema looks. */
function toldOf(problem: FieldProblem | RequestProblem): FieldError {
  if ('because' in problem)
    return { in: 'body', field: problem.field, code: problem.because === 'outside' ? 'outside' : 'unknown' }
  const field = problem.path.split('/').filter(Boolean).join('.') || problem.in
  return { in: problem.in, field, code: 'malformed' }
}

type Say = (key: string, params: Record<string, unknown>) => string

function errorsOf(
  request: FastifyRequest,
  { refusal, error }: { refusal: AppError | null; error: unknown },
  say: Say,
): NonNullable<Problem['errors']> {
  const wrong: FieldError[] = hasZodFastifySchemaValidationErrors(error)
    ? fieldErrors(error, request)
    : ((refusal?.details.problems ?? []) as (FieldProblem | RequestProblem)[]).map(toldOf)
  if (typeof refusal?.details.cursor === 'string')
    wrong.push({ in: 'query', field: 'cursor', code: 'malformed' })
  if (refusal?.code === 'idempotency-key-invalid')
    wrong.push({ in: 'header', field: 'Idempotency-Key', code: 'malformed' })
  return wrong.map(each => ({ ...each, detail: say(`enterprise.field.${each.code}`, { field: each.field }) }))
}

/** What a problem of a kind looks like, for the description. */
export function sampleProblem(code: ProblemCode, texts: EnterpriseParts['texts'], locale: Locale): Problem {
  const params = { scope: 'cases:write', allowed: 20, id: '0198…' }
  const isField = code === 'body-invalid'
  const errors = [
    {
      in: 'body' as const,
      field: 'words',
      code: 'missing' as const,
      detail: texts(locale, 'enterprise.field.missing', { field: 'words' }),
    },
  ]
  return {
    type: `https://12345.example.cn/developers#${code}`,
    title: texts(locale, `enterprise.title.${PROBLEMS[code]}`),
    status: PROBLEMS[code],
    detail: texts(locale, `enterprise.problem.${code}`, params),
    instance: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e',
    code,
    ...(isField ? { errors } : {}),
  }
}
