import { createHmac, timingSafeEqual } from 'node:crypto'

/** Older than this, a delivery may be an earlier one that somebody sends again. */
const MOST_SECONDS = 300

/**
 * Is this delivery of a webhook ours, and new?
 * @param header `X-Yihao-Signature`
 * @param body as it came, before it is parsed
 * @param secret of the webhook, told when it was made
 */
export function isOurs(header: string, body: string, secret: string, now = new Date()): boolean {
  const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? []
  const expected = createHmac('sha256', secret).update(`${t}.${body}`).digest()
  const given = Buffer.from(v1, 'hex')
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected)
  return isSigned && Math.abs(now.getTime() / 1000 - Number(t)) <= MOST_SECONDS
}
