import { createHash } from 'node:crypto'
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

/** A request under a signature of its own. */
export interface SignedOnce {
  channel: string
  /** Time and nonce, as they are signed. */
  timestamp?: string
  nonce?: string
  /** What was said under the signature, opened: a repeat may be sealed anew. */
  said: string
}

/**
 * Hears a signed request once. Vendors that sign their repeats anew are known by the id of the message; the same signature again is
 * somebody else's, or of a vendor that repeats what nobody finished hearing: whoever was killed meanwhile has lost nothing.
 * @throws AppError `signature-invalid` for a signature that was heard, or that stands over something else
 */
export async function hearOnce<T>(
  { channel, timestamp = '', nonce = '', said }: SignedOnce,
  { shared }: Pick<ChatLine, 'shared'>,
  hear: () => Promise<T>,
): Promise<T> {
  const signed = `${channel}:${timestamp}:${nonce}`
  const same = `${signed}:${createHash('sha256').update(said).digest('base64url')}`
  const heard = `${signed}:heard`
  // In this order: who comes first says what stands under the signature.
  if (await shared.once(signed, 2 * MOST_APART_MS)) await shared.once(same, 2 * MOST_APART_MS)
  else if (!(await shared.wasAsked(same)) || (await shared.wasAsked(heard)))
    throw new AppError('signature-invalid')
  const result = await hear()
  await shared.once(heard, 2 * MOST_APART_MS)
  return result
}
