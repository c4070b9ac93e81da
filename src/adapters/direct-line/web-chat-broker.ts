import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { isOwnOrigin } from './authority.ts'
import { parseBody } from './conversation-routes.ts'
import { mint, newPerson } from './conversations.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { type Claims, LIFETIME_SECONDS, readToken, signToken } from './signed-token.ts'

const COOKIE = 'yihao_visitor'
const bodySchema = z.object({ isNew: z.boolean().optional() }).nullish()

/**
 * Tokens for our own page, where no secret may be. A signed cookie remembers who the browser was and which conversation
 * it had, so that a person who comes back finds both; `isNew` begins another conversation as the same person.
 */
export function addWebChatBroker(app: FastifyInstance, options: DirectLineOptions): void {
  addForgetting(app, options)
  const schema = { summary: "A token for the resident's page", tags: ['web-chat'] }
  app.post('/api/web-chat/token', { schema }, async (request, reply) => {
    if (!isOwnOrigin(request, options)) throw new AppError('origin-refused')
    await options.limit('token-by-address', request.ip)
    const body = parseBody(bodySchema, request.body)
    const visitor = visitorOf(request.headers.cookie, options)
    const fresh = newPerson(options, 'web-chat', visitor?.user)
    const person = visitor && body?.isNew !== true ? { ...fresh, conv: visitor.conv } : fresh

    const cookie = signToken({ ...person, use: 'visitor' }, options.signingKey, options.clock.now())
    const secure = request.protocol === 'https' ? '; Secure' : ''
    reply.header(
      'set-cookie',
      `${COOKIE}=${cookie}; Path=/api/web-chat; HttpOnly; SameSite=Strict; Max-Age=${LIFETIME_SECONDS.visitor}${secure}`,
    )
    reply.header('cache-control', 'no-store')
    const { origin } = request.headers
    return { ...mint({ ...person, origins: origin ? [origin] : [] }, options), userId: person.user }
  })
}

/** The browser wants to be nobody again: on a shared device the next person must not find this one's conversation. */
function addForgetting(app: FastifyInstance, options: DirectLineOptions): void {
  const schema = { summary: 'Forget who this browser was', tags: ['web-chat'] }
  app.post('/api/web-chat/forget', { schema }, async (request, reply) => {
    if (!isOwnOrigin(request, options)) throw new AppError('origin-refused')
    reply.header('set-cookie', `${COOKIE}=; Path=/api/web-chat; HttpOnly; SameSite=Strict; Max-Age=0`)
    return reply.code(204).send()
  })
}

/** Who the browser was; a cookie that is not ours or is too old is nobody. */
function visitorOf(cookies: string | undefined, options: DirectLineOptions): Claims | null {
  const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(cookies ?? '')?.[1]
  if (!value) return null
  try {
    return readToken(value, 'visitor', options.signingKey, options.clock.now())
  } catch {
    return null
  }
}
