import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { writeFlatXml } from '../../src/adapters/chat/flat-xml.ts'
import { signatureOf } from '../../src/adapters/chat/sealed-message.ts'
import type { SealKeys } from '../../src/adapters/chat/sealed-request.ts'

/** What the platforms of vendors do before they post to us. */

let nonces = 0
/** One that was never used. */
export const freshNonce = (): string => `nonce-${nonces++}`

export const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000)

/** A sealed XML message of WeCom or 微信客服, with what a test wants to be wrong with it. */
export function sealedXml(
  plain: string,
  { token, cipher }: SealKeys,
  at: number,
  wrong: { nonce?: string; seal?: string; sign?: string } = {},
): { query: Record<string, string>; body: string } {
  const { nonce = freshNonce(), seal: sealed = cipher.seal(plain) } = wrong
  const signature = wrong.sign ?? signatureOf(token, String(at), nonce, sealed)
  return {
    query: { msg_signature: signature, timestamp: String(at), nonce },
    body: writeFlatXml({ ToUserName: 'corp', Encrypt: sealed }),
  }
}

/** `sign` of a robot message of DingTalk. */
export function dingtalkSign(timestamp: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(`${timestamp}\n${appSecret}`).digest('base64')
}

/** What stands in `encrypt` of a request of Feishu. */
export function sealedByFeishu(plain: string, encryptKey: string): string {
  const [key, iv] = [createHash('sha256').update(encryptKey).digest(), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]).toString('base64')
}

/** Headers of a request of Feishu. */
export function signedByFeishu(
  body: string,
  { at, nonce = freshNonce(), encryptKey }: { at: number; nonce?: string | undefined; encryptKey: string },
): Record<string, string> {
  const signature = createHash('sha256').update(`${at}${nonce}${encryptKey}${body}`).digest('hex')
  return {
    'x-lark-request-timestamp': String(at),
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  }
}
