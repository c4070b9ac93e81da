import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { addErrorAnswers, addUnknownAnswers } from './error-answers.ts'
import type { Open311Options } from './open311-options.ts'
import { addRead } from './read-route.ts'
import { addBodies, checkJurisdiction, queriedFields } from './request-fields.ts'
import { localeOf } from './request-locale.ts'
import { addRequestRoutes } from './request-routes.ts'
import { answer, type Format, formatOf, send, withoutFormat, write } from './wire-format.ts'
import { definitionTree, discoveryTree, serviceTree } from './wire-shapes.ts'

export const PREFIX = '/open311/v2'

/** Where clients look for the discovery file: below the prefix, beside it, and at the root. */
const DISCOVERY_FOLDERS = ['', '/open311', PREFIX]

/** Open311 GeoReport v2: services, requests and tokens in XML and JSON, and what others have added to it (pages, updates). */
export async function open311(app: FastifyInstance, options: Open311Options): Promise<void> {
  await app.register(async scope => {
    addManners(scope, options)
    for (const folder of DISCOVERY_FOLDERS)
      addRead(scope, `${folder}/discovery`, 'Discovery', (request, reply) =>
        discover(request, reply, options),
      )
  })
  await app.register(
    async scope => {
      addManners(scope, options)
      addUnknownAnswers(scope, options)
      await addBodies(scope)
      addServiceRoutes(scope, options)
      addRequestRoutes(scope, options)
      scope.options('/*', { schema: { hide: true } }, (_request, reply) =>
        reply
          .headers({
            'access-control-allow-methods': 'GET, POST, OPTIONS',
            'access-control-allow-headers': 'content-type, accept-language',
            'access-control-max-age': '86400',
          })
          .code(204)
          .send(),
      )
    },
    { prefix: PREFIX },
  )
}

/** What holds for every route: anybody's page may read, errors in the protocol's form, one place per caller in the queue. */
function addManners(scope: FastifyInstance, options: Open311Options): void {
  addErrorAnswers(scope, options)
  scope.addHook('onRoute', route => {
    if (route.schema) Object.assign(route.schema, { tags: ['open311'] })
  })
  scope.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-store',
      vary: 'accept, accept-language',
    })
    if (request.method !== 'OPTIONS') await options.limit('open311-read-by-address', request.ip)
  })
}

function discover(request: FastifyRequest, reply: FastifyReply, options: Open311Options): FastifyReply {
  const { publicUrl, line, changedAt } = options
  const base = publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`
  const { contact, keyService } = line.contact(localeOf(request, options))
  const tree = discoveryTree({ changedAt, contact, keyService, url: `${base}${PREFIX}` })
  return answer(request, reply, 'discovery', tree)
}

function addServiceRoutes(scope: FastifyInstance, options: Open311Options): void {
  const { line } = options
  /** The list is long and asked for often. */
  const written = new Map<string, string>()
  const servicesIn = (format: Format, locale: ReturnType<typeof localeOf>) => {
    const key = `${format} ${locale}`
    const known = written.get(key) ?? write(format, 'services', line.services(locale).map(serviceTree))
    written.set(key, known)
    return known
  }

  addRead(scope, '/services', 'What can be filed', (request, reply) => {
    checkJurisdiction(queriedFields(request), options)
    const format = formatOf(request)
    return send(reply, format, servicesIn(format, localeOf(request, options)))
  })

  scope.get(
    '/services/:code',
    { schema: { summary: 'What is asked of whoever files it' } },
    (request: FastifyRequest<{ Params: { code: string } }>, reply) => {
      checkJurisdiction(queriedFields(request), options)
      const code = withoutFormat(request.params.code)
      const attributes = line.attributes(code, localeOf(request, options))
      if (!attributes) throw new AppError('service-not-found')
      return answer(request, reply, 'service_definition', definitionTree(code, attributes))
    },
  )
}
