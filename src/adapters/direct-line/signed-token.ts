import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'

/** How long a token of each kind lives, in seconds. */
export const LIFETIME_SECONDS = { conversation: 1800, stream: 60, visitor: 180 * 24 * 3600 } as const

/**
 * What a token says. Shaped as a JWT (HS256) because known clients look for `user` in it; nobody else needs to read it.
 * One conversation and one person per token. `use` keeps a stream's token from being used for anything else.
 */
const claimsSchema = z.object({
  use: z.enum(['conversation', 'stream', 'visitor']),
  conv: z.string().min(1),
  user: z.string().min(1),
  /** Channel of the conversation: `web-chat` (our page) or `direct-line`. */
  channel: z.enum(['web-chat', 'direct-line']),
  /** Origins that may use it in a browser; absent: any. */
  origins: z.array(z.string()).optional(),
  exp: z.number(),
})
export type Claims = z.infer<typeof claimsSchema>
export type TokenUse = Claims['use']

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

/** Signs claims that end `LIFETIME_SECONDS` of their use from now. */
export function signToken(claims: Omit<Claims, 'exp'>, key: string, now: Date): string {
  const exp = Math.floor(now.getTime() / 1000) + LIFETIME_SECONDS[claims.use]
  const body = `${HEADER}.${Buffer.from(JSON.stringify({ ...claims, exp })).toString('base64url')}`
  return `${body}.${mac(body, key)}`
}

/**
 * Reads a token of ours.
 * @throws AppError `token-invalid` when it is not ours or for another use, `token-expired` when its time is over
 */
export function readToken(token: string, use: TokenUse, key: string, now: Date): Claims {
  const [header, payload, signature, ...rest] = token.split('.')
  const isOurs =
    header === HEADER &&
    payload !== undefined &&
    signature !== undefined &&
    rest.length === 0 &&
    isSame(signature, mac(`${header}.${payload}`, key))
  if (!isOurs) throw new AppError('token-invalid')
  const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
  if (!claims.success || claims.data.use !== use) throw new AppError('token-invalid')
  if (claims.data.exp * 1000 <= now.getTime()) throw new AppError('token-expired')
  return claims.data
}

/** A short signature for the address of one stored file. */
export function signName(conversationId: string, name: string, key: string): string {
  return mac(`file:${conversationId}:${name}`, key).slice(0, 27)
}

function mac(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
