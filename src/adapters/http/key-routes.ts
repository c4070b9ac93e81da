import { z } from 'zod'
import type { ApiKey } from '../../usecases/key-ports.ts'
import { DESK_SCOPES, MACHINE_ROLES, type WantedKey } from '../../usecases/manage-keys.ts'
import type { Account, AnswerStore } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { keepInstead } from './kept-answers.ts'

export interface KeyParts {
  answers: AnswerStore
  list(account: Account): Promise<ApiKey[]>
  add(account: Account, wanted: WantedKey): Promise<{ key: ApiKey; secret: string }>
  revoke(account: Account, id: string): Promise<void>
}

const dated = z.string().meta({ format: 'date-time' })

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.string(),
    department: z.string().nullable(),
    scopes: z.array(z.string()),
    createdAt: dated,
    createdBy: z.string(),
    revokedAt: dated.nullable(),
    lastUsedAt: dated.nullable().meta({ description: 'To the minute' }),
  })
  .meta({ id: 'ApiKey' })

const wantedBody = z
  .object({
    name: z.string().trim().min(1).max(60).meta({
      description: 'Unlike every other; it stands in the history of the cases that the machine changes',
    }),
    role: z.enum(MACHINE_ROLES),
    department: z.string().min(1).max(100).nullable().default(null).meta({ description: 'Of a handler' }),
    scopes: z
      .array(z.enum(DESK_SCOPES))
      .min(1)
      .default(['desk:read', 'desk:act'])
      .transform(scopes => [...new Set(scopes)]),
  })
  .meta({ id: 'ApiKeyWanted' })

/** Keys with which departments' systems work at the desk. Administrators only. */
export function keyRoutes(parts: KeyParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/keys',
      {
        schema: {
          tags,
          summary: 'Keys of machines, revoked ones too, newest first',
          response: { 200: z.object({ rows: z.array(keySchema) }), '4xx': errorBody },
        },
      },
      async request => ({ rows: (await parts.list(await scope.account(request))).map(present) }),
    )
    app.post(
      '/keys',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Make a key for a machine; the secret is told this once',
          description:
            'With `Authorization: Bearer <secret>` a machine works here as an account of that role and department would, without login, cookie and CSRF token',
          body: wantedBody,
          response: {
            200: z.object({
              key: keySchema,
              secret: z.string().nullable().meta({ description: 'Null in a repeated answer' }),
            }),
            '4xx': errorBody,
          },
        },
      },
      async request => {
        const { key, secret } = await parts.add(await scope.account(request), request.body)
        await keepInstead(request, parts.answers, { key: present(key), secret: null })
        return { key: present(key), secret }
      },
    )
    app.delete(
      '/keys/:id',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Revoke it: from now on it opens nothing',
          params: byId,
          response: { 200: z.object({ id: z.string() }), '4xx': errorBody },
        },
      },
      async request => {
        const { id } = request.params
        await parts.revoke(await scope.account(request), id)
        return { id }
      },
    )
  }
}

function present({ owner, createdAt, revokedAt, lastUsedAt, ...key }: ApiKey): z.output<typeof keySchema> {
  return {
    ...key,
    role: owner.role,
    department: owner.department,
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}
