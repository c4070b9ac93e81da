import type { Bus } from '../../usecases/ports.ts'
import type { ConversationStream } from './conversation-stream.ts'

const BEAT_MS = 25_000
/** A turn that takes longer than this shows that the line is writing. */
const TYPING_AFTER_MS = 300

/** A client that does not answer the goodbye within this is cut off. */
const GOODBYE_MS = 1000

/** The sockets of this instance, one per conversation, and the turns that run on it. */
export class StreamHub {
  readonly #streams = new Map<string, ConversationStream>()
  readonly #turns = new Set<Promise<unknown>>()
  readonly #unsubscribe: () => void
  readonly #beat: NodeJS.Timeout
  readonly #onError: (error: unknown) => void

  constructor(bus: Pick<Bus, 'subscribe'>, onError: (error: unknown) => void) {
    this.#onError = onError
    this.#unsubscribe = bus.subscribe(message => {
      if (message.topic === 'conversation') this.ring(message.conversationId, message.seq)
    })
    this.#beat = setInterval(() => {
      for (const stream of this.#streams.values()) stream.beat()
    }, BEAT_MS)
    this.#beat.unref()
  }

  /** The newest socket of a conversation stays, the older one is told why it goes. */
  add(stream: ConversationStream): void {
    this.#streams.get(stream.conversationId)?.close(1000, 'collision')
    this.#streams.set(stream.conversationId, stream)
    stream.ring().catch(this.#onError)
  }

  remove(stream: ConversationStream): void {
    if (this.#streams.get(stream.conversationId) === stream) this.#streams.delete(stream.conversationId)
  }

  ring(conversationId: string, seq?: number): void {
    this.#streams.get(conversationId)?.ring(seq).catch(this.#onError)
  }

  /** Runs a turn so that closing waits for it, and shows typing while it takes long. */
  async during<T>(conversationId: string, typing: () => object, turn: () => Promise<T>): Promise<T> {
    const showTyping = () => this.#streams.get(conversationId)?.showTyping(typing())
    const timer = setTimeout(showTyping, TYPING_AFTER_MS)
    const running = turn()
    this.#turns.add(running)
    try {
      return await running
    } finally {
      clearTimeout(timer)
      this.#turns.delete(running)
    }
  }

  /** Lets running turns finish, sends what they said, then says goodbye to every socket. */
  async close(): Promise<void> {
    clearInterval(this.#beat)
    await Promise.allSettled([...this.#turns])
    await Promise.allSettled([...this.#streams.values()].map(stream => stream.ring()))
    this.#unsubscribe()
    for (const stream of this.#streams.values()) stream.close(1001, 'going away')
    await this.#waitForGoodbyes()
  }

  async #waitForGoodbyes(): Promise<void> {
    for (let waited = 0; this.#streams.size > 0 && waited < GOODBYE_MS; waited += 50) {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    for (const stream of this.#streams.values()) stream.terminate()
  }
}
