import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { checkScope } from '../../../usecases/open-enterprise-page.ts'
import { keySchema, presentKey, rotated, rotation } from '../any-key-routes.ts'
import { byId } from '../desk-scope.ts'
import { errorBody } from '../error-handler.ts'
import { keepInstead } from '../kept-answers.ts'
import { callerOf, type EnterprisePageParts, tags } from './enterprise-page-parts.ts'

const refused = { '4xx': errorBody }
const shown = keySchema({}).meta({ id: 'OwnKey' })
const webhook = z
  .object({ id: z.string(), host: z.string(), events: z.array(z.string()) })
  .meta({ id: 'OwnWebhook' })

/** The enterprise's keys and the systems that are told of news. New keys are made at the desk only. */
export function addOwnKeyRoutes(app: FastifyInstance, parts: EnterprisePageParts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.get(
    '/systems',
    {
      schema: {
        tags,
        summary: 'Own keys, and where news is told to',
        response: { 200: z.object({ keys: z.array(shown), webhooks: z.array(webhook) }), ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'webhooks:manage')
      const [keys, webhooks] = await Promise.all([parts.keys(caller), parts.webhooks(caller)])
      return {
        keys: keys.map(presentKey),
        webhooks: webhooks.map(({ id, url, events }) => ({ id, events, host: new URL(url).host })),
      }
    },
  )

  typed.post(
    '/keys/:id/rotation',
    {
      schema: {
        tags,
        summary: 'Give a key another secret, which is told this once',
        params: byId,
        body: rotation,
        response: { 200: rotated, ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'webhooks:manage')
      const { id } = request.params
      const { key, secret } = await parts.rotate(caller, id, request.body.graceHours)
      const answer = { id, previousUntil: key.previousUntil?.toISOString() ?? null }
      await keepInstead(request, parts.answers, { ...answer, secret: null })
      return { ...answer, secret }
    },
  )

  typed.delete(
    '/keys/:id',
    {
      schema: {
        tags,
        summary: 'Revoke a key: whoever came in with it is out at once',
        params: byId,
        response: { 200: z.object({ id: z.string() }), ...refused },
      },
    },
    async request => {
      const caller = await callerOf(request, parts)
      checkScope(caller, 'webhooks:manage')
      await parts.revoke(caller, request.params.id)
      return { id: request.params.id }
    },
  )
}
