import { call } from '../http/start-line.ts'

/** A browser at the desk: keeps its cookies, sends its token, and asks where it is told to. */
export class StaffBrowser {
  readonly #url: string
  readonly #cookies = new Map<string, string>()
  #token = ''

  constructor(url: string) {
    this.#url = url
  }

  async logIn(login: string, password: string) {
    const answer = await this.post('/login', { login, password })
    this.#token = String(answer.json.csrfToken ?? '')
    return answer
  }

  /** As a page does that was reloaded. */
  async reload() {
    const answer = await this.get('/me')
    this.#token = String(answer.json.csrfToken ?? '')
    return answer
  }

  get(path: string, headers: Record<string, string> = {}) {
    return this.#send('GET', path, undefined, headers)
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}) {
    return this.#send('POST', path, body, headers)
  }

  remove(path: string) {
    return this.#send('DELETE', path, undefined, {})
  }

  /** Goes to an address and does not follow where it leads. @returns where it leads */
  async follow(address: string): Promise<string> {
    const response = await fetch(new URL(address, this.#url), {
      redirect: 'manual',
      headers: this.#headers(),
    })
    this.#keep(response.headers)
    return response.headers.get('location') ?? `${response.status}`
  }

  async #send(method: string, path: string, body: unknown, headers: Record<string, string>) {
    const answer = await call(this.#url, `/api/desk${path}`, {
      method,
      headers: { ...this.#headers(), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    this.#keep(answer.headers)
    return answer
  }

  #headers(): Record<string, string> {
    const cookie = [...this.#cookies].map(pair => pair.join('=')).join('; ')
    return { cookie, 'x-csrf-token': this.#token, origin: this.#url }
  }

  #keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}
