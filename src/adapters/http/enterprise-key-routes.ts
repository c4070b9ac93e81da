import { z } from 'zod'
import { isCreditCode } from '../../kernel/credit-code.ts'
import type { ApiKey, EnterpriseOwner } from '../../usecases/key-ports.ts'
import { ENTERPRISE_SCOPES, type MadeKey, type WantedEnterpriseKey } from '../../usecases/manage-keys.ts'
import type { Account } from '../../usecases/ports.ts'
import { type DeskRoutes, tags, typedApp } from './desk-scope.ts'
import { errorBody } from './error-handler.ts'
import { keepInstead } from './kept-answers.ts'
import { type AnyKeyParts, addKeyChanges, anyKey, keyName, presentKey, toldOnce } from './key-routes.ts'

export interface EnterpriseKeyParts extends AnyKeyParts {
  list(account: Account): Promise<ApiKey<EnterpriseOwner>[]>
  add(account: Account, wanted: WantedEnterpriseKey): Promise<MadeKey<EnterpriseOwner>>
}

const owner = {
  enterprise: z
    .string()
    .trim()
    .toUpperCase()
    .refine(isCreditCode, 'no unified social credit code')
    .meta({ description: 'Unified social credit code (统一社会信用代码)' }),
  displayName: z.string().trim().min(1).max(100).meta({ description: "The enterprise's name" }),
}

const keySchema = z
  .object({ ...anyKey, enterprise: z.string(), displayName: z.string() })
  .meta({ id: 'EnterpriseKey' })

const wantedBody = z
  .object({
    name: keyName.meta({ description: 'Unlike that of every other key' }),
    ...owner,
    scopes: z
      .array(z.enum(ENTERPRISE_SCOPES))
      .min(1)
      .default([...ENTERPRISE_SCOPES])
      .transform(scopes => [...new Set(scopes)]),
  })
  .meta({ id: 'EnterpriseKeyWanted' })

/** Keys with which enterprises' systems file and follow their own cases. Administrators only. */
export function enterpriseKeyRoutes(parts: EnterpriseKeyParts): DeskRoutes {
  return scope => {
    const app = typedApp(scope)
    app.get(
      '/enterprise-keys',
      {
        schema: {
          tags,
          summary: 'Keys of enterprises, revoked ones too, newest first',
          response: { 200: z.object({ rows: z.array(keySchema) }), '4xx': errorBody },
        },
      },
      async request => ({ rows: (await parts.list(await scope.account(request))).map(present) }),
    )
    app.post(
      '/enterprise-keys',
      {
        onRequest: scope.csrfProtection,
        schema: {
          tags,
          summary: 'Make a key for an enterprise; the secret is told this once',
          description: 'It opens `/api/enterprise/v1`, described at `/developers`',
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
    addKeyChanges(scope, { ...parts, kind: 'enterprise' })
  }
}

function present(key: ApiKey<EnterpriseOwner>): z.output<typeof keySchema> {
  const { enterprise, displayName } = key.owner
  return { ...presentKey(key), enterprise, displayName }
}
