import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { isAppError } from '../../kernel/errors.ts'
import type { DeskScopeName } from '../../usecases/manage-keys.ts'
import type { Account } from '../../usecases/ports.ts'
import type { RateLimiter } from './rate-limiter.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a machine's key must allow here; without it reading for GET, acting for all else. */
    scope?: DeskScopeName
  }
}

/** Who a secret stands for. @throws AppError `token-invalid`, `action-forbidden` */
export type AccountOfSecret = (secret: string, scope: DeskScopeName) => Promise<Account>

/** The secret of `Authorization: Bearer …`; null without such a header. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const [scheme, credential = ''] = (headers.authorization ?? '').split(/\s+/, 2)
  return scheme?.toLowerCase() === 'bearer' ? credential : null
}

/** The account of a machine's key. Guessing is slowed down; whoever has a key is not held up by those who guess. */
export async function machineAccount(
  request: FastifyRequest,
  secret: string,
  { accountOfSecret, limiter }: { accountOfSecret: AccountOfSecret; limiter: RateLimiter },
): Promise<Account> {
  const { scope = request.method === 'GET' ? 'desk:read' : 'desk:act' } = request.routeOptions.config
  try {
    return await accountOfSecret(secret, scope)
  } catch (error) {
    if (isAppError(error, 'token-invalid')) await limiter.take('wrong-secret-by-address', request.ip)
    throw error
  }
}

/**
 * Protection against requests that other sites make in a browser's name. A browser sends no bearer by itself, and a request
 * with one is judged by it alone, never by a cookie: it needs no such protection.
 */
export function protectBrowsers(
  app: FastifyInstance,
): (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void {
  const { csrfProtection } = app
  return (request, reply, done) => {
    if (bearerOf(request) === null) csrfProtection.call(app, request, reply, done)
    else done()
  }
}
