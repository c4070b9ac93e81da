import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

const COST = 2 ** 15
const BLOCK = 8
const KEY_BYTES = 32

/** Hash of a password by scrypt with its own salt: `scrypt$<cost>$<block>$<salt>$<key>`. Takes about a tenth of a second. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST, BLOCK)
  return ['scrypt', COST, BLOCK, salt.toString('base64'), key.toString('base64')].join('$')
}

/** Does the password fit? With no stored hash (unknown login) it works just as long and says no. */
export async function fitsPassword(password: string, stored: string | null): Promise<boolean> {
  const [, cost, block, salt, key] = (stored ?? DUMMY).split('$') as [string, string, string, string, string]
  const expected = Buffer.from(key, 'base64')
  const derived = await derive(password, Buffer.from(salt, 'base64'), Number(cost), Number(block))
  return timingSafeEqual(derived, expected) && stored !== null
}

const DUMMY = `scrypt$${COST}$${BLOCK}$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(KEY_BYTES).toString('base64')}`

function derive(password: string, salt: Buffer, cost: number, block: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: block, p: 1, maxmem: 256 * cost * block }
  return new Promise((done, fail) =>
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? fail(error) : done(key),
    ),
  )
}

/** What a store keeps of a random token: tokens have enough chance in them that a plain hash will do. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
