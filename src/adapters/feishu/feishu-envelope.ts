import { createDecipheriv, createHash } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import { readJson } from '../chat/read-json.ts'

const IV_BYTES = 16

export interface FeishuKeys {
  encryptKey: string
  verificationToken: string
}

const sealedSchema = z.object({ encrypt: z.string().min(1) })
const checkSchema = z.object({
  type: z.literal('url_verification'),
  challenge: z.string(),
  token: z.string(),
})
const eventSchema = z.object({
  schema: z.literal('2.0'),
  header: z.object({
    event_id: z.string().min(1),
    event_type: z.string().min(1),
    token: z.string(),
    app_id: z.string(),
  }),
  event: z.unknown(),
})

/** Headers of a request that Feishu signs. */
export interface FeishuSignature {
  timestamp: string
  nonce: string
  signature: string
}

/** What Feishu posts: a check of the address, or an event as it is. */
export type FeishuRequest =
  | { kind: 'check'; challenge: string }
  | { kind: 'event'; id: string; type: string; appId: string; event: unknown }

/**
 * Opens a request. A check of the address carries no signature: whoever sealed it knows the key, or the token within.
 * @throws AppError `signature-invalid` for what is not authentic, `body-invalid` for what is authentic and no event of version 2
 */
export function openFeishu(body: string, given: FeishuSignature, keys: FeishuKeys): FeishuRequest {
  const plain = unsealed(body, keys.encryptKey)
  const check = readJson(plain, checkSchema)
  if (check) {
    requireToken(check.token, keys)
    return { kind: 'check', challenge: check.challenge }
  }
  if (!isSame(given.signature, feishuSignature(body, given, keys.encryptKey)))
    throw new AppError('signature-invalid')
  const event = readJson(plain, eventSchema)
  if (!event) throw new AppError('body-invalid')
  const { event_id: id, event_type: type, app_id: appId, token } = event.header
  requireToken(token, keys)
  return { kind: 'event', id, type, appId, event: event.event }
}

/** SHA-256 over time, nonce, key and the body as it came, in hex. Source: "接收事件 · 签名校验". */
export function feishuSignature(
  body: string,
  { timestamp, nonce }: Pick<FeishuSignature, 'timestamp' | 'nonce'>,
  encryptKey: string,
): string {
  return createHash('sha256').update(`${timestamp}${nonce}${encryptKey}${body}`).digest('hex')
}

/**
 * AES-256-CBC under the SHA-256 of the key, the first 16 bytes of what is sealed are the IV. Source: "接收事件 · 解密".
 * @throws AppError `signature-invalid`
 */
export function openFeishuSealed(sealed: string, encryptKey: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const key = createHash('sha256').update(encryptKey).digest()
  try {
    const cipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, IV_BYTES))
    return Buffer.concat([cipher.update(bytes.subarray(IV_BYTES)), cipher.final()]).toString('utf8')
  } catch (cause) {
    throw new AppError('signature-invalid', {}, { cause })
  }
}

function unsealed(body: string, encryptKey: string): string {
  const outer = readJson(body, sealedSchema)
  return outer ? openFeishuSealed(outer.encrypt, encryptKey) : body
}

function requireToken(token: string, { verificationToken }: FeishuKeys): void {
  if (!isSame(token, verificationToken)) throw new AppError('signature-invalid')
}
