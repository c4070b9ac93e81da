import { z } from 'zod'
import type { ApiKey, DeskOwner, KeyName, KeyOwner } from '../../usecases/key-ports.ts'
import {
  DESK_SCOPES,
  MACHINE_ROLES,
  type MadeKey,
  MOST_GRACE_HOURS,
  type WantedKey,
} from '../../usecases/manage-keys.ts'
import type { Account, AnswerStore } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { keepInstead } from './kept-answers.ts'

/** What is done with keys of every kind. */
export interface AnyKeyParts {
  answers: AnswerStore
  rotate(account: Account, key: KeyName, graceHours: number): Promise<MadeKey<KeyOwner>>
  revoke(account: Account, key: KeyName): Promise<void>
}

export interface KeyParts extends AnyKeyParts {
  list(account: Account): Promise<ApiKey<DeskOwner>[]>
  add(account: Account, wanted: WantedKey): Promise<MadeKey<DeskOwner>>
}

const dated = z.string().meta({ format: 'date-time' })

/** What stands of a key of every kind. */
export const anyKey = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: dated,
  createdBy: z.string(),
  revokedAt: dated.nullable(),
  lastUsedAt: dated.nullable().meta({ description: 'To the minute' }),
  previousUntil: dated
    .nullable()
    .meta({ description: 'Until then the secret before the last change opens, too' }),
}

export const keyName = z.string().trim().min(1).max(60)
export const toldOnce = z.string().nullable().meta({ description: 'Null in a repeated answer' })

const keySchema = z
  .object({ ...anyKey, role: z.string(), department: z.string().nullable() })
  .meta({ id: 'ApiKey' })

const wantedBody = z
  .object({
    name: keyName.meta({
      description: 'Unlike every other; it stands in the history of the cases that the machine changes',
    }),
    role: z.enum(MACHINE_ROLES),
    department: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .meta({ description: 'Of a handler; of no other' }),
    scopes: z
      .array(z.enum(DESK_SCOPES))
      .min(1)
      .default(['desk:read', 'desk:act'])
      .transform(scopes => [...new Set(scopes)]),
  })
  .refine(({ role, department }) => role === 'handler' || department === null, {
    path: ['department'],
    error: 'only a handler is of a department',
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
          response: { 200: z.object({ key: keySchema, secret: toldOnce }), '4xx': errorBody },
        },
      },
      async request => {
        const { key, secret } = await parts.add(await scope.account(request), request.body)
        await keepInstead(request, parts.answers, { key: present(key), secret: null })
        return { key: present(key), secret }
      },
    )
    addKeyChanges(scope, { ...parts, kind: 'desk' })
  }
}

const rotation = z.object({
  graceHours: z.int().min(0).max(MOST_GRACE_HOURS).default(24).meta({
    description: 'For how long the secret until now opens, too; 0: it opens nothing at once',
  }),
})
const rotated = z.object({ id: z.string(), secret: toldOnce, previousUntil: dated.nullable() })

/** Another secret for a key, and its end: the same for keys of every kind. */
export function addKeyChanges(
  scope: DeskScope,
  { kind, answers, rotate, revoke }: AnyKeyParts & { kind: KeyOwner['kind'] },
): void {
  const app = typedApp(scope)
  const address = kind === 'desk' ? '/keys/:id' : `/${kind}-keys/:id`
  app.post(
    `${address}/rotation`,
    {
      onRequest: scope.csrfProtection,
      schema: {
        tags,
        summary: 'Give it another secret, which is told this once',
        params: byId,
        body: rotation,
        response: { 200: rotated, '4xx': errorBody },
      },
    },
    async request => {
      const account = await scope.account(request)
      const { id } = request.params
      const { key, secret } = await rotate(account, { id, kind }, request.body.graceHours)
      const answer = { id, previousUntil: key.previousUntil?.toISOString() ?? null }
      await keepInstead(request, answers, { ...answer, secret: null })
      return { ...answer, secret }
    },
  )
  app.delete(
    address,
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
      await revoke(await scope.account(request), { id, kind })
      return { id }
    },
  )
}

/** What is shown of a key, without its owner. */
export function presentKey({
  owner: _owner,
  createdAt,
  revokedAt,
  lastUsedAt,
  previousUntil,
  ...key
}: ApiKey) {
  return {
    ...key,
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    previousUntil: previousUntil?.toISOString() ?? null,
  }
}

function present(key: ApiKey<DeskOwner>): z.output<typeof keySchema> {
  const { role, department } = key.owner
  return { ...presentKey(key), role, department }
}
