import { isAppError } from '../../kernel/errors.ts'
import type { Vendor } from './read-events.ts'
import { takeBatch } from './take-batch.ts'
import type { TelephoneOptions } from './telephone-options.ts'

/** The part of a WebSocket that is used here. */
export interface Socket {
  readonly readyState: number
  send(data: string): void
  pause(): void
  resume(): void
  ping(): void
  close(code: number, reason: string): void
  terminate(): void
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void
  on(event: 'close' | 'pong', listener: () => void): void
}

const OPEN = 1
/** A sender that is faster than the store is not read for a while. */
const MOST_UNANSWERED = 256
const TRY_AGAIN_LATER = 1013

/**
 * One socket of a telephone system. Every frame gets one answer, in the order of the frames; frames are taken without waiting for the
 * answers to those before. When the store is away the socket is closed, and what was not acknowledged is to be sent again.
 */
export class EventSocket {
  readonly #socket: Socket
  readonly #vendor: Vendor | null
  readonly #options: TelephoneOptions
  readonly #onError: (error: unknown) => void
  #answered: Promise<void> = Promise.resolve()
  #unanswered = 0
  #isAlive = true

  constructor(parts: {
    socket: Socket
    vendor: Vendor | null
    options: TelephoneOptions
    /** Told of what nobody foresaw. */
    onError: (error: unknown) => void
  }) {
    this.#socket = parts.socket
    this.#vendor = parts.vendor
    this.#options = parts.options
    this.#onError = parts.onError
    parts.socket.on('pong', () => {
      this.#isAlive = true
    })
    parts.socket.on('message', data => this.#hear(data.toString('utf8')))
  }

  /** Says something that is no answer to a frame. */
  tell(message: object): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(JSON.stringify(message))
  }

  /** Called from time to time: a peer that is silent since the last call is gone. */
  beat(): void {
    if (!this.#isAlive) return this.#socket.terminate()
    this.#isAlive = false
    if (this.#socket.readyState === OPEN) this.#socket.ping()
  }

  /** Answers what was heard, then says goodbye. */
  async close(): Promise<void> {
    this.#socket.pause()
    await this.#answered
    this.#socket.resume()
    this.#socket.close(1001, 'going away')
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #hear(frame: string): void {
    this.#isAlive = true
    this.#unanswered++
    if (this.#unanswered >= MOST_UNANSWERED) this.#socket.pause()
    const taking = takeBatch(parseJson(frame), this.#vendor, this.#options)
    // Awaited in order below; a failure before its turn is no unhandled one.
    taking.catch(() => undefined)
    this.#answered = this.#answered.then(() => this.#answer(taking))
  }

  async #answer(taking: Promise<object>): Promise<void> {
    try {
      this.tell(await taking)
    } catch (error) {
      this.#refuse(error)
    }
    this.#unanswered--
    if (this.#unanswered < MOST_UNANSWERED / 2) this.#socket.resume()
  }

  #refuse(error: unknown): void {
    if (!isAppError(error)) this.#onError(error)
    const code = isAppError(error) ? error.code : 'internal'
    this.tell({ error: { code } })
    if (code !== 'body-invalid') this.#socket.close(TRY_AGAIN_LATER, code)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
