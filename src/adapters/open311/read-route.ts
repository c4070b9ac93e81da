import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FORMATS } from './wire-format.ts'

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>

/** One resource in every format; without an ending the format is the one that is accepted. */
export function addRead(scope: FastifyInstance, path: string, summary: string, handler: Handler): void {
  for (const ending of ['', ...FORMATS.map(format => `.${format}`)])
    scope.get(`${path}${ending}`, { schema: ending ? { summary } : { hide: true } }, handler)
}
