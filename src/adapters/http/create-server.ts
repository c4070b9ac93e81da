import { randomUUID } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import fastifySwagger from '@fastify/swagger'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import {
  createJsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { AppError } from '../../kernel/errors.ts'
import { addCityRoutes, type CityFacts, type LookUpCase } from './city-routes.ts'
import { answerClientErrors, type UnreadAnswer } from './client-errors.ts'
import { addDeskRoutes, type DeskParts } from './desk-routes.ts'
import { ENTERPRISE_PREFIX, enterpriseApi } from './enterprise/enterprise-api.ts'
import type { EnterpriseParts } from './enterprise/enterprise-parts.ts'
import { answerProblem } from './enterprise/problem-details.ts'
import { addErrorHandler, type Texts } from './error-handler.ts'
import { finishBeforeClosing, refuseWhileClosing } from './graceful-close.ts'
import { addHealthRoutes, type ReadinessChecks } from './health-routes.ts'
import { takeJsonBodies } from './json-bodies.ts'
import type { Metrics } from './metrics.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { addRequestLog } from './request-log.ts'
import { addWebPages } from './web-pages.ts'
import { refuseBrokenText } from './whole-text.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by the server on routes that upgrade to a socket. */
    isSocket?: boolean
  }
}

/** Largest body unless a route says otherwise, and largest frame of a socket. */
const BODY_LIMIT = 64 * 1024
const MAX_FRAME = 16 * 1024

export interface ServerParts {
  logger: FastifyBaseLogger
  texts: Texts
  metrics: Metrics
  limiter: RateLimiter
  checks: ReadinessChecks
  city: CityFacts
  lookUpCase: LookUpCase
  /** More routes for residents' pages, each file with its use cases bound. */
  routes?: readonly ((app: FastifyInstance) => void)[]
  desk: Omit<DeskParts, 'limiter' | 'publicUrl'>
  /** Left out: there is no enterprise API. */
  enterprise?: Omit<EnterpriseParts, 'limiter' | 'publicUrl' | 'texts' | 'onRefusal'>
  /** Folder of the built pages, e.g. `build/web`. */
  webRoot: string
  /** Address under which people reach us, or null to take it from each request. */
  publicUrl: string | null
  /** Proxies in front whose `X-Forwarded-*` are believed: addresses or networks, all, or none. */
  trustProxy: boolean | string
  /** Channel adapters, each a Fastify plugin with its options bound. */
  channels: readonly ((app: FastifyInstance) => Promise<void>)[]
  /** What some of them answer to requests that could not even be read. */
  unreadAnswers?: readonly UnreadAnswer[]
}

/** Builds the server with everything that speaks HTTP. The caller listens and, at the end, closes. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const enterprise = enterpriseParts(parts)
  const app: FastifyInstance = Fastify({
    loggerInstance: parts.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: parts.trustProxy,
    bodyLimit: BODY_LIMIT,
    return503OnClosing: false,
    // Long enough for a photo from a slow phone, not for a connection that trickles.
    requestTimeout: 120_000,
    // Addresses that cannot be decoded are unknown addresses, and like those they are not logged.
    frameworkErrors: ((error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      enterprise && request.url.startsWith(ENTERPRISE_PREFIX)
        ? answerProblem(error, request, reply, enterprise)
        : refuse(request, reply, 400, new AppError('body-invalid'))) as never,
    // An id of others has a hundred characters, each of which may be escaped.
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerClientErrors(parts.texts, parts.metrics.onRefusal, parts.unreadAnswers),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const refuse = addErrorHandler(app, parts.texts, parts.metrics.onRefusal, parts.city)
  takeJsonBodies(app)
  refuseBrokenText(app)
  const closing = refuseWhileClosing(app)
  addRequestLog(app, parts.metrics.onAnswer)
  await addSecurityHeaders(app, parts.publicUrl)
  await app.register(fastifyCookie)
  await addSockets(app)
  await addOpenApi(app)

  addHealthRoutes(app, { checks: parts.checks, isClosing: closing, registry: parts.metrics.registry })
  addCityRoutes(app, parts)
  for (const add of parts.routes ?? []) add(app)
  await addDeskRoutes(app, { ...parts.desk, limiter: parts.limiter, publicUrl: parts.publicUrl })
  if (enterprise) await enterpriseApi(app, enterprise)
  for (const channel of parts.channels) await addChannel(app, channel)
  await addWebPages(app, parts.webRoot)
  finishBeforeClosing(app)
  return app
}

/** What people say is cleaned where a channel hears it. */
async function addChannel(app: FastifyInstance, channel: ServerParts['channels'][number]): Promise<void> {
  await app.register(async scope => {
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, cleansText: true }
    })
    await scope.register(channel)
  })
}

function enterpriseParts({
  enterprise,
  limiter,
  publicUrl,
  texts,
  metrics,
}: ServerParts): EnterpriseParts | null {
  return enterprise ? { ...enterprise, limiter, publicUrl, texts, onRefusal: metrics.onRefusal } : null
}

/** Nothing is loaded from, sent to or framed by other hosts. */
async function addSecurityHeaders(app: FastifyInstance, publicUrl: string | null): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Over plain HTTP browsers ignore it; behind TLS it must be on.
    strictTransportSecurity: publicUrl?.startsWith('https:') ?? false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  })
}

async function addSockets(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', route => {
    if (route.websocket) route.config = { ...route.config, isSocket: true }
  })
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_FRAME },
    errorHandler: (_error, socket) => socket.terminate(),
    // Each channel says goodbye to its own sockets, after its running turns have been answered.
    preClose: done => done(),
  })
  // The plugin would log the whole address of such a request, with whatever token is in it.
  app.addHook('onRequest', async request => {
    if (request.ws && request.routeOptions.config.isSocket !== true) throw new AppError('route-not-found')
  })
}

async function addOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Yihao',
        version: '0.1.0',
        description: 'One number manages services: pages, desk and chat.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          desk: { type: 'apiKey', in: 'cookie', name: 'yihao_desk' },
          enterpriseKey: { type: 'http', scheme: 'bearer', description: 'Key of an enterprise' },
          deskKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'Key of a machine, made by an administrator; changes need no CSRF token with it',
          },
        },
      },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } }),
    transformObject: jsonSchemaTransformObject,
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
}
