import { randomBytes, randomInt } from 'node:crypto'

/** Where chance comes from; injected so that a test or a simulation can repeat it. */
export interface Chance {
  bytes(count: number): Uint8Array
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number
}

/** Asking the operating system costs a call each time, so it is asked for many bytes at once. Each is given out once. */
const POOL_BYTES = 4096
let pool = new Uint8Array(0)

function pooledBytes(count: number): Uint8Array {
  if (count > POOL_BYTES) return randomBytes(count)
  if (pool.length < count) pool = randomBytes(POOL_BYTES)
  const taken = pool.slice(0, count)
  pool = pool.subarray(count)
  return taken
}

/** Chance from the operating system. */
export const systemChance: Chance = { bytes: pooledBytes, below: below => randomInt(below) }

/** A repeatable source (mulberry32) for tests and simulations; never for secrets. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    bytes: count => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
    below: below => Math.floor(next() * below),
  }
}

/**
 * A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then chance. Sorts by time, so that
 * indexes grow at one end.
 */
export function newId(at: Date, chance: Chance): string {
  const bytes = chance.bytes(16)
  const time = BigInt(at.getTime())
  for (let i = 0; i < 6; i++) bytes[i] = Number((time >> BigInt(8 * (5 - i))) & 0xffn)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** No letters that look alike. */
export const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/** A secret for people to type: no letters that look alike (0 O, 1 I L). 31 letters, about 5 bits each. */
export function newCode(length: number, chance: Chance): string {
  return Array.from({ length }, () => CODE_LETTERS[chance.below(CODE_LETTERS.length)]).join('')
}

/** The same kind of code made of bytes, always the same for the same; at most as many letters as there are bytes. */
export function codeOf(bytes: Uint8Array, length: number): string {
  return Array.from(bytes.subarray(0, length), byte => CODE_LETTERS[byte % CODE_LETTERS.length]).join('')
}

/** A secret for machines: `bytes` random bytes as base64url. */
export function newToken(bytes: number, chance: Chance): string {
  return Buffer.from(chance.bytes(bytes)).toString('base64url')
}
