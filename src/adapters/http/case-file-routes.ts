import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import type { Account } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

export interface CaseFileParts {
  /** Most bytes of one file. */
  mostBytes: number
  add(account: Account, caseId: string, bytes: Uint8Array): Promise<string>
  read(account: Account, caseId: string, name: string): Promise<StoredFile>
}

/** A stored file with what it is. */
export interface StoredFile {
  bytes: Uint8Array
  type: string
}

/** Files that are put to a case at the desk: one a request, bare in the body. */
export function caseFileRoutes(parts: CaseFileParts): DeskRoutes {
  return scope => {
    scope.app.register(async inner => {
      inner.addContentTypeParser(
        /^(?:image|video)\/|^application\/(?:pdf|octet-stream)/,
        { parseAs: 'buffer', bodyLimit: parts.mostBytes },
        (_request, body, done) => done(null, body),
      )
      addRoutes({ ...scope, app: inner }, parts)
    })
  }
}

function addRoutes(scope: DeskScope, parts: CaseFileParts): void {
  const app = typedApp(scope)
  app.post(
    '/cases/:id/files',
    {
      // A file that was sent twice lies there twice, and a reply names one of them.
      config: { repeats: 'none' },
      onRequest: scope.csrfProtection,
      bodyLimit: parts.mostBytes,
      schema: {
        tags,
        summary: 'Put a photo or a paper to a case; its name goes into a reply',
        consumes: ['application/octet-stream'],
        params: byId,
        response: { 200: z.object({ name: z.string() }), '4xx': errorBody },
      },
    },
    async request => {
      const account = await scope.account(request)
      if (!(request.body instanceof Uint8Array)) throw new AppError('upload-refused', { because: 'no-file' })
      return { name: await parts.add(account, request.params.id, request.body) }
    },
  )
  app.get(
    '/cases/:id/files/:name',
    {
      schema: {
        tags,
        summary: 'A file of a case',
        params: byId.extend({ name: z.string().min(1).max(100) }),
        response: { '4xx': errorBody },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params
      return sendFile(reply, name, await parts.read(await scope.account(request), id, name))
    },
  )
}

/** A stranger's file: to be shown as a picture or saved, never run. */
export function sendFile(reply: FastifyReply, name: string, { bytes, type }: StoredFile): FastifyReply {
  return reply
    .headers({
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
    })
    .send(Buffer.from(bytes))
}
