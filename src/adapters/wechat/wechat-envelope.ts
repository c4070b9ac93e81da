import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import { type Fields, readFlatXml, writeFlatXml } from '../chat/flat-xml.ts'
import { signatureOf } from '../chat/sealed-message.ts'
import { openSealed, type SealKeys, type SignedQuery, sealAnswer } from '../chat/sealed-request.ts'

/** How the platform was told to send: as XML or JSON, plain or sealed. Answers go the same way. */
export interface Form {
  isJson: boolean
  isSealed: boolean
}

/**
 * The fields of a request's body, and the form it came in.
 * @throws AppError `signature-invalid` for what is not authentic, `body-invalid` for what is authentic and no message
 */
export function openEnvelope(
  body: string,
  query: SignedQuery,
  keys: SealKeys,
): { fields: Fields; form: Form } {
  const isSealed = query.encrypt_type === 'aes'
  if (!isSealed) requirePlainSignature(query, keys.token)
  const outer = readBody(body)
  if (!isSealed) return { fields: outer.fields, form: { isJson: outer.isJson, isSealed } }
  const plain = openSealed(outer.fields.Encrypt ?? '', query, keys)
  return { fields: readBody(plain).fields, form: { isJson: outer.isJson, isSealed } }
}

/** What stands in the address is signed, too, with the token alone. @throws AppError `signature-invalid` */
export function requirePlainSignature(
  { signature = '', timestamp = '', nonce = '' }: SignedQuery,
  token: string,
): void {
  if (!isSame(signature, signatureOf(token, timestamp, nonce))) throw new AppError('signature-invalid')
}

function readBody(text: string): { fields: Fields; isJson: boolean } {
  const isJson = /^\s*\{/.test(text)
  const fields = isJson ? readFlatJson(text) : readFlatXml(text)
  if (!fields) throw new AppError('body-invalid')
  return { fields, isJson }
}

/** Numbers as they stand in the text: 64-bit ids would lose their last digits. */
function readFlatJson(text: string): Fields | null {
  try {
    const entries = Object.entries(
      JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
        typeof value === 'number' ? (context?.source ?? String(value)) : value,
      ) as Record<string, unknown>,
    )
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return null
  }
}

/** A text as answer to a message, in the form that the message came in. Returns body and media type. */
export function answerEnvelope(
  answer: { from: string; to: string; text: string; at: Date; nonce: string },
  { isJson, isSealed }: Form,
  keys: SealKeys,
): { body: string; type: string } {
  const createTime = Math.floor(answer.at.getTime() / 1000)
  const write = (fields: Record<string, string | number>) =>
    isJson ? JSON.stringify(fields) : writeFlatXml(fields)
  const type = `${isJson ? 'application/json' : 'text/xml'}; charset=utf-8`
  const plain = write({
    ToUserName: answer.to,
    FromUserName: answer.from,
    CreateTime: createTime,
    MsgType: 'text',
    Content: answer.text,
  })
  if (!isSealed) return { body: plain, type }
  const { sealed, signature } = sealAnswer(plain, { timestamp: createTime, nonce: answer.nonce }, keys)
  return {
    body: write({ Encrypt: sealed, MsgSignature: signature, TimeStamp: createTime, Nonce: answer.nonce }),
    type,
  }
}
