import { currentLocale } from './texts.ts'

/** The server said no. `code` is one of its error catalogue; `message` is already in the person's language. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  readonly retryAfterSeconds: number | null
  /** What else the server says of it, e.g. the current version on a conflict. */
  readonly details: Record<string, unknown>

  constructor(status: number, error: Record<string, unknown>, retryAfter: string | null) {
    super(typeof error.message === 'string' ? error.message : '')
    this.status = status
    this.code = typeof error.code === 'string' ? error.code : `http-${status}`
    const seconds = Number(retryAfter)
    this.retryAfterSeconds = retryAfter !== null && Number.isFinite(seconds) ? seconds : null
    this.details = (error.details as Record<string, unknown> | undefined) ?? {}
  }

  /** Could the same request succeed a little later? */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408
  }
}

/** No answer: no network, no server, or too slow. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

export interface JsonRequest {
  method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as JSON, or as it is when it is a form or a file. */
  body?: unknown
  token?: string
  headers?: Record<string, string>
  timeoutMs?: number
}

/**
 * One request to our own server.
 * @throws Refused when it answers with an error, Unreachable when it does not answer
 */
export async function requestJson<T>(path: string, request: JsonRequest = {}): Promise<T> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), request.timeoutMs ?? 20_000)
  try {
    const response = await fetch(path, { ...fetchOptions(request), signal: abort.signal })
    const text = await response.text()
    const answer = parseObject(text)
    if (response.ok) return answer as T
    const error = typeof answer.error === 'object' && answer.error ? answer.error : answer
    throw new Refused(response.status, error as Record<string, unknown>, response.headers.get('retry-after'))
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Unreachable(String(error))
  } finally {
    clearTimeout(timer)
  }
}

function fetchOptions({ method, body, token, headers }: JsonRequest): RequestInit {
  // A form and a file say themselves what they are.
  const isRaw = body instanceof FormData || body instanceof Blob
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    credentials: 'same-origin',
    cache: 'no-store',
    headers: {
      accept: 'application/json',
      'accept-language': currentLocale(),
      ...(body !== undefined && !isRaw ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
