import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/errors.ts'
import { isSame } from '../../kernel/same-secret.ts'
import type { ChatLine } from './chat-line.ts'
import { type Fields, readFlatXml } from './flat-xml.ts'
import { hearOnce, requireFresh } from './fresh-request.ts'
import { type MessageCipher, NotAuthentic, signatureOf } from './sealed-message.ts'

/** Signature, time and nonce stand in the address. */
export type SignedQuery = Readonly<Record<string, string | undefined>>

/** With what the messages of one application are signed and sealed. */
export interface SealKeys {
  token: string
  cipher: MessageCipher
}

/** What is in a sealed message of a signed request. @throws AppError `signature-invalid` for what is not authentic */
export function openSealed(
  sealed: string,
  { msg_signature: given = '', timestamp = '', nonce = '' }: SignedQuery,
  { token, cipher }: SealKeys,
): string {
  if (!isSame(given, signatureOf(token, timestamp, nonce, sealed))) throw new AppError('signature-invalid')
  try {
    return cipher.open(sealed)
  } catch (error) {
    if (error instanceof NotAuthentic) throw new AppError('signature-invalid', {}, { cause: error })
    throw error
  }
}

/** An answer in the same manner: what is sealed, and its signature over the time in seconds and the nonce. */
export function sealAnswer(
  plain: string,
  { timestamp, nonce }: { timestamp: number; nonce: string },
  { token, cipher }: SealKeys,
): { sealed: string; signature: string } {
  const sealed = cipher.seal(plain)
  return { sealed, signature: signatureOf(token, String(timestamp), nonce, sealed) }
}

/** As texts: what is signed must be read as it came, whatever it claims to be. */
export function takeBodiesAsText(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
}

export type SignedRequest = FastifyRequest<{ Querystring: SignedQuery }>

/** The address is checked by WeCom before it is used: what is sealed in `echostr` must come back as it is. */
export function addAddressCheck(scope: FastifyInstance, path: string, keys: SealKeys): void {
  scope.get(path, { schema: { hide: true } }, ({ query }: SignedRequest, reply) =>
    sendText(reply, openSealed(query.echostr ?? '', query, keys)),
  )
}

export function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/plain; charset=utf-8').send(text)
}

/**
 * Hears the fields of a sealed XML message, once.
 * @throws AppError `signature-invalid` for what is not authentic, stale or used, `body-invalid` for what is authentic and no message
 */
export async function hearSealedXml<T>(
  channel: string,
  { query, body }: SignedRequest,
  { keys, line }: { keys: SealKeys; line: Pick<ChatLine, 'clock' | 'shared'> },
  hear: (fields: Fields) => Promise<T>,
): Promise<T> {
  requireFresh(query.timestamp ?? '', line)
  const outer = readFlatXml(String(body ?? ''))
  if (!outer) throw new AppError('body-invalid')
  const plain = openSealed(outer.Encrypt ?? '', query, keys)
  return hearOnce({ ...query, channel, said: plain }, line, async () => {
    const fields = readFlatXml(plain)
    if (!fields) throw new AppError('body-invalid')
    return hear(fields)
  })
}
