import { createHmac } from 'node:crypto'

/** Time-based one-time passwords (RFC 6238): SHA-1, six digits, steps of thirty seconds, as every authenticator app makes them. */
const STEP_SECONDS = 30
const DIGITS = 6
/** Clocks differ, and typing takes a while: the step before and the one after are taken, too. */
const WINDOW = 1

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BITS = 5

/** Bytes of a secret: as many as SHA-1 gives, which RFC 4226 recommends. */
export const TOTP_SECRET_BYTES = 20

/** RFC 4648, without padding: what authenticator apps take for a secret. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map(group => ALPHABET[Number.parseInt(group.padEnd(BITS, '0'), 2)]).join('')
}

/** @throws RangeError for letters that base32 has not */
export function fromBase32(text: string): Uint8Array {
  const bits = [...text.replace(/[\s=-]/g, '').toUpperCase()]
    .map(letter => {
      const value = ALPHABET.indexOf(letter)
      if (value < 0) throw new RangeError('not base32')
      return value.toString(2).padStart(BITS, '0')
    })
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], byte => Number.parseInt(byte, 2))
}

/** The step that an instant falls into. */
export function stepAt(at: Date): number {
  return Math.floor(at.getTime() / 1000 / STEP_SECONDS)
}

/** The code of a step (RFC 4226, section 5.3). */
export function codeOfStep(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const offset = hash[hash.length - 1]! & 0xf
  const number = hash.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/**
 * The step whose code this is, near an instant; null when it is none. That a step is taken only once is up to whoever keeps them.
 * @param code as typed, spaces allowed
 */
export function stepOfCode(secret: Uint8Array, code: string, at: Date): number | null {
  const typed = code.replace(/\s/g, '')
  const now = stepAt(at)
  const near = Array.from({ length: 2 * WINDOW + 1 }, (_, i) => now - WINDOW + i)
  // All are worked out, whichever fits: how long it takes tells nothing.
  return near.filter(step => codeOfStep(secret, step) === typed)[0] ?? null
}

/** What the QR code of a secret holds: the key URI that authenticator apps read. */
export function keyUri({ secret, issuer, login }: { secret: string; issuer: string; login: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`
  const query = `secret=${secret}&issuer=${encodeURIComponent(issuer)}`
  return `otpauth://totp/${label}?${query}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`
}
