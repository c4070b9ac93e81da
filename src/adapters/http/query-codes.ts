import { isAppError } from '../../kernel/errors.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Number and code as they are stored, from how people write them. */
export function plainCode(written: { number: string; queryCode: string }): {
  number: string
  queryCode: string
} {
  const plain = (text: string) => text.normalize('NFKC').replace(/[\s-]/g, '')
  return { number: plain(written.number), queryCode: plain(written.queryCode).toUpperCase() }
}

/** Counts wrong answers only, but before they are known: many guesses at once are counted like many in a row. */
export async function againstGuessing<T>(
  limiter: RateLimiter,
  number: string,
  address: string,
  look: () => Promise<T>,
): Promise<T> {
  const counts = [
    ['wrong-code-by-address', address],
    ['wrong-code-by-number', number],
    ['wrong-code-by-number-and-address', `${number}:${address}`],
  ] as const
  for (const [rule, key] of counts) await limiter.take(rule, key)
  const giveBack = () => Promise.all(counts.map(([rule, key]) => limiter.giveBack(rule, key)))
  try {
    const found = await look()
    await giveBack()
    return found
  } catch (error) {
    const isGuess = isAppError(
      error,
      'query-code-wrong',
      'case-not-found',
      'booking-not-found',
      'certificate-not-found',
    )
    if (!isGuess) await giveBack()
    throw error
  }
}
