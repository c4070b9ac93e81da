import { phoneCallRoutes } from '../../src/adapters/http/phone-call-routes.ts'
import { createRateLimiter } from '../../src/adapters/http/rate-limiter.ts'
import { telephone } from '../../src/adapters/telephone/telephone.ts'
import type { TelephoneOptions } from '../../src/adapters/telephone/telephone-options.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { callEar } from '../../src/usecases/call-intake.ts'
import type { Line } from '../../src/usecases/line.ts'
import type { Bus, Store } from '../../src/usecases/ports.ts'
import { readPhoneCall, runningCalls } from '../../src/usecases/read-phone-call.ts'
import { type RunningLine, startLine } from '../http/start-line.ts'
import { seatedAccounts } from './desk-client.ts'
import { accountOf } from './use-test-line.ts'

export const TELEPHONE_SECRET = 'the-secret-of-the-telephones'

export interface TelephoneLine extends RunningLine {
  accounts: ReturnType<typeof seatedAccounts>
}

/** The telephone channel and the desk's side of it on a real port, over a store and a bus; an agent sits at the desk. */
export async function startTelephoneLine(parts: {
  store: Pick<Store, 'phoneCalls'>
  bus: Bus
  port?: number
  changes?: Partial<TelephoneOptions>
}): Promise<TelephoneLine> {
  const { store, bus, port, changes } = parts
  const clock: Clock = { now: () => new Date() }
  const line = { store, bus, clock } as Line
  const accounts = seatedAccounts()
  accounts.seat(accountOf('agent'))
  const options: TelephoneOptions = {
    secret: TELEPHONE_SECRET,
    intake: callEar(line),
    limit: createRateLimiter({ clock }).take,
    ...changes,
  }
  const routes = phoneCallRoutes({
    bus,
    running: account => runningCalls(line, account),
    read: (account, id, after) => readPhoneCall(line, account, id, after),
  })
  const running = await startLine({
    ...(port === undefined ? {} : { port }),
    desk: { accounts, routes: [routes] },
    server: { channels: [app => telephone(app, options)] },
  })
  return { ...running, accounts }
}

/** Someone at the desk who follows a call, and keeps what the browser would. */
export class CallReader {
  readonly events: { id: string | null; event: string; data: Record<string, unknown> }[] = []
  readonly #url: string
  readonly #headers: Record<string, string>
  #controller = new AbortController()

  constructor(url: string, headers: Record<string, string>) {
    this.#url = url
    this.#headers = headers
  }

  /** Opens the stream, after what it has; answers with the status. */
  async open(callId: string): Promise<number> {
    this.#controller = new AbortController()
    const last = this.events.findLast(({ id }) => id !== null)?.id
    const response = await fetch(`${this.#url}/api/desk/calls/${encodeURIComponent(callId)}/events`, {
      headers: { ...this.#headers, ...(last ? { 'last-event-id': last } : {}) },
      signal: this.#controller.signal,
    })
    if (response.ok) this.#read(response).catch(() => undefined)
    else await response.body?.cancel()
    return response.status
  }

  close(): void {
    this.#controller.abort()
  }

  texts(event: string): unknown[] {
    return this.events.filter(each => each.event === event).map(({ data }) => data.text)
  }

  async #read(response: Response): Promise<void> {
    let text = ''
    for await (const bytes of response.body!) {
      text += Buffer.from(bytes).toString('utf8')
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) this.#keep(block)
    }
  }

  #keep(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
    const event = field('event')
    if (event) this.events.push({ id: field('id'), event, data: JSON.parse(field('data')!) })
  }
}
