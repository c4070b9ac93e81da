import { z } from 'zod'
import type { DeskOwner } from '../../usecases/key-ports.ts'
import { DESK_SCOPES, MACHINE_ROLES, type WantedKey } from '../../usecases/manage-keys.ts'
import { type AnyKeyParts, anyKeyRoutes, keyName, keySchema, scopesOf } from './any-key-routes.ts'
import type { DeskRoutes } from './desk-scope.ts'

const shown = keySchema({ role: z.string(), department: z.string().nullable() }).meta({ id: 'ApiKey' })

const wanted = z
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
    scopes: scopesOf(DESK_SCOPES, ['desk:read', 'desk:act']),
  })
  .refine(({ role, department }) => role === 'handler' || department === null, {
    path: ['department'],
    error: 'only a handler is of a department',
  })
  .meta({ id: 'ApiKeyWanted' })

/** Keys with which departments' systems work at the desk. Administrators only. */
export function keyRoutes(parts: AnyKeyParts<DeskOwner, WantedKey>): DeskRoutes {
  return anyKeyRoutes(parts, {
    kind: 'desk',
    path: '/keys',
    shown,
    ownerOf: ({ role, department }) => ({ role, department }),
    wanted,
    about: {
      list: 'Keys of machines, revoked ones too, newest first',
      add: 'Make a key for a machine; the secret is told this once',
      secret:
        'With `Authorization: Bearer <secret>` a machine works here as an account of that role and department would, without login, cookie and CSRF token',
    },
  })
}
