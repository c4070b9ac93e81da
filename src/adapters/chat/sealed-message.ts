import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { isSame } from '../../kernel/same-secret.ts'

/** PKCS#7 over blocks of 32 bytes, though the cipher's own block has 16. */
const BLOCK = 32
const RANDOM_BYTES = 16
const LENGTH_BYTES = 4

/** What is wrong with a message that is not authentic. */
export class NotAuthentic extends Error {
  override readonly name = 'NotAuthentic'
}

/**
 * Signature over a token and parts of a request: SHA-1 of all, sorted by their bytes and joined, in hex. Source: "开发者服务器接入
 * 指南" of the WeChat official account platform; WeCom and DingTalk use the same.
 */
export function signatureOf(...parts: readonly string[]): string {
  return createHash('sha1').update(parts.toSorted(byBytes).join('')).digest('hex')
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Opens and seals the messages of one application. */
export interface MessageCipher {
  /** @throws NotAuthentic for anything that was not sealed with this key for this receiver */
  open(sealed: string): string
  /** @param random 16 bytes; fixed in tests only */
  seal(message: string, random?: Uint8Array): string
}

/**
 * AES-256-CBC as WeChat, WeCom and DingTalk seal messages: key = base64 of the 43 characters, IV = its first 16 bytes, plain text =
 * 16 random bytes, length in 4 bytes (big endian), message, receiver. Source: "消息加解密说明" of the official account platform.
 * @param encodingKey 43 characters
 * @param receiver app id or corp id that stands behind every message
 */
export function createMessageCipher(encodingKey: string, receiver: string): MessageCipher {
  const key = Buffer.from(`${encodingKey}=`, 'base64')
  if (encodingKey.length !== 43 || key.length !== 32) throw new RangeError('an AES key of 43 characters')
  const iv = key.subarray(0, 16)
  return {
    open(sealed) {
      const plain = unpad(decipher(key, iv, sealed))
      const start = RANDOM_BYTES + LENGTH_BYTES
      if (plain.length < start) throw new NotAuthentic('too short')
      const end = start + plain.readUInt32BE(RANDOM_BYTES)
      if (end > plain.length) throw new NotAuthentic('length beyond the end')
      if (!isSame(plain.subarray(end).toString('utf8'), receiver)) throw new NotAuthentic('for somebody else')
      return plain.subarray(start, end).toString('utf8')
    },
    seal(message, random = randomBytes(RANDOM_BYTES)) {
      const body = Buffer.from(message, 'utf8')
      const length = Buffer.alloc(LENGTH_BYTES)
      length.writeUInt32BE(body.length)
      const plain = pad(Buffer.concat([random, length, body, Buffer.from(receiver, 'utf8')]))
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
    },
  }
}

function decipher(key: Buffer, iv: Buffer, sealed: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length === 0 || bytes.length % 16 !== 0) throw new NotAuthentic('not whole blocks')
  const cipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

function pad(bytes: Buffer): Buffer {
  const fill = BLOCK - (bytes.length % BLOCK)
  return Buffer.concat([bytes, Buffer.alloc(fill, fill)])
}

/** Every byte of the padding must be right; one answer for all that is wrong with it. */
function unpad(bytes: Buffer): Buffer {
  const fill = bytes.at(-1) ?? 0
  const padding = bytes.subarray(-fill)
  if (fill < 1 || fill > BLOCK || fill > bytes.length || padding.some(byte => byte !== fill))
    throw new NotAuthentic('broken padding')
  return bytes.subarray(0, -fill)
}
