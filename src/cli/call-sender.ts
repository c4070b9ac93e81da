import { z } from 'zod'
import type { TimedEvent } from './recorded-call.ts'

type SentEvent = TimedEvent['event']

const answerSchema = z.object({
  acks: z.record(z.string(), z.number()).optional(),
  refused: z
    .array(z.object({ index: z.number(), reason: z.string(), seq: z.number().optional() }))
    .optional(),
})

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2000

/**
 * Sends the events of one call over a socket as a telephone system would: keeps what is not acknowledged, connects again when the
 * socket is lost, and sends from there on.
 */
export class CallSender {
  /** What the line refused, and why. */
  readonly refused: { seq: number | null; reason: string }[] = []
  readonly #url: string
  readonly #secret: string
  readonly #callId: string
  #kept: SentEvent[] = []
  #socket: WebSocket | null = null
  #isOpen = false
  #isOver = false
  #waitMs = FIRST_WAIT_MS
  #done: PromiseWithResolvers<void> | null = null

  /** @param url of the line, e.g. `http://localhost:8890` */
  constructor({ url, secret, callId }: { url: string; secret: string; callId: string }) {
    this.#url = url
    this.#secret = secret
    this.#callId = callId
    this.#connect()
  }

  send(event: SentEvent): void {
    this.#kept.push(event)
    if (this.#isOpen) this.#socket!.send(JSON.stringify(event))
  }

  /** When everything is acknowledged, or refused; then the socket is closed. */
  async finish(): Promise<void> {
    this.#done = Promise.withResolvers()
    this.#settle()
    await this.#done.promise
    this.#isOver = true
    this.#socket?.close()
  }

  /** Loses the socket, as a network would. */
  drop(): void {
    this.#socket?.close()
  }

  #connect(): void {
    const address = new URL('/channels/telephone/stream', this.#url.replace(/^http/, 'ws'))
    address.searchParams.set('calls', this.#callId)
    const socket = new WebSocket(address, { headers: { authorization: `Bearer ${this.#secret}` } })
    this.#socket = socket
    let isGreeted = false
    socket.onmessage = ({ data }) => {
      const answer = answerSchema.safeParse(JSON.parse(String(data)))
      if (answer.success) this.#hear(answer.data)
      if (isGreeted) return
      // The greeting says where we were.
      isGreeted = true
      this.#isOpen = true
      this.#waitMs = FIRST_WAIT_MS
      for (const event of this.#kept) socket.send(JSON.stringify(event))
    }
    socket.onclose = () => {
      this.#isOpen = false
      if (this.#isOver) return
      setTimeout(() => this.#connect(), this.#waitMs)
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
    }
  }

  #hear({ acks, refused }: z.output<typeof answerSchema>): void {
    for (const { seq = null, reason } of refused ?? []) this.refused.push({ seq, reason })
    const ack = acks?.[this.#callId]
    if (ack !== undefined) this.#kept = this.#kept.filter(({ seq }) => seq > ack)
    this.#settle()
  }

  #settle(): void {
    if (this.#kept.length === 0) this.#done?.resolve()
  }
}
