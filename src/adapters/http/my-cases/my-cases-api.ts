import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import { refuseForeignOrigin } from '../desk-session.ts'
import { addActionRoutes } from './action-routes.ts'
import { addCaseRoutes } from './case-routes.ts'
import type { MyCasesParts } from './my-cases-parts.ts'
import { addPhoneRoutes } from './phone-routes.ts'

/** As those of a message in the chat. */
const LIMITS = { files: 5, fileSize: 10 * 1024 * 1024, fields: 4, fieldSize: 1024, parts: 10 }

/** `/api/my-cases/*`: by query code, by a proved number, by the chat's own token. Nothing of it may be kept on the way. */
export function addMyCases(root: FastifyInstance, parts: MyCasesParts): void {
  void root.register(
    async scope => {
      await scope.register(fastifyMultipart, { limits: LIMITS })
      // The cookie of a proved number goes to no page of others; a request that a foreign page makes is refused all the same.
      refuseForeignOrigin(scope, parts.publicUrl)
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })
      addPhoneRoutes(scope, parts)
      addCaseRoutes(scope, parts)
      await scope.register(async actions => addActionRoutes(actions, parts))
    },
    { prefix: '/api/my-cases' },
  )
}
