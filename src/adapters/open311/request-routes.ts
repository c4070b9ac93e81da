import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { findClient } from './find-client.ts'
import type { Open311Options } from './open311-options.ts'
import type { Fields } from './read-fields.ts'
import { readQuery } from './read-query.ts'
import { addRead } from './read-route.ts'
import { readSubmission } from './read-submission.ts'
import { checkJurisdiction, postedFields, queriedFields } from './request-fields.ts'
import { localeOf } from './request-locale.ts'
import { answer, FORMATS, withoutFormat } from './wire-format.ts'
import { filedTree, requestTree, updateTree } from './wire-shapes.ts'

/** Filing, reading and following requests. */
export function addRequestRoutes(scope: FastifyInstance, options: Open311Options): void {
  for (const ending of ['', ...FORMATS.map(format => `.${format}`)])
    scope.post(
      `/requests${ending}`,
      { schema: ending ? { summary: 'File a request' } : { hide: true } },
      (request, reply) => file(request, reply, options),
    )
  addRead(scope, '/requests', 'Requests, newest first', (request, reply) => list(request, reply, options))
  addRead(scope, '/servicerequestupdates', 'What happened to requests, in order of time', (request, reply) =>
    listUpdates(request, reply, options),
  )
  scope.get('/requests/:id', { schema: { summary: 'One request' } }, (request, reply) =>
    show(request as ById, reply, options),
  )
  scope.get(
    '/tokens/:id',
    { schema: { summary: 'The number of a request by its token' } },
    (request, reply) => resolveToken(request as ById, reply, options),
  )
}

type ById = FastifyRequest<{ Params: { id: string } }>

async function file(request: FastifyRequest, reply: FastifyReply, options: Open311Options) {
  const fields = await postedFields(request)
  const client = await clientOf(fields, request, options)
  if (client === null) throw new AppError('api-key-invalid')
  checkJurisdiction(fields, options)
  await options.limit('open311-file-by-client', client)
  const locale = localeOf(request, options)
  const submission = readSubmission(fields, client, code => options.line.attributes(code, locale))
  const filed = await options.line.file(submission, locale)
  const wantsToken = fields.named.get('token')?.[0] === 'true'
  return answer(request, reply, 'service_requests', [filedTree(filed, submission.account, wantsToken)])
}

async function list(request: FastifyRequest, reply: FastifyReply, options: Open311Options) {
  const fields = queriedFields(request)
  checkJurisdiction(fields, options)
  await options.limit('open311-list-by-address', request.ip)
  const requests = await options.line.list(readQuery(fields), localeOf(request, options))
  const isExtended = wantsExtensions(fields)
  const tree = requests.map(each => requestTree(each, isExtended))
  return answer(request, reply, 'service_requests', tree)
}

async function show(request: ById, reply: FastifyReply, options: Open311Options) {
  const fields = queriedFields(request)
  checkJurisdiction(fields, options)
  const viewer = {
    client: await clientOf(fields, request, options),
    locale: localeOf(request, options),
  }
  const shown = await options.line.show(withoutFormat(request.params.id), viewer)
  return answer(request, reply, 'service_requests', [requestTree(shown, wantsExtensions(fields))])
}

async function listUpdates(request: FastifyRequest, reply: FastifyReply, options: Open311Options) {
  const fields = queriedFields(request)
  checkJurisdiction(fields, options)
  await options.limit('open311-list-by-address', request.ip)
  const updates = await options.line.updates(readQuery(fields), localeOf(request, options))
  return answer(request, reply, 'service_request_updates', updates.map(updateTree))
}

async function resolveToken(request: ById, reply: FastifyReply, options: Open311Options) {
  checkJurisdiction(queriedFields(request), options)
  const token = withoutFormat(request.params.id)
  const id = await options.line.resolveToken(token)
  return answer(request, reply, 'service_requests', [{ service_request_id: id, token }])
}

function wantsExtensions({ named }: Fields): boolean {
  return named.get('extensions')?.[0] === 'true'
}

/**
 * Whose key it is; null without one.
 * @throws AppError `api-key-invalid` for a wrong one, `rate-limited` for many
 */
async function clientOf(
  { named }: Fields,
  request: FastifyRequest,
  { clients, limit }: Open311Options,
): Promise<string | null> {
  const [key] = named.get('api_key') ?? []
  if (key === undefined) return null
  const client = findClient(key, clients)
  if (client !== null) return client
  await limit('open311-wrong-key-by-address', request.ip)
  throw new AppError('api-key-invalid')
}
