import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { VendorRefusal } from './call-vendor.ts'

/** A refusal because the token is no longer good. */
export class BadToken extends VendorRefusal {
  override readonly name = 'BadToken'
}

/** With what a vendor's interface is called for a while. */
export interface VendorToken {
  /** Of the application, among all that the instances share. */
  key: string
  fetch(): Promise<{ value: string; forMs: number }>
  shared: SharedMemory
}

/** Renewed so long before it ends. */
const RENEW_BEFORE_S = 300

/** What to keep of a token that is good for so many seconds. */
export function tokenFor(value: string, seconds: unknown): { value: string; forMs: number } {
  return { value, forMs: Math.max(60, Number(seconds ?? 0) - RENEW_BEFORE_S) * 1000 }
}

/** Calls with the token, one fetch of it however many call, over all instances; when it turns out bad, once more with a new one. */
export async function withToken<T>(
  { key, fetch, shared }: VendorToken,
  call: (token: string) => Promise<T>,
): Promise<T> {
  const token = await shared.cached(key, fetch)
  try {
    return await call(token)
  } catch (error) {
    if (!(error instanceof BadToken)) throw error
    await shared.forget(key, token)
    return call(await shared.cached(key, fetch))
  }
}
