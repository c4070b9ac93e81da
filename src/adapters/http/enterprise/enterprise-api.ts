import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../../kernel/errors.ts'
import type { Locale } from '../../../language/understanding.ts'
import { addKeptAnswers } from '../kept-answers.ts'
import { bearerOf } from '../machine-access.ts'
import { checkRate, type RateState } from '../rate-limiter.ts'
import { applicationRoutes } from './application-routes.ts'
import { caseRoutes } from './case-routes.ts'
import { addDevelopersPage } from './developers-page.ts'
import { collectDocument, enterpriseDocument } from './document.ts'
import { baseUrl, callerOf, type EnterpriseParts, localeOf } from './enterprise-parts.ts'
import { ownWebhookRoutes } from './own-webhook-routes.ts'
import { addProblemDetails } from './problem-details.ts'

export const ENTERPRISE_PREFIX = '/api/enterprise'

/** `/api/enterprise/v1`: enterprises' systems file and follow their own cases, and nobody else's. */
export async function enterpriseApi(root: FastifyInstance, parts: EnterpriseParts): Promise<void> {
  await root.register(
    async scope => {
      addProblemDetails(scope, parts)
      scope.addHook('onRequest', async (request, reply) => {
        reply.headers({
          'cache-control': 'no-store',
          vary: 'accept-language',
          'content-language': localeOf(request),
        })
      })
      // Else the pages' wildcard would answer them.
      scope.get('/*', { schema: { hide: true } }, () => {
        throw new AppError('route-not-found')
      })
      await scope.register(async version => addVersion(version, root, parts), { prefix: '/v1' })
    },
    { prefix: ENTERPRISE_PREFIX },
  )
}

async function addVersion(
  scope: FastifyInstance,
  root: FastifyInstance,
  parts: EnterpriseParts,
): Promise<void> {
  // JSON only: what is called plain text is no body of ours.
  scope.removeContentTypeParser('text/plain')
  scope.decorateRequest('enterprise', null)
  scope.addHook('onRoute', route => {
    if (route.schema && route.config?.enterpriseScope)
      Object.assign(route.schema, { security: [{ enterpriseKey: [] }] })
  })
  scope.addHook('onRequest', async (request, reply) => {
    const { enterpriseScope } = request.routeOptions.config
    if (request.is404 || !enterpriseScope) return
    request.enterprise = await identify(request, parts)
    await keepToRate(request, reply, parts)
    if (!request.enterprise.scopes.includes(enterpriseScope))
      throw new AppError('scope-missing', { scope: enterpriseScope })
  })
  await collectDocument(scope)
  addKeptAnswers(scope, { ...parts, account: async request => ({ id: callerOf(request).keyId }) })
  caseRoutes(scope, parts)
  applicationRoutes(scope, parts)
  ownWebhookRoutes(scope, parts)
  const documentIn = (request: FastifyRequest, locale: Locale) =>
    enterpriseDocument(scope, { texts: parts.texts, base: baseUrl(request, parts), locale })
  scope.get('/openapi.json', { schema: { hide: true } }, request => documentIn(request, localeOf(request)))
  addDevelopersPage(root, documentIn, parts)
}

/** Guessing is slowed down; whoever has a key is not held up by those who guess. */
async function identify(request: FastifyRequest, { callerOf, limiter }: EnterpriseParts) {
  const secret = bearerOf(request)
  if (secret === null) throw new AppError('token-missing')
  try {
    return await callerOf(secret)
  } catch (error) {
    if (isAppError(error, 'token-invalid')) await limiter.take('wrong-secret-by-address', request.ip)
    throw error
  }
}

/** Counts the request for its key and says what is left, also to those whom it refuses. */
async function keepToRate(
  request: FastifyRequest,
  reply: FastifyReply,
  { limiter }: EnterpriseParts,
): Promise<void> {
  const kind = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write'
  const state = await limiter.count(`enterprise-${kind}-by-key`, callerOf(request).keyId)
  reply.headers(rateHeaders(kind, state))
  checkRate(state)
}

/** As the IETF's draft on rate-limit headers writes them, and as most clients of today read them. */
function rateHeaders(policy: string, { max, seconds, left, leftSeconds }: RateState): Record<string, string> {
  const remaining = Math.max(0, left)
  return {
    'ratelimit-policy': `"${policy}";q=${max};w=${seconds}`,
    ratelimit: `"${policy}";r=${remaining};t=${leftSeconds}`,
    'x-ratelimit-limit': String(max),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(leftSeconds),
  }
}
