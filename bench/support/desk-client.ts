import { Agent, type IncomingMessage, request } from 'node:http'
import type { AgentSuggestions } from '../../src/usecases/agent-suggestions.ts'

/** A case as a desk must name it to change it. */
export interface KnownCase {
  id: string
  version: number
}

/** Somebody at the desk: logged in, acting, listening. */
export class DeskClient {
  readonly #url: URL
  readonly #headers: Record<string, string>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })

  private constructor(url: string, headers: Record<string, string>) {
    this.#url = new URL(url)
    this.#headers = headers
  }

  static async logIn(url: string, login: string, password: string): Promise<DeskClient> {
    const answer = await fetch(`${url}/api/desk/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ login, password }),
    })
    const { csrfToken } = (await answer.json()) as { csrfToken: string }
    const cookie = answer.headers.getSetCookie().map(line => line.split(';')[0])
    return new DeskClient(url, { cookie: cookie.join('; '), 'x-csrf-token': csrfToken, origin: url })
  }

  async listCases(limit: number): Promise<KnownCase[]> {
    const { rows } = await this.#json<{ rows: KnownCase[] }>('GET', `/cases?limit=${limit}`)
    return rows
  }

  /** Writes a note into a case. Returns its new version. */
  async note({ id, version }: KnownCase): Promise<number> {
    const as = { role: 'agent', department: null }
    const body = { action: 'note', input: { text: '已电话联系。' }, expectedVersion: version, as }
    return (await this.#json<{ version: number }>('POST', `/cases/${id}/actions`, body)).version
  }

  /** What an agent is helped with in a talk. */
  suggest(talk: object): Promise<AgentSuggestions> {
    return this.#json('POST', '/agent/suggestions', talk)
  }

  /** Opens the live news; `hear` gets whatever arrives as it arrives. Resolves once the line has said that it is open. */
  listen(hear: (text: string) => void): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const sent = this.#send('GET', '/events', false, response => {
      response.setEncoding('utf8')
      response.once('data', () => {
        response.on('data', hear)
        resolve(() => sent.destroy())
      })
    })
    sent.on('error', reject)
    sent.end()
    return promise
  }

  close(): void {
    this.#agent.destroy()
  }

  #json<T>(method: string, path: string, body?: object): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const sent = this.#send(method, path, this.#agent, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', piece => (text += piece))
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else reject(new Error(`${path}: ${response.statusCode} ${text}`))
      })
    })
    sent.on('error', reject)
    if (body) sent.setHeader('content-type', 'application/json')
    sent.end(body && JSON.stringify(body))
    return promise
  }

  #send(method: string, path: string, agent: Agent | false, answered: (response: IncomingMessage) => void) {
    const { hostname, port } = this.#url
    const options = { method, hostname, port, path: `/api/desk${path}`, agent, headers: this.#headers }
    return request(options, answered)
  }
}
