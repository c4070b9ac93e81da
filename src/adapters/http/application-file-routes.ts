import { z } from 'zod'
import type { Account } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
}

/** Documents that were handed in with an application, to be looked at. */
export function applicationFileRoutes(parts: {
  open(account: Account, wanted: { caseId: string; file: string }): Promise<Uint8Array>
}): DeskRoutes {
  return scope => {
    typedApp(scope).get(
      '/cases/:id/documents/:file',
      {
        schema: {
          tags,
          summary: 'A document of an application; that it was opened is recorded',
          params: byId.extend({ file: z.string().max(40) }),
          response: { 200: z.unknown().meta({ description: 'The file' }), '4xx': errorBody },
        },
      },
      async (request, reply) => {
        const { id: caseId, file } = request.params
        const bytes = await parts.open(await scope.account(request), { caseId, file })
        const extension = file.slice(file.lastIndexOf('.') + 1)
        return reply
          .headers({
            'content-disposition': `inline; filename="${file}"`,
            'x-content-type-options': 'nosniff',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            'cache-control': 'private, no-store',
          })
          .type(MEDIA_TYPES[extension] ?? 'application/octet-stream')
          .send(Buffer.from(bytes))
      },
    )
  }
}
