import type { FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { type Claims, readToken } from './signed-token.ts'

/** On whose behalf a request comes: whoever holds the secret may do all, a token's holder its own conversation. */
export type Authority = { kind: 'secret' } | { kind: 'token'; claims: Claims }

/** @throws AppError `token-missing`, `token-invalid`, `token-expired`, `origin-refused` */
export function authorityOf(request: FastifyRequest, options: DirectLineOptions): Authority {
  const [scheme, credential] = (request.headers.authorization ?? '').split(/\s+/, 2)
  if (!credential || scheme?.toLowerCase() !== 'bearer') throw new AppError('token-missing')
  if (options.secret !== null && isSame(credential, options.secret)) return { kind: 'secret' }
  const claims = readToken(credential, 'conversation', options.signingKey, options.clock.now())
  checkOrigin(request, claims, options)
  return { kind: 'token', claims }
}

/** Whose conversation a token opens, for interfaces besides this protocol; null for none of ours and one too old. */
export function accountOfToken(
  token: string,
  { signingKey, clock }: Pick<DirectLineOptions, 'signingKey' | 'clock'>,
): { channel: Claims['channel']; channelUserId: string } | null {
  try {
    const { channel, user } = readToken(token, 'conversation', signingKey, clock.now())
    return { channel, channelUserId: user }
  } catch {
    return null
  }
}

/** The authority over one conversation. @throws AppError as `authorityOf`; `token-invalid` for another one's token */
export function authorityOver(
  conversationId: string,
  request: FastifyRequest,
  options: DirectLineOptions,
): Authority {
  const authority = authorityOf(request, options)
  if (authority.kind === 'token' && authority.claims.conv !== conversationId) {
    throw new AppError('token-invalid')
  }
  return authority
}

/**
 * A token that names origins works in browsers only there. Without an `Origin` the caller is no foreign page.
 * @throws AppError `origin-refused`
 */
export function checkOrigin(request: FastifyRequest, claims: Claims, options: DirectLineOptions): void {
  const { origin } = request.headers
  if (origin === undefined || claims.origins === undefined) return
  if (claims.origins.includes(origin) || isOwnOrigin(request, options)) return
  throw new AppError('origin-refused')
}

/** Does the request come from a page of ours, or of one that was allowed by setting? */
export function isOwnOrigin(request: FastifyRequest, options: DirectLineOptions): boolean {
  const { origin } = request.headers
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin'
  if (options.allowedOrigins.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === ownHost(request, options)
}

function ownHost(request: FastifyRequest, { publicUrl }: DirectLineOptions): string {
  return publicUrl === null ? request.host : new URL(publicUrl).host
}

/** Our own address as the caller reaches it, without a slash at the end. */
export function baseUrl(request: FastifyRequest, { publicUrl }: DirectLineOptions): string {
  return publicUrl === null ? `${request.protocol}://${request.host}` : publicUrl.replace(/\/+$/, '')
}
