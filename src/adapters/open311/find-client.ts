import { createHash, timingSafeEqual } from 'node:crypto'
import type { Open311Options } from './open311-options.ts'

/** Name of the program whose key this is; null when it is nobody's. Takes the same time for every wrong key. */
export function findClient(key: string, clients: Open311Options['clients']): string | null {
  const given = digest(key)
  return clients.reduce<string | null>(
    (found, client) => (timingSafeEqual(given, digest(client.key)) ? client.name : found),
    null,
  )
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
