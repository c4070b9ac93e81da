import { timingSafeEqual } from 'node:crypto'

/** Compares two secrets in a time that does not tell how much of them is alike; that their lengths differ is no secret. */
export function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
