import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import { type StoredFile, sendFile } from './case-file-routes.ts'
import { errorBody } from './error-handler.ts'

/** So long the address of a file opens it: whoever looks again gets a new one. */
const OPEN_SECONDS = 3600

/** Addresses of single files, signed and for a while: pictures of a page carry no query code. */
export interface FileAddresses {
  of(name: string): string
  isOpen(name: string, until: number, signature: string): boolean
}

/** Each file of a case with its address. */
export function createFileAddresses(key: Buffer, clock: Clock): FileAddresses {
  const sign = (name: string, until: number) =>
    createHmac('sha256', key).update(`public-file:${name}:${until}`).digest('base64url').slice(0, 27)
  const seconds = () => Math.floor(clock.now().getTime() / 1000)
  return {
    of(name) {
      const until = seconds() + OPEN_SECONDS
      return `/api/status/files/${name}?until=${until}&s=${sign(name, until)}`
    },
    isOpen: (name, until, signature) => until > seconds() && isSame(signature, sign(name, until)),
  }
}

/** A case for its owner's page: each file of its reply at an address of its own. */
export function withAddresses<Q, F extends { files: string[] }>(
  lookUp: (query: Q) => Promise<F>,
  addresses: Pick<FileAddresses, 'of'>,
) {
  return async (query: Q) => {
    const { files, ...found } = await lookUp(query)
    return { ...found, files: files.map(name => ({ name, href: addresses.of(name) })) }
  }
}

/** What a reply shows its owner besides words. */
export function addPublicFileRoute(
  app: FastifyInstance,
  parts: { addresses: FileAddresses; read(name: string): Promise<StoredFile | null> },
): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/status/files/:name',
    {
      schema: {
        tags: ['pages'],
        summary: 'A file of a reply, at the address that `/api/status` told',
        params: z.object({ name: z.string().min(1).max(100) }),
        querystring: z.object({ until: z.coerce.number().int(), s: z.string().max(60) }),
        response: { '4xx': errorBody },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { until, s } = request.query
      if (!parts.addresses.isOpen(name, until, s)) throw new AppError('token-invalid')
      const file = await parts.read(name)
      if (!file) throw new AppError('file-not-found')
      return sendFile(reply, name, file)
    },
  )
}
