import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Clock, HOUR } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Account, AccountStore } from '../../usecases/ports.ts'
import { type AccountOfSecret, bearerOf, machineAccount } from './machine-access.ts'
import type { RateLimiter } from './rate-limiter.ts'

const COOKIE = 'yihao_desk'
const SESSION_HOURS = 12
/** Characters of an origin that we did not expect. */
const MOST_LOGGED = 200

/** Who is at the desk: a session behind an HttpOnly cookie that other sites never send. */
export interface DeskSessions {
  /** @throws AppError `login-failed`, `rate-limited` */
  open(login: string, password: string, request: FastifyRequest, reply: FastifyReply): Promise<Account>
  close(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Of the session, or of a machine's key. @throws AppError `token-missing`, `token-invalid`, `action-forbidden` beyond a key's scopes */
  account(request: FastifyRequest): Promise<Account>
}

export function createDeskSessions(parts: {
  accounts: AccountStore
  clock: Clock
  limiter: RateLimiter
  accountOfSecret: AccountOfSecret
}): DeskSessions {
  const { accounts, clock, limiter } = parts
  return {
    async open(login, password, request, reply) {
      await limiter.take('login-by-address', request.ip)
      await limiter.take('login-by-name', login)
      const account = await accounts.verify(login, password)
      if (!account) throw new AppError('login-failed')
      await limiter.giveBack('login-by-name', login)
      await limiter.giveBack('login-by-address', request.ip)
      const until = new Date(clock.now().getTime() + SESSION_HOURS * HOUR)
      // A new session at each login: one that somebody planted before is worth nothing.
      const token = await accounts.openSession(account.id, until)
      reply.setCookie(COOKIE, token, cookieOptions(request))
      return account
    },
    async close(request, reply) {
      const token = request.cookies[COOKIE]
      if (token) await accounts.closeSession(token)
      const { maxAge: _maxAge, ...options } = cookieOptions(request)
      reply.clearCookie(COOKIE, options)
    },
    async account(request) {
      const secret = bearerOf(request)
      if (secret !== null) return machineAccount(request, secret, parts)
      const token = request.cookies[COOKIE]
      const account = token ? await accounts.session(token, clock.now()) : null
      if (!account) throw new AppError('token-missing')
      return account
    },
  }
}

/** Cookies of the desk go to the desk's interface and nowhere else. */
export function cookieOptions(request: FastifyRequest): CookieSerializeOptions {
  return {
    path: '/api/desk',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: SESSION_HOURS * 3600,
  }
}

/**
 * A changing request from a browser must come from a page of ours. The log and the page say from where it would be let in: whoever
 * opened the desk under another name of the same machine could not guess it.
 */
export function refuseForeignOrigin(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', async request => {
    const { origin } = request.headers
    if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return
    const expected = publicUrl === null ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin
    if (URL.canParse(origin) && new URL(origin).host === new URL(expected).host) return
    request.log.warn({ origin: origin.slice(0, MOST_LOGGED), expected }, 'origin not allowed: see PUBLIC_URL')
    throw new AppError('origin-refused', { expected })
  })
}
