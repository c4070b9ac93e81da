import type { Logger } from '../../kernel/logger.ts'
import type { Bus, BusMessage } from '../../usecases/ports.ts'
import { MemoryCallTrail } from './memory-call-trail.ts'

/** The live bus of a single process. */
export class MemoryBus implements Bus {
  readonly trail = new MemoryCallTrail()
  readonly #listeners = new Set<(message: BusMessage) => void>()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  publish(messages: readonly BusMessage[]): void {
    for (const message of messages) this.#deliver(message)
  }

  /** A listener that throws harms neither the publisher nor the other listeners. */
  #deliver(message: BusMessage): void {
    for (const listener of this.#listeners) {
      try {
        listener(message)
      } catch (error) {
        this.#logger.error({ err: error }, 'a listener of the live bus failed')
      }
    }
  }

  subscribe(listener: (message: BusMessage) => void): () => void {
    // A wrapper of its own, so that one function may listen twice and stop once.
    const own = (message: BusMessage) => listener(message)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }
}
