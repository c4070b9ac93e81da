import { z } from 'zod'
import type { ApiKey, KeyName, KeyOwner } from '../../usecases/key-ports.ts'
import { type MadeKey, MOST_GRACE_HOURS } from '../../usecases/manage-keys.ts'
import type { Account, AnswerStore } from '../../usecases/ports.ts'
import { byId, type DeskRoutes, type DeskScope, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { keepInstead } from './kept-answers.ts'

/** What is done with keys of one kind. */
export interface AnyKeyParts<Owner extends KeyOwner, Wanted> {
  answers: AnswerStore
  list(account: Account): Promise<ApiKey<Owner>[]>
  add(account: Account, wanted: Wanted): Promise<MadeKey<Owner>>
  rotate(account: Account, key: KeyName, graceHours: number): Promise<MadeKey<KeyOwner>>
  revoke(account: Account, key: KeyName): Promise<void>
}

/** What one kind of key has of its own: how it and whose it is are shown, what a new one is asked for, and what the description says of it. */
export interface KindOfKey<Owner extends KeyOwner, Wanted> {
  kind: Owner['kind']
  /** Below the desk's interface. */
  path: string
  /** Made by `keySchema`. */
  shown: z.ZodType
  ownerOf(owner: Owner): object
  wanted: z.ZodType<Wanted>
  about: { list: string; add: string; secret: string }
}

const dated = z.string().meta({ format: 'date-time' })

/** What stands of a key of every kind. */
const anyKey = {
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

/** What is shown of a key, with whose it is. */
export function keySchema<Shape extends z.ZodRawShape>(owner: Shape) {
  return z.object({ ...anyKey, ...owner })
}

export const keyName = z.string().trim().min(1).max(60)
export const toldOnce = z.string().nullable().meta({ description: 'Null in a repeated answer' })

/** Each once; at least one. */
export function scopesOf<Scope extends string>(all: readonly Scope[], usual: readonly Scope[]) {
  return z
    .array(z.enum(all))
    .min(1)
    .default([...usual])
    .transform(scopes => [...new Set(scopes)])
}

/** Keys of one kind: who has them, a new one, another secret, the end. Administrators only. */
export function anyKeyRoutes<Owner extends KeyOwner, Wanted>(
  parts: AnyKeyParts<Owner, Wanted>,
  { kind, path, shown, ownerOf, wanted, about }: KindOfKey<Owner, Wanted>,
): DeskRoutes {
  const present = (key: ApiKey<Owner>) => ({ ...presentKey(key), ...ownerOf(key.owner) })
  return scope => {
    const app = typedApp(scope)
    app.get(
      path,
      {
        schema: {
          tags,
          summary: about.list,
          response: { 200: z.object({ rows: z.array(shown) }), '4xx': errorBody },
        },
      },
      async request => ({ rows: (await parts.list(await scope.account(request))).map(present) }),
    )
    app.post(
      path,
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: about.add,
          description: about.secret,
          body: wanted,
          response: { 200: z.object({ key: shown, secret: toldOnce }), '4xx': errorBody },
        },
      },
      async request => {
        const { key, secret } = await parts.add(await scope.account(request), request.body as Wanted)
        await keepInstead(request, parts.answers, { key: present(key), secret: null })
        return { key: present(key), secret }
      },
    )
    addKeyChanges(scope, path, { ...parts, kind })
  }
}

/** What is asked for with another secret. */
export const rotation = z.object({
  graceHours: z.int().min(0).max(MOST_GRACE_HOURS).default(24).meta({
    description: 'For how long the secret until now opens, too; 0: it opens nothing at once',
  }),
})
/** What comes of it. */
export const rotated = z.object({ id: z.string(), secret: toldOnce, previousUntil: dated.nullable() })

/** Another secret for a key, and its end. */
function addKeyChanges(
  scope: DeskScope,
  path: string,
  {
    kind,
    answers,
    rotate,
    revoke,
  }: Pick<AnyKeyParts<KeyOwner, never>, 'answers' | 'rotate' | 'revoke'> & { kind: KeyOwner['kind'] },
): void {
  const app = typedApp(scope)
  const address = `${path}/:id`
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
