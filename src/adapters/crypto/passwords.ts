import {
  type Argon2Parameters,
  argon2,
  createHash,
  randomBytes,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto'

/** What OWASP asks of Argon2id at least: KiB of memory, passes over it, lanes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const KEY_BYTES = 32

/** Hash of a password by Argon2id with its own salt, in the usual form `$argon2id$v=19$m=…,t=…,p=…$<salt>$<key>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return written(salt, await byArgon2(password, salt, COST))
}

/** Does the password fit? With no stored hash (unknown login) it works just as long and says no. */
export async function fitsPassword(password: string, stored: string | null): Promise<boolean> {
  const { salt, key, derive } = readHash(stored ?? DUMMY)
  return timingSafeEqual(await derive(password, salt), key) && stored !== null
}

/** Was it made by another function or at other costs than today's? Then it is made anew when the password is next at hand. */
export function isOutdatedHash(stored: string): boolean {
  return !stored.startsWith(HEAD)
}

type Cost = typeof COST

interface StoredHash {
  salt: Buffer
  key: Buffer
  derive(password: string, salt: Buffer): Promise<Buffer>
}

const HEAD = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`
const DUMMY = written(Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES))

function written(salt: Buffer, key: Buffer): string {
  return `${HEAD}${unpadded(salt)}$${unpadded(key)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** Hashes of scrypt, `scrypt$<cost>$<block>$<salt>$<key>`, were made before there was Argon2 in Node. */
function readHash(stored: string): StoredHash {
  const argon = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored)
  if (argon) {
    const [memory, passes, parallelism] = argon.slice(1, 4).map(Number) as [number, number, number]
    return hashOf(argon[4]!, argon[5]!, (password, salt) =>
      byArgon2(password, salt, { memory, passes, parallelism }),
    )
  }
  const [, cost, block, salt, key] = stored.split('$') as [string, string, string, string, string]
  return hashOf(salt, key, (password, bytes) => byScrypt(password, bytes, Number(cost), Number(block)))
}

function hashOf(salt: string, key: string, derive: StoredHash['derive']): StoredHash {
  return { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64'), derive }
}

function byArgon2(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    message: password.normalize('NFKC'),
    nonce,
    tagLength: KEY_BYTES,
    ...cost,
  }
  return new Promise((done, fail) =>
    argon2('argon2id', parameters, (error, key) => (error ? fail(error) : done(key))),
  )
}

function byScrypt(password: string, salt: Buffer, cost: number, block: number): Promise<Buffer> {
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
