import { lookup as resolveName } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { AddressGuard } from './address-guard.ts'

/** No more of an answer is read than this. */
const MOST_ANSWER_BYTES = 64 * 1024

/** A receiver that answered, but not with a 2xx. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted'
  readonly status: number

  constructor(status: number) {
    super(`answered with ${status}`)
    this.status = status
  }
}

/** Nothing was answered: in time, or because nobody is to be asked there. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked'
  readonly code: 'NO_ANSWER' | 'ADDRESS_REFUSED'

  constructor(code: NotAsked['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface JsonPost {
  url: string
  body: string
  headers: Readonly<Record<string, string>>
  /** For everything from the name's look-up to the last byte of the answer. */
  timeoutMs: number
  /** Judges the address that is really connected to, so that a name cannot mean one thing now and another later. */
  guard?: AddressGuard
}

/**
 * Posts JSON and returns the answer's text. Redirections are not followed.
 * @throws NotAccepted for any answer but 2xx; an Error when there is none in time or the address is refused
 */
export async function postJson({ url, body, headers, timeoutMs, guard }: JsonPost): Promise<string> {
  const target = new URL(url)
  if (guard) refuseInner(target, guard)
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request = send(
      target,
      {
        method: 'POST',
        // A connection of its own: a stale one would be mistaken for a receiver that is away.
        agent: false,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'Yihao',
          ...headers,
        },
        signal: AbortSignal.timeout(timeoutMs),
        ...(guard ? { lookup: guardedLookup(target, guard) } : {}),
      },
      response => readText(response).then(resolve, reject),
    )
    request.on('error', error => reject(namedTimeout(error, timeoutMs)))
    request.end(body)
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MOST_ANSWER_BYTES) break
    chunks.push(chunk)
  }
  const status = response.statusCode ?? 0
  if (status < 200 || status > 299) throw new NotAccepted(status)
  return Buffer.concat(chunks).toString('utf8')
}

/** Plain HTTP goes only to inner networks that were named. */
function refuseInner(target: URL, guard: AddressGuard): void {
  const host = target.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) refuseAddress(host, target, guard)
}

function refuseAddress(address: string, target: URL, guard: AddressGuard): void {
  const judged = guard.judge(address)
  const isSafe = target.protocol === 'https:' || judged === 'listed'
  if (judged === 'refused' || !isSafe)
    throw new NotAsked('ADDRESS_REFUSED', `${target.hostname} is at an address that is not to be reached`)
}

/** Resolves as usual and refuses the connection when any address of the name is not to be reached. */
function guardedLookup(target: URL, guard: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      try {
        for (const { address } of addresses) refuseAddress(address, target, guard)
      } catch (refusal) {
        return callback(refusal as Error, '', 0)
      }
      const [first] = addresses
      if (options.all) callback(null, addresses)
      else callback(null, first!.address, first!.family)
    })
  }
}

/** Did the name not resolve: there is none, or nobody could say just now? */
export function isUnknownName(error: unknown): boolean {
  return ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes((error as { code?: string }).code ?? '')
}

function namedTimeout(error: Error, timeoutMs: number): Error {
  return error.name === 'AbortError' || error.name === 'TimeoutError'
    ? new NotAsked('NO_ANSWER', `no answer within ${timeoutMs} ms`, { cause: error })
    : error
}

/**
 * Would a post to this address be tried at all? Resolves its name.
 * @throws Error that says why not
 */
export async function checkAddress(url: string, guard: AddressGuard): Promise<void> {
  const target = new URL(url)
  if (!['https:', 'http:'].includes(target.protocol)) throw new Error('only https')
  if (target.username || target.password) throw new Error('no password in the address')
  refuseInner(target, guard)
  if (isIP(target.hostname.replace(/^\[|\]$/g, '')) !== 0) return
  await new Promise<void>((resolve, reject) =>
    guardedLookup(target, guard)(target.hostname, { all: true }, error =>
      error ? reject(error) : resolve(),
    ),
  )
}
