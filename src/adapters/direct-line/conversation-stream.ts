import type { TranscriptEntry } from '../../conversation/message.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { PAGE, readAfter } from './watermark.ts'

/** The part of a WebSocket that is used here. */
export interface Socket {
  readonly bufferedAmount: number
  readonly readyState: number
  send(data: string): void
  close(code: number, reason: string): void
  terminate(): void
  ping(): void
  on(event: 'message' | 'close' | 'error' | 'pong', listener: () => void): void
}

const OPEN = 1
const HIGH_WATER = 1 << 18
const DRAIN_TRIES = 100

/**
 * One socket that follows one transcript. The store is the truth and a doorbell only says "look again": each look reads
 * what lies behind the cursor and moves it, so nothing is lost or sent twice, however the bells ring.
 */
export class ConversationStream {
  readonly conversationId: string
  readonly #socket: Socket
  readonly #store: DirectLineOptions['store']
  readonly #render: (entries: TranscriptEntry[]) => Promise<object[]>
  #cursor: number
  #target: number
  #mustLook = false
  #pumping: Promise<void> | null = null
  #isAlive = true

  constructor(parts: {
    conversationId: string
    watermark: number
    socket: Socket
    store: DirectLineOptions['store']
    render: (entries: TranscriptEntry[]) => Promise<object[]>
  }) {
    this.conversationId = parts.conversationId
    this.#cursor = parts.watermark
    this.#target = parts.watermark
    this.#socket = parts.socket
    this.#store = parts.store
    this.#render = parts.render
    parts.socket.on('pong', () => {
      this.#isAlive = true
    })
    parts.socket.on('message', () => {
      this.#isAlive = true
    })
  }

  /** There may be entries up to `seq`; without it, look whether there are. */
  ring(seq?: number): Promise<void> {
    if (seq === undefined) this.#mustLook = true
    else this.#target = Math.max(this.#target, seq)
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null
    })
    return this.#pumping
  }

  /** The line is writing. Never part of the transcript, so it carries the old watermark. */
  showTyping(activity: object): void {
    this.#send([activity])
  }

  /** Called from time to time: a peer that is silent since the last call is gone. Also looks for unheard bells. */
  beat(): void {
    if (!this.#isAlive) {
      this.#socket.terminate()
      return
    }
    this.#isAlive = false
    if (this.#socket.readyState === OPEN) this.#socket.ping()
    this.ring().catch(() => undefined)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  async #pump(): Promise<void> {
    while (this.#socket.readyState === OPEN && (this.#mustLook || this.#cursor < this.#target)) {
      const wanted = this.#target
      this.#mustLook = false
      const { entries, watermark } = await readAfter(this.#store, this.conversationId, this.#cursor)
      if (entries.length === 0) {
        this.#cursor = watermark
        // Rung too early: wait for the next bell, unless one was heard meanwhile.
        if (this.#target === wanted) this.#target = watermark
        continue
      }
      const activities = await this.#render(entries)
      if (!(await this.#hasDrained())) return
      this.#cursor = watermark
      this.#mustLook ||= entries.length === PAGE
      this.#send(activities)
    }
  }

  /** A client that does not read is let go: it comes back with its watermark. */
  async #hasDrained(): Promise<boolean> {
    for (let tries = 0; this.#socket.bufferedAmount > HIGH_WATER; tries++) {
      if (tries === DRAIN_TRIES || this.#socket.readyState !== OPEN) {
        this.#socket.terminate()
        return false
      }
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    return this.#socket.readyState === OPEN
  }

  #send(activities: object[]): void {
    if (this.#socket.readyState !== OPEN) return
    this.#socket.send(JSON.stringify({ activities, watermark: String(this.#cursor) }))
  }
}
