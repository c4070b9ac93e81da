import { call } from '../http/start-line.ts'

/** A browser on an enterprise's page: keeps its cookie. */
export function firmBrowser(url: string) {
  let cookie = ''
  const send =
    (method: string) =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const answer = await call(url, `/api/enterprise-page${path}`, {
        method,
        headers: { cookie, origin: url, 'accept-language': 'zh-CN', ...headers },
        ...(body === undefined ? {} : { body }),
      })
      for (const line of answer.headers.getSetCookie()) cookie = line.split(';')[0]!
      return answer
    }
  return { get: send('GET'), post: send('POST'), remove: send('DELETE') }
}
