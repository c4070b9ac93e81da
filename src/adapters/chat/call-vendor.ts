/** A vendor that did not answer as its interface says: another status, no JSON, no answer in time. It may later. */
export class VendorAway extends Error {
  override readonly name = 'VendorAway'
}

const TIMEOUT_MS = 5000

/** One request to a vendor's interface. The address must not reach a log: tokens stand in it. */
export interface VendorCall {
  url: URL
  /** Sent as JSON by POST; left out: a GET. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** For a POST whose body is empty; else the body decides. */
  method?: 'POST'
  timeoutMs?: number
}

/**
 * Calls a vendor and returns the answer. Redirections are not followed.
 * @throws VendorAway for any status but 2xx and when there is no answer in time
 */
export async function callVendor({
  url,
  body,
  headers,
  method = body === undefined ? undefined : 'POST',
  timeoutMs = TIMEOUT_MS,
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
  if (!response.ok) throw new VendorAway(`${where} answered with ${response.status}`)
  return response
}

/** The answer's JSON object. @throws VendorAway also when it is none */
export async function askVendor(call: VendorCall): Promise<Record<string, unknown>> {
  const response = await callVendor(call)
  const where = `${call.url.host}${call.url.pathname}`
  const answer: unknown = await response.json().catch(() => null)
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new VendorAway(`${where} did not answer with an object`)
  return answer as Record<string, unknown>
}

function withoutAddress(cause: unknown): Error {
  const code = (cause as { cause?: { code?: unknown } } | null)?.cause?.code
  return new Error(typeof code === 'string' ? code : String((cause as Error | null)?.name ?? 'unknown'))
}
