import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Webhook } from '../../../usecases/notice-ports.ts'
import { keepInstead } from '../kept-answers.ts'
import { callerOf, type EnterpriseRoutes, tags } from './enterprise-parts.ts'
import * as schemas from './enterprise-schemas.ts'

const MANAGE = { enterpriseScope: 'webhooks:manage' } as const
/** Before an event's name on the wire. */
const PREFIX = 'case.'

/** Systems of the enterprise that are told what happens with its cases. */
export const ownWebhookRoutes: EnterpriseRoutes = (scope, parts) => {
  const app = scope.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/webhooks',
    {
      config: MANAGE,
      schema: {
        tags,
        operationId: 'listWebhooks',
        summary: 'Your systems that are told of news',
        response: { 200: schemas.webhookList },
      },
    },
    async request => ({ rows: (await parts.listWebhooks(callerOf(request))).map(present) }),
  )
  app.post(
    '/webhooks',
    {
      config: MANAGE,
      schema: {
        tags,
        operationId: 'addWebhook',
        summary: 'Tell a system of news; its secret is told this once',
        body: schemas.webhookBody,
        response: { 201: schemas.madeWebhook, 200: schemas.madeWebhook },
      },
    },
    async (request, reply) => {
      const { url, events } = request.body
      const wanted = { url, events: events.map(event => event.slice(PREFIX.length)) }
      const { webhook, secret } = await parts.addWebhook(callerOf(request), wanted)
      await keepInstead(request, parts.answers, { webhook: present(webhook), secret: null })
      return reply.code(201).send({ webhook: present(webhook), secret })
    },
  )
  app.delete(
    '/webhooks/:id',
    {
      config: MANAGE,
      schema: {
        tags,
        operationId: 'removeWebhook',
        summary: 'Tell it no more',
        params: schemas.byWebhook,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await parts.removeWebhook(callerOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function present({ id, url, events, createdAt }: Webhook): z.output<typeof schemas.webhook> {
  return { id, url, events: events.map(event => PREFIX + event), createdAt: createdAt.toISOString() }
}
