import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Clock, HOUR, MINUTE } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Account, AccountStore } from '../../usecases/ports.ts'
import { type AccountOfSecret, bearerOf, machineAccount } from './machine-access.ts'
import type { RateLimiter } from './rate-limiter.ts'

const COOKIE = 'yihao_desk'
const SESSION_HOURS = 12
/** Without anything done at the desk a session ends before. */
const IDLE_MINUTES = 60
const MOST_BROWSER = 300
/** Characters of an origin that we did not expect. */
const MOST_LOGGED = 200

/** Who is at the desk: a session behind an HttpOnly cookie that other sites never send. */
export interface DeskSessions {
  /** @throws AppError `login-failed`, `login-waits`, `rate-limited` */
  open(login: string, password: string, request: FastifyRequest, reply: FastifyReply): Promise<Account>
  close(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Of the session, or of a machine's key. @throws AppError `token-missing`, `token-invalid`, `action-forbidden` beyond a key's scopes */
  account(request: FastifyRequest): Promise<Account>
  /** Of a person's session, never of a machine's key. @throws AppError `token-missing` */
  session(request: FastifyRequest): Promise<{ account: Account; sessionId: string }>
}

export function createDeskSessions(parts: {
  accounts: AccountStore
  clock: Clock
  limiter: RateLimiter
  accountOfSecret: AccountOfSecret
}): DeskSessions {
  const { accounts, clock, limiter } = parts
  const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * MINUTE)
  const session: DeskSessions['session'] = async request => {
    const token = request.cookies[COOKIE]
    const idleUntil = isUse(request) ? inMinutes(IDLE_MINUTES) : null
    const found = token ? await accounts.session(token, clock.now(), idleUntil) : null
    if (!found) throw new AppError('token-missing')
    return found
  }
  return {
    session,
    async open(login, password, request, reply) {
      await limiter.take('login-by-address', request.ip)
      const account = await checkPassword(parts, { login, password, address: request.ip })
      await limiter.giveBack('login-by-address', request.ip)
      // A new session at each login: one that somebody planted before is worth nothing.
      const token = await accounts.openSession(account.id, {
        openedAt: clock.now(),
        idleUntil: inMinutes(IDLE_MINUTES),
        until: new Date(clock.now().getTime() + SESSION_HOURS * HOUR),
        browser: (request.headers['user-agent'] ?? '').slice(0, MOST_BROWSER),
      })
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
      return (await session(request)).account
    },
  }
}

/** @throws AppError `login-waits` with `retryAfterSeconds` after too many wrong ones, `login-failed` */
async function checkPassword(
  { accounts, clock }: { accounts: AccountStore; clock: Clock },
  { login, password, address }: { login: string; password: string; address: string },
): Promise<Account> {
  const waitUntil = await accounts.tryLogin(login, address, clock.now())
  if (waitUntil) {
    const left = Math.ceil((waitUntil.getTime() - clock.now().getTime()) / 1000)
    throw new AppError('login-waits', { retryAfterSeconds: Math.max(1, left) })
  }
  const account = await accounts.verify(login, password)
  if (!account) throw new AppError('login-failed')
  await accounts.loginProved(login, address, clock.now())
  return account
}

/** Live news flow, and the page asks by itself for what has changed, also when nobody is there. */
function isUse({ headers }: FastifyRequest): boolean {
  return headers['x-nobody-there'] === undefined && !headers.accept?.includes('text/event-stream')
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
