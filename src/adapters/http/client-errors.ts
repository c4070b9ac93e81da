import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../../kernel/errors.ts'
import type { Texts } from './error-handler.ts'

/** What Node's parser gives up on, before there is a request: the status of HTTP and our code. All else is a 400. */
const REFUSALS: Readonly<Record<string, readonly [status: number, code: ErrorCode]>> = {
  HPE_HEADER_OVERFLOW: [431, 'message-too-long'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'body-invalid'],
}
const MALFORMED = [400, 'body-invalid'] as const

/** How an interface with a form of its own says that a request could not be read. */
export interface UnreadAnswer {
  /** Addresses that begin so. */
  prefix: string
  write(url: string, refusal: { status: number; code: ErrorCode }): { type: string; body: string }
}

/** The address of a request, as far as what came begins with one. */
const ADDRESS = /^[A-Z]+ (\/\S{0,2000})/

/**
 * Answers what is no request in the shape of every other refusal, and closes the connection. Nothing of it is logged: what came
 * may hold tokens and words. Which language to speak was not read, so it is that of the city.
 */
export function answerClientErrors(
  texts: Texts,
  onRefusal: (code: string, status: number) => void,
  others: readonly UnreadAnswer[] = [],
): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const { code: cause = '' } = error as NodeJS.ErrnoException
    if (cause === 'ECONNRESET' || socket.destroyed) return
    const [status, code] = REFUSALS[cause] ?? MALFORMED
    onRefusal(code, status)
    const url = addressIn(error)
    const other = others.find(({ prefix }) => url.startsWith(prefix))
    const { type, body } = other?.write(url, { status, code }) ?? {
      type: 'application/json; charset=utf-8',
      body: JSON.stringify({ error: { code, message: texts('zh-Hans', `error.${code}`) } }),
    }
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${type}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ]
    if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    else socket.destroy()
  }
}

function addressIn(error: Error): string {
  const { rawPacket } = error as { rawPacket?: Uint8Array }
  return ADDRESS.exec(Buffer.from(rawPacket?.subarray(0, 2100) ?? []).toString('latin1'))?.[1] ?? ''
}
