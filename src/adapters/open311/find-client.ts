import { isSame } from '../../kernel/same-secret.ts'
import type { Open311Options } from './open311-options.ts'

/** Name of the program whose key this is; null when it is nobody's. Looks at every key, so that time tells nothing. */
export function findClient(key: string, clients: Open311Options['clients']): string | null {
  return clients.filter(client => isSame(key, client.key))[0]?.name ?? null
}
