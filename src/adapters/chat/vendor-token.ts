import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { AccountRefused, VendorRefusal } from './call-vendor.ts'

/** A refusal because the token is no longer good. */
export class BadToken extends VendorRefusal {
  override readonly name = 'BadToken'
}

/** With what a vendor's interface is called for a while. */
export interface VendorToken {
  /** As the vendor's interface is called in logs. */
  name: string
  /** Of the application, among all that the instances share. */
  key: string
  /** @throws VendorRefusal when the vendor gives us none */
  fetch(): Promise<{ value: string; forMs: number }>
  shared: SharedMemory
  logger: Logger
}

/** Renewed so long before it ends. */
const RENEW_BEFORE_S = 300

/** What to keep of a token that is good for so many seconds. */
export function tokenFor(value: string, seconds: unknown): { value: string; forMs: number } {
  return { value, forMs: Math.max(60, Number(seconds ?? 0) - RENEW_BEFORE_S) * 1000 }
}

/**
 * Calls with the token, one fetch of it however many call, over all instances; when it turns out bad, once more with a new one. That
 * the account itself is refused is told to the operator here, whoever asked and whatever becomes of it.
 * @throws AccountRefused when there is no token for us, and when the new one is bad, too
 */
export async function withToken<T>(token: VendorToken, call: (token: string) => Promise<T>): Promise<T> {
  try {
    return await withGoodToken(token, call)
  } catch (error) {
    if (error instanceof AccountRefused)
      token.logger.error(
        { err: error },
        `${token.name}: the account itself is refused; nothing goes out until that is put right`,
      )
    throw error
  }
}

async function withGoodToken<T>(token: VendorToken, call: (token: string) => Promise<T>): Promise<T> {
  const value = await currentToken(token)
  try {
    return await call(value)
  } catch (error) {
    if (!(error instanceof BadToken)) throw error
    await token.shared.forget(token.key, value)
  }
  const renewed = await currentToken(token)
  return call(renewed).catch(error => {
    throw error instanceof BadToken ? new AccountRefused(error) : error
  })
}

function currentToken({ key, fetch, shared }: VendorToken): Promise<string> {
  return shared.cached(key, fetch).catch(error => {
    throw error instanceof VendorRefusal ? new AccountRefused(error) : error
  })
}
