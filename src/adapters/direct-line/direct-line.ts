import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addActivityRoutes } from './activity-routes.ts'
import { addConversationRoutes } from './conversation-routes.ts'
import { PREFIX } from './conversations.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { StreamHub } from './stream-hub.ts'
import { addStreamRoute } from './stream-route.ts'
import { addUploadRoutes, MAX_FILE_BYTES, MAX_FILES } from './upload-routes.ts'
import { addWebChatBroker } from './web-chat-broker.ts'

/**
 * Direct Line 3.0 under `/v3/directline` and the broker of our own page. Needs `@fastify/websocket` on the server.
 * Errors are thrown; the server's error handler answers them.
 */
export async function directLine(app: FastifyInstance, options: DirectLineOptions): Promise<void> {
  const hub = new StreamHub(options.bus, error => app.log.warn({ err: error }, 'a stream could not be read'))
  app.addHook('preClose', () => hub.close())

  await app.register(async scope => {
    scope.addHook('onSend', async (_request, reply, payload) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
      return payload
    })
    addWebChatBroker(scope, options)
  })

  await app.register(
    async scope => {
      addDescription(scope)
      addCors(scope)
      addErrorCodes(scope)
      addBodies(scope)
      await scope.register(fastifyMultipart, {
        limits: {
          fileSize: MAX_FILE_BYTES,
          files: MAX_FILES + 1,
          fields: 10,
          fieldSize: 256 * 1024,
          parts: 20,
        },
      })
      addConversationRoutes(scope, options)
      addActivityRoutes(scope, options, hub)
      addUploadRoutes(scope, options, hub)
      addStreamRoute(scope, options, hub)
    },
    { prefix: PREFIX },
  )
}

/** Where its routes stand in the description of the interface, and what they need. */
function addDescription(scope: FastifyInstance): void {
  scope.addHook('onRoute', route => {
    if (route.schema) Object.assign(route.schema, { tags: ['direct-line'], security: [{ bearer: [] }] })
  })
}

/** Bearer only, so any page may call; what a token may do there is checked with the token. */
function addCors(scope: FastifyInstance): void {
  const allow = (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('access-control-allow-origin', request.headers.origin ?? '*')
    reply.header('access-control-expose-headers', 'retry-after')
    reply.header('cross-origin-resource-policy', 'cross-origin')
    reply.header('vary', 'origin')
    if (request.url.startsWith(`${PREFIX}/session/`)) reply.header('access-control-allow-credentials', 'true')
  }
  scope.addHook('onRequest', async (request, reply) => {
    allow(request, reply)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  scope.options('/*', { schema: { hide: true } }, (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
        'access-control-max-age': '86400',
      })
      .code(204)
      .send(),
  )
}

/** Clients of the protocol look for this very word, and for 502 when the bot behind it broke. */
function addErrorCodes(scope: FastifyInstance): void {
  scope.addHook('preSerialization', async (_request, reply, payload) => {
    const error = (payload as { error?: { code?: string } } | null)?.error
    if (error?.code === 'token-expired') error.code = 'TokenExpired'
    if (error?.code === 'internal') reply.code(502)
    return payload
  })
}

/** Bodies besides JSON: an activity under its own media type, a bare file. */
function addBodies(scope: FastifyInstance): void {
  const asJson = scope.getDefaultJsonParser('remove', 'remove')
  scope.addContentTypeParser('application/vnd.microsoft.activity', { parseAs: 'string' }, asJson)
  scope.addContentTypeParser(
    /^(?:image|video|audio)\/|^application\/(?:pdf|octet-stream)/,
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  scope.removeContentTypeParser('application/json')
  // A refresh has no body, but some clients send the header all the same.
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    asJson(request, body as string, done)
  })
}
