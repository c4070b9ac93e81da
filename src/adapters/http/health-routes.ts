import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** Each rejects when a message could not be answered for its part, e.g. `{ store: () => store.ping() }`. */
export type ReadinessChecks = Record<string, () => Promise<void>>

const CHECK_TIMEOUT_MS = 2000

/** `/healthz`: the process lives. `/readyz`: a message would be answered. `/metrics`: for Prometheus. */
export function addHealthRoutes(
  app: FastifyInstance,
  parts: { checks: ReadinessChecks; isClosing: () => boolean; registry: Registry },
): void {
  const schema = { hide: true }
  app.get('/healthz', { schema }, () => ({ status: 'alive' }))

  app.get('/readyz', { schema }, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(parts.checks).map(async ([name, check]) => [name, await outcome(check)] as const),
    )
    const isReady = !parts.isClosing() && results.every(([, result]) => result === 'ok')
    reply.code(isReady ? 200 : 503).header('cache-control', 'no-store')
    const status = parts.isClosing() ? 'closing' : isReady ? 'ready' : 'not-ready'
    return { status, checks: Object.fromEntries(results) }
  })

  app.get('/metrics', { schema }, async (_request, reply) => {
    reply.type(parts.registry.contentType)
    return parts.registry.metrics()
  })
}

async function outcome(check: () => Promise<void>): Promise<'ok' | 'failed' | 'timeout'> {
  const { promise, resolve } = Promise.withResolvers<'timeout'>()
  const timer = setTimeout(() => resolve('timeout'), CHECK_TIMEOUT_MS)
  const checked = check().then(
    () => 'ok' as const,
    () => 'failed' as const,
  )
  return Promise.race([checked, promise]).finally(() => clearTimeout(timer))
}
