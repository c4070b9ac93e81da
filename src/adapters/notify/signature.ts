import { createHmac } from 'node:crypto'

/** Header that says when a body was signed and with what result. */
export const SIGNATURE_HEADER = 'x-yihao-signature'

/**
 * `t=<seconds since 1970>,v1=<hex HMAC-SHA256 over "t.body">`: whoever shares the secret can tell that the body is ours and
 * that it is not an old one sent again.
 */
export function signatureOf(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}
