import type { FastifyInstance } from 'fastify'
import { AppError } from '../../kernel/errors.ts'

/** How long what runs may take once closing has begun. */
const PATIENCE_MS = 15_000
const HEALTH = new Set(['/healthz', '/readyz', '/metrics'])

/** New work is refused as soon as closing begins. Returns whether it has begun. */
export function refuseWhileClosing(app: FastifyInstance): () => boolean {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!isClosing) return
    reply.header('connection', 'close')
    if (!HEALTH.has(request.url)) throw new AppError('shutting-down')
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
  return () => isClosing
}

/**
 * Lets requests that run be answered, then drops every connection that is left. Browsers open connections in advance
 * and never use them; Node would wait a minute for each. Called last, so that channels have finished their turns before.
 */
export function finishBeforeClosing(app: FastifyInstance): void {
  let running = 0
  app.server.on('request', (_request, response) => {
    running++
    response.on('close', () => {
      running--
    })
  })
  app.addHook('preClose', async () => {
    const end = Date.now() + PATIENCE_MS
    while (running > 0 && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 10))
    if (running > 0) app.log.warn({ running }, 'closing without waiting for what still runs')
    app.server.on('connection', socket => socket.destroy())
    app.server.closeAllConnections()
  })
}
