import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode, statusOfKind } from '../../kernel/errors.ts'
import { type FieldProblem, refuseFields } from '../../usecases/refuse-field.ts'
import type { Open311Options } from './open311-options.ts'
import { localeOf } from './request-locale.ts'
import { answer, formatOf, MEDIA_TYPE, write } from './wire-format.ts'

/** Every refusal as the protocol's list of code and description, in the format that was asked for. */
export function addErrorAnswers(scope: FastifyInstance, options: Open311Options): void {
  scope.setErrorHandler((error: FastifyError | AppError | Error, request, reply) => {
    const refusal = refusalOf(error)
    if (!refusal) request.log.error({ err: error }, 'unforeseen error')
    return refuse(request, reply, refusal, options)
  })
}

/** The same for addresses that are nothing. A scope of its own prefix only: the root has one already. */
export function addUnknownAnswers(scope: FastifyInstance, options: Open311Options): void {
  scope.setNotFoundHandler((request, reply) =>
    refuse(request, reply, new AppError('route-not-found'), options),
  )
}

/** The same list for a request that could not even be read, in the format that its address ends with. */
export function writeUnread(
  url: string,
  { status, code }: { status: number; code: ErrorCode },
  { texts }: Pick<Open311Options, 'texts'>,
): { type: string; body: string } {
  const format = formatOf({ url, headers: {} })
  const tree = [{ code: status, description: texts('zh-Hans', `error.${code}`) }]
  return { type: MEDIA_TYPE[format], body: write(format, 'errors', tree) }
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: AppError | null,
  options: Open311Options,
): FastifyReply {
  const status = refusal ? statusOfKind[refusal.kind] : 500
  options.onRefusal?.(refusal?.code ?? 'internal', status)
  const { retryAfterSeconds } = refusal?.details ?? {}
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds))
  if (status === 503) reply.header('retry-after', '2')
  const tree = descriptionsOf(refusal, request, options).map(description => ({ code: status, description }))
  return answer(request, reply.code(status), 'errors', tree)
}

function descriptionsOf(
  refusal: AppError | null,
  request: FastifyRequest,
  options: Open311Options,
): string[] {
  const locale = localeOf(request, options)
  if (!refusal) return [options.texts(locale, 'error.internal', { id: request.id })]
  const problems = refusal.details.problems as FieldProblem[] | undefined
  if (!problems) return [options.texts(locale, `error.${refusal.code}`, refusal.details)]
  return problems.map(({ field, because }) => options.texts(locale, `open311.error.${because}`, { field }))
}

/** The refusal in an error; null when it is a bug. The protocol has one status for whatever cannot be read. */
function refusalOf(error: FastifyError | AppError | Error): AppError | null {
  if (error instanceof AppError) return error
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === undefined || status < 400 || status >= 500) return null
  const because = status === 413 ? 'too-large' : status === 415 ? 'unsupported' : 'malformed'
  return refuseFields([{ field: 'body', because }])
}
