import { createHash, createHmac } from 'node:crypto'

/** One call of an interface of Alibaba Cloud in the RPC style: everything stands in the query, the body is empty. */
export interface Acs3Call {
  host: string
  action: string
  version: string
  params: Readonly<Record<string, string>>
  /** Another one for each call. */
  nonce: string
  at: Date
}

export interface AccessKey {
  id: string
  secret: string
}

const ALGORITHM = 'ACS3-HMAC-SHA256'
const EMPTY_BODY = sha256('')

/**
 * Query and headers of a signed POST.
 * Source: "V3 版本请求体&签名机制" of Alibaba Cloud, whose example is a test.
 */
export function signAcs3(call: Acs3Call, key: AccessKey): { query: string; headers: Record<string, string> } {
  const { host, action, version, params, nonce, at } = call
  const query = Object.keys(params)
    .toSorted()
    .map(name => `${encode(name)}=${encode(params[name]!)}`)
    .join('&')
  const signed: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': EMPTY_BODY,
    'x-acs-date': `${at.toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  }
  const names = Object.keys(signed)
  const lines = names.map(name => `${name}:${signed[name]}\n`).join('')
  const request = ['POST', '/', query, lines, names.join(';'), EMPTY_BODY].join('\n')
  const signature = createHmac('sha256', key.secret)
    .update(`${ALGORITHM}\n${sha256(request)}`)
    .digest('hex')
  const { host: _, ...headers } = signed
  const authorization = `${ALGORITHM} Credential=${key.id},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { query, headers: { ...headers, authorization } }
}

/** RFC 3986; `encodeURIComponent` leaves five characters that the other side encodes. */
function encode(text: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text).replace(/[!'()*]/g, hex)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
