import { MINUTE } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ChatLine } from './chat-line.ts'

/** How far a vendor's clock and ours may be apart, the request's way included. */
const MOST_APART_MS = 10 * MINUTE

/**
 * @param timestamp in seconds
 * @throws AppError `signature-invalid` for a request signed too long ago, or at no time at all
 */
export function requireFresh(
  timestamp: string,
  { clock }: Pick<ChatLine, 'clock'>,
  mostApartMs = MOST_APART_MS,
): void {
  const signedAt = /^\d{9,11}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN
  if (!(Math.abs(clock.now().getTime() - signedAt) <= mostApartMs)) throw new AppError('signature-invalid')
}

/**
 * A signed request is taken once. Vendors sign their repeats anew, and these are known by their message id; the same signature
 * again is somebody else's.
 * @throws AppError `signature-invalid`
 */
export async function requireOnce(
  channel: string,
  signed: readonly string[],
  { shared }: Pick<ChatLine, 'shared'>,
): Promise<void> {
  if (!(await shared.once(`${channel}:${signed.join(':')}`, 2 * MOST_APART_MS)))
    throw new AppError('signature-invalid')
}
