import { z } from 'zod'
import { isCreditCode } from '../../kernel/credit-code.ts'
import type { EnterpriseOwner } from '../../usecases/key-ports.ts'
import { ENTERPRISE_SCOPES, type WantedEnterpriseKey } from '../../usecases/manage-keys.ts'
import { type AnyKeyParts, anyKeyRoutes, keyName, keySchema, scopesOf } from './any-key-routes.ts'
import type { DeskRoutes } from './desk-scope.ts'

const shown = keySchema({ enterprise: z.string(), displayName: z.string() }).meta({ id: 'EnterpriseKey' })

const wanted = z
  .object({
    name: keyName.meta({ description: 'Unlike that of every other key' }),
    enterprise: z
      .string()
      .trim()
      .toUpperCase()
      .refine(isCreditCode, 'no unified social credit code')
      .meta({ description: 'Unified social credit code (统一社会信用代码)' }),
    displayName: z.string().trim().min(1).max(100).meta({ description: "The enterprise's name" }),
    scopes: scopesOf(ENTERPRISE_SCOPES, ENTERPRISE_SCOPES),
  })
  .meta({ id: 'EnterpriseKeyWanted' })

/** Keys with which enterprises' systems file and follow their own cases. Administrators only. */
export function enterpriseKeyRoutes(parts: AnyKeyParts<EnterpriseOwner, WantedEnterpriseKey>): DeskRoutes {
  return anyKeyRoutes(parts, {
    kind: 'enterprise',
    path: '/enterprise-keys',
    shown,
    ownerOf: ({ enterprise, displayName }) => ({ enterprise, displayName }),
    wanted,
    about: {
      list: 'Keys of enterprises, revoked ones too, newest first',
      add: 'Make a key for an enterprise; the secret is told this once',
      secret: 'It opens `/api/enterprise/v1`, described at `/developers`',
    },
  })
}
