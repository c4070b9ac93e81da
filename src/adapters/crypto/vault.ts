import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Person } from '../../usecases/ports.ts'

const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const LINK_BYTES = 16

/** Keeps what must not be read in the database: persons sealed, identities and query codes only as keyed hashes. */
export interface Vault {
  /** AES-256-GCM, bound to the case: a row moved to another case does not open. */
  seal(caseId: string, person: Person): Buffer
  /** @throws when the bytes were changed or belong to another case or key */
  open(caseId: string, sealed: Uint8Array): Person
  /** The same for the same person on the same channel, and telling nothing. */
  userKey(person: { channel: string; channelUserId: string }): Buffer
  queryCodeHash(caseId: string, queryCode: string): Buffer
  isQueryCode(caseId: string, queryCode: string, hash: Uint8Array): boolean
  /** The same for the same mobile number of eleven digits, and telling nothing. */
  phoneKey(phone: string): Buffer
  /** Of a short code that was sent to a number; keyed, as six digits are soon tried. */
  phoneCodeHash(phone: string, code: string): Buffer
  /** Opens what a person wants to be told, to whoever was sent it; the same for the same person. */
  linkToken(userKey: Uint8Array): string
  linkHash(token: string): Buffer
  /** Of a code by which somebody comes in without their second factor. */
  recoveryHash(accountId: string, code: string): Buffer
  /** A secret of ours with others, sealed like a person and bound to what it belongs to. */
  sealSecret(id: string, secret: string): Buffer
  /** @throws like `open` */
  openSecret(id: string, sealed: Uint8Array): string
}

/** A vault under a master key of 32 bytes, from which a key for each purpose is derived (HKDF, SHA-256). */
export function createVault(masterKey: Uint8Array): Vault {
  if (masterKey.length !== 32) throw new RangeError('the master key has 32 bytes')
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', `yihao/${purpose}`, 32))
  const personKey = derive('person')
  const userKey = derive('user')
  const codeKey = derive('query-code')
  const linkKey = derive('link')
  const secretKey = derive('secret')
  const recoveryKey = derive('recovery')
  const phoneKey = derive('phone')
  const phoneCodeKey = derive('phone-code')
  const hash = (key: Buffer, ...parts: string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest()

  const vault: Vault = {
    seal: (caseId, person) => seal(personKey, caseId, JSON.stringify(person)),
    open: (caseId, sealed) => JSON.parse(open(personKey, caseId, Buffer.from(sealed))) as Person,
    userKey: ({ channel, channelUserId }) => hash(userKey, channel, channelUserId),
    queryCodeHash: (caseId, queryCode) => hash(codeKey, caseId, queryCode),
    isQueryCode: (caseId, queryCode, expected) =>
      expected.length === 32 && timingSafeEqual(hash(codeKey, caseId, queryCode), expected),
    phoneKey: phone => hash(phoneKey, phone),
    phoneCodeHash: (phone, code) => hash(phoneCodeKey, phone, code),
    linkToken: user =>
      createHmac('sha256', linkKey).update(user).digest().subarray(0, LINK_BYTES).toString('base64url'),
    linkHash: token => createHash('sha256').update(token).digest(),
    recoveryHash: (accountId, code) => hash(recoveryKey, accountId, code),
    sealSecret: (id, secret) => seal(secretKey, id, secret),
    openSecret: (id, sealed) => open(secretKey, id, Buffer.from(sealed)),
  }
  return vault
}

/** Layout: format, nonce, tag, ciphertext. The format byte leaves room for other keys and ciphers. */
function seal(key: Buffer, boundTo: string, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body])
}

function open(key: Buffer, boundTo: string, sealed: Buffer): string {
  if (sealed[0] !== FORMAT) throw new Error(`sealed in unknown format ${sealed[0]}`)
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
  const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo)).setAuthTag(tag)
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}
