import type { TurnLock } from '../../usecases/ports.ts'

/** Turns of one conversation, one after another in the order of their coming, within this process. */
export class MemoryTurnLock implements TurnLock {
  readonly #last = new Map<string, Promise<unknown>>()

  run<T>(conversationId: string, turn: () => Promise<T>): Promise<T> {
    const before = this.#last.get(conversationId) ?? Promise.resolve()
    const mine = before.then(turn)
    // The next one waits for this turn's end, however it ends.
    const end = mine.then(
      () => {},
      () => {},
    )
    this.#last.set(conversationId, end)
    end.then(() => {
      if (this.#last.get(conversationId) === end) this.#last.delete(conversationId)
    })
    return mine
  }
}
