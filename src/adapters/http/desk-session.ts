import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Clock, HOUR, MINUTE } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { checkPassword, type FactorRoles, type LoginNeed, loginNeed } from '../../usecases/log-in.ts'
import type { Account, AccountStore } from '../../usecases/ports.ts'
import type { KnownAccount, LoginProof, OpenSession } from '../../usecases/staff-ports.ts'
import { type AccountOfSecret, bearerOf, machineAccount } from './machine-access.ts'
import type { RateLimiter } from './rate-limiter.ts'

const COOKIE = 'yihao_desk'
const SESSION_HOURS = 12
/** Without anything done at the desk a session ends before. */
const IDLE_MINUTES = 60
const MOST_BROWSER = 300
/** Characters of an origin that we did not expect. */
const MOST_LOGGED = 200

/** What the door needs of the accounts. */
export type DoorStore = Pick<
  AccountStore,
  'verify' | 'tryLogin' | 'loginProved' | 'openSession' | 'session' | 'closeSession'
>

/** A session, and what it still needs before the desk is open. */
export interface BegunSession extends OpenSession {
  need: LoginNeed | null
}

/** Who is at the desk: a session behind an HttpOnly cookie that other sites never send. */
export interface DeskSessions {
  /** By a password. @throws AppError as `checkPassword`, `rate-limited` */
  open(given: { login: string; password: string }, at: Exchange): Promise<Begun>
  /** Counts somebody who begins a login elsewhere, as long as they do not finish it. @throws AppError `rate-limited` */
  knock(request: FastifyRequest): Promise<void>
  /** For somebody whom an issuer vouches for. */
  openFor(known: KnownAccount, at: Exchange): Promise<Begun>
  close(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Of the session, or of a machine's key. @throws AppError as `session`; `token-invalid`, `action-forbidden` beyond a key's scopes */
  account(request: FastifyRequest): Promise<Account>
  /** Of a person's session, never of a machine's key. @throws AppError `token-missing`, `login-unfinished` with `need` */
  session(request: FastifyRequest): Promise<OpenSession>
  /** The same also while something is still asked of them. @throws AppError `token-missing` */
  begun(request: FastifyRequest): Promise<BegunSession>
}

interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}
type Begun = Pick<BegunSession, 'account' | 'need'>

export function createDeskSessions(parts: {
  accounts: DoorStore
  clock: Clock
  limiter: RateLimiter
  accountOfSecret: AccountOfSecret
  factorRoles: FactorRoles
}): DeskSessions {
  const { accounts, clock, limiter, factorRoles } = parts
  const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * MINUTE)
  const begun: DeskSessions['begun'] = async request => {
    const token = request.cookies[COOKIE]
    const idleUntil = isUse(request) ? inMinutes(IDLE_MINUTES) : null
    const found = token ? await accounts.session(token, clock.now(), idleUntil) : null
    if (!found) throw new AppError('token-missing')
    return { ...found, need: loginNeed(found, factorRoles) }
  }
  const session: DeskSessions['session'] = async request => {
    const { need, ...found } = await begun(request)
    if (need !== null) throw new AppError('login-unfinished', { need })
    return found
  }
  const begin = async (known: KnownAccount, proof: LoginProof, { request, reply }: Exchange) => {
    // A new session at each login: one that somebody planted before is worth nothing.
    const token = await accounts.openSession(known.account.id, {
      openedAt: clock.now(),
      idleUntil: inMinutes(IDLE_MINUTES),
      until: new Date(clock.now().getTime() + SESSION_HOURS * HOUR),
      browser: (request.headers['user-agent'] ?? '').slice(0, MOST_BROWSER),
      proof,
    })
    reply.setCookie(COOKIE, token, cookieOptions(request))
    return { account: known.account, need: loginNeed({ ...known, proof }, factorRoles) }
  }
  return {
    begun,
    session,
    async open(given, at) {
      await limiter.take('login-by-address', at.request.ip)
      const known = await checkPassword(parts, { ...given, address: at.request.ip })
      await limiter.giveBack('login-by-address', at.request.ip)
      return begin(known, 'password', at)
    },
    knock: request => limiter.take('login-by-address', request.ip),
    async openFor(known, at) {
      await limiter.giveBack('login-by-address', at.request.ip)
      return begin(known, 'issuer', at)
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
