import type { Account } from '../../src/usecases/ports.ts'
import { fakeAccounts, KNOWN } from '../http/fake-line.ts'
import { call } from '../http/start-line.ts'

/** Accounts of whom one sits at the desk at a time; the password is that of the fake ones. */
export function seatedAccounts(): ReturnType<typeof fakeAccounts> & { seat(account: Account): void } {
  let seated: Account | null = null
  const accounts = fakeAccounts()
  return {
    ...accounts,
    verify: async (login, password) =>
      (await accounts.verify(login, password)) && seated && { ...KNOWN, account: seated },
    session: async (token, now, idleUntil) => {
      const session = await accounts.session(token, now, idleUntil)
      return session && seated && { ...session, account: seated }
    },
    seat: account => {
      seated = account
    },
  }
}

/** A browser at the desk that keeps its cookies and sends its token. */
export async function deskClient(url: string) {
  const login = await call(url, '/api/desk/login', {
    body: { login: 'wang', password: 'right horse' },
    headers: { origin: url },
  })
  const cookie = login.headers
    .getSetCookie()
    .map(line => line.split(';')[0]!)
    .join('; ')
  const headers = { cookie, 'x-csrf-token': String(login.json.csrfToken), origin: url }
  const send =
    (method: string) =>
    (path: string, body?: unknown, more: Record<string, string> = {}) =>
      call(url, `/api/desk${path}`, {
        method,
        headers: { ...headers, ...more },
        ...(body === undefined ? {} : { body }),
      })
  return { headers, get: send('GET'), post: send('POST'), remove: send('DELETE') }
}
