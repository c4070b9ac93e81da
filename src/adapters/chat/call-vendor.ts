/** A vendor that did not answer as its interface says: another status, no JSON, no answer in time. It may later. */
export class VendorAway extends Error {
  override readonly name: string = 'VendorAway'
}

/** The vendor says no to this request and will say so again. */
export class VendorRefusal extends Error {
  override readonly name: string = 'VendorRefusal'
  /** The vendor's own code. */
  readonly code: number | string

  constructor(where: string, code: number | string) {
    super(`${where} was refused with ${code}`)
    this.code = code
  }
}

/**
 * The vendor says no to ourselves: our secret, our rights, our address. Whoever the message is for is no less to be reached for it, and
 * it may work once the account is put right.
 */
export class AccountRefused extends VendorAway {
  override readonly name = 'AccountRefused'
  readonly code: VendorRefusal['code']

  constructor({ message, code }: VendorRefusal) {
    super(message)
    this.code = code
  }
}

const TIMEOUT_MS = 5000
const LARGEST_FILE = 10 * 1024 * 1024

/** One request to a vendor's interface. The address must not reach a log: tokens stand in it. */
export interface VendorCall {
  url: URL
  /** Sent as JSON by POST; left out: a GET. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** For a POST whose body is empty; else the body decides. */
  method?: 'POST'
  timeoutMs?: number
  /** The vendor says in the body what is wrong, with a status of 4xx. */
  isRefusedInBody?: boolean
}

/**
 * Calls a vendor and returns the answer. Redirections are not followed.
 * @throws VendorAway for any status but 2xx (but for what `isRefusedInBody`) and when there is no answer in time
 */
export async function callVendor({
  url,
  body,
  headers,
  method = body === undefined ? undefined : 'POST',
  timeoutMs = TIMEOUT_MS,
  isRefusedInBody = false,
}: VendorCall): Promise<Response> {
  const where = `${url.host}${url.pathname}`
  const response = await fetch(url, {
    method: method ?? 'GET',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...headers,
    },
  }).catch(cause => {
    throw new VendorAway(`${where} did not answer`, { cause: withoutAddress(cause) })
  })
  const isToBeRead = response.ok || (isRefusedInBody && response.status < 500 && response.status !== 429)
  if (!isToBeRead) throw new VendorAway(`${where} answered with ${response.status}`)
  return response
}

/** The answer's JSON object. @throws VendorAway also when it is none */
export async function askVendor(call: VendorCall): Promise<Record<string, unknown>> {
  return objectOf(await callVendor(call), call.url)
}

/**
 * A file, or the JSON object with which the vendor refuses to give it.
 * @throws VendorAway as above; VendorRefusal for more than 10 MB
 */
export async function fetchFile(call: VendorCall): Promise<Uint8Array | Record<string, unknown>> {
  const response = await callVendor(call)
  if (/json|text\/plain/.test(response.headers.get('content-type') ?? '')) return objectOf(response, call.url)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LARGEST_FILE) throw new VendorRefusal(call.url.pathname, 'too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function objectOf(response: Response, { host, pathname }: URL): Promise<Record<string, unknown>> {
  const answer: unknown = await response.json().catch(() => null)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new VendorAway(`${host}${pathname} did not answer with an object`)
  return answer as Record<string, unknown>
}

function withoutAddress(cause: unknown): Error {
  const code = (cause as { cause?: { code?: unknown } } | null)?.cause?.code
  return new Error(typeof code === 'string' ? code : String((cause as Error | null)?.name ?? 'unknown'))
}
