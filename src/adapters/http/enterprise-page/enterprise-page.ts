import type { FastifyInstance } from 'fastify'
import { refuseForeignOrigin } from '../desk-session.ts'
import { addKeptAnswers } from '../kept-answers.ts'
import { addCaseRoutes } from './case-routes.ts'
import { callerOf, type EnterprisePageParts } from './enterprise-page-parts.ts'
import { addOwnKeyRoutes } from './own-key-routes.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addTalkRoutes } from './talk-routes.ts'

/** `/api/enterprise-page/*`: what people of an enterprise see and do. Nothing of it may be kept on the way. */
export function addEnterprisePage(root: FastifyInstance, parts: EnterprisePageParts): void {
  void root.register(
    async scope => {
      refuseForeignOrigin(scope, parts.publicUrl)
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('cache-control', 'no-store')
      })
      addSessionRoutes(scope, parts)
      await scope.register(async own => {
        addKeptAnswers(own, {
          ...parts,
          account: async request => ({ id: (await callerOf(request, parts)).keyId }),
        })
        addTalkRoutes(own, parts)
        addCaseRoutes(own, parts)
        addOwnKeyRoutes(own, parts)
      })
    },
    { prefix: '/api/enterprise-page' },
  )
}
