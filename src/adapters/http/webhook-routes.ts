import { z } from 'zod'
import type { Webhook } from '../../usecases/notice-ports.ts'
import type { Account, AnswerStore } from '../../usecases/ports.ts'
import { toldOnce } from './any-key-routes.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { keepInstead } from './kept-answers.ts'

export interface WebhookParts {
  answers: AnswerStore
  list(account: Account): Promise<Webhook[]>
  /** Types of events that departments are told of. */
  events(): string[]
  add(
    account: Account,
    wanted: { department: string; url: string; events: string[] },
  ): Promise<{ webhook: Webhook; secret: string }>
  remove(account: Account, id: string): Promise<void>
}

const webhookSchema = z
  .object({
    id: z.string(),
    department: z.string().nullable().meta({ description: 'Whose it is; of an enterprise null' }),
    enterprise: z.string().nullable().meta({ description: 'Of an enterprise its credit code' }),
    url: z.string(),
    events: z.array(z.string()),
    createdAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Webhook' })

const wantedBody = z
  .object({
    department: z.string().min(1).max(100),
    url: z.url({ protocol: /^https?$/ }).max(1000),
    events: z
      .array(z.string().min(1).max(60))
      .max(50)
      .default([])
      .meta({ description: 'Types of events; empty: all that departments are told of' }),
  })
  .meta({ id: 'WebhookWanted' })

/** Systems of departments and enterprises that are told of events; here those of departments are added. Administrators only. */
export function webhookRoutes(parts: WebhookParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/webhooks',
      {
        schema: {
          tags,
          summary: 'Who is told of events',
          response: {
            200: z.object({
              rows: z.array(webhookSchema),
              events: z.array(z.string()).meta({ description: 'What may be told' }),
            }),
            '4xx': errorBody,
          },
        },
      },
      async request => {
        const webhooks = await parts.list(await scope.account(request))
        return { rows: webhooks.map(present), events: parts.events() }
      },
    )
    app.post(
      '/webhooks',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Tell a system of events; the secret is told this once',
          description:
            'Deliveries are `POST {version, id, type, at, case}` with `X-Yihao-Signature: t=…,v1=…`, the hex HMAC-SHA256 of `t.body` under the secret. `id` is the same at each try.',
          body: wantedBody,
          response: { 200: z.object({ webhook: webhookSchema, secret: toldOnce }), '4xx': errorBody },
        },
      },
      async request => {
        const { webhook, secret } = await parts.add(await scope.account(request), request.body)
        await keepInstead(request, parts.answers, { webhook: present(webhook), secret: null })
        return { webhook: present(webhook), secret }
      },
    )
    app.delete(
      '/webhooks/:id',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Tell it no more',
          params: byId,
          response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
        },
      },
      async request => {
        const { id } = request.params
        await parts.remove(await scope.account(request), id)
        return { id }
      },
    )
  }
}

function present({ id, owner, url, events, createdAt }: Webhook) {
  const department = owner.kind === 'department' ? owner.department : null
  const enterprise = owner.kind === 'enterprise' ? owner.enterprise : null
  return { id, department, enterprise, url, events, createdAt: createdAt.toISOString() }
}
