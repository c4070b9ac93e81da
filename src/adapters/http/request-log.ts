import type { FastifyInstance } from 'fastify'

/**
 * One line for each answer. The route's pattern stands for the address, so that no token, number or phone that somebody
 * put into a URL is ever written down; the caller's network address is personal data and stays out, too.
 */
export function addRequestLog(app: FastifyInstance, onAnswer: (answer: Answer) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    const answer = {
      method: request.method,
      route: request.routeOptions.url ?? 'unmatched',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    }
    onAnswer(answer)
    if (!QUIET.has(answer.route)) request.log.info(answer, 'answered')
    done()
  })
}

export interface Answer {
  method: string
  route: string
  status: number
  seconds: number
}

/** Asked every few seconds by machines. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics'])
