import type { CallEvent } from './call-event.ts'
import type { Line } from './line.ts'
import { type CallReceipt, receiptsOf, type TakenEvents, takeCallEvents } from './take-call-events.ts'

/** So many events are written at once, at most (but for one sender's larger batch). */
const MOST_TOGETHER = 1000

interface Waiting {
  events: readonly CallEvent[]
  done: PromiseWithResolvers<TakenEvents>
}

/**
 * All events of this instance, whoever sends them, one write after another: what comes during a write goes into the next one
 * together. Under load writes grow larger instead of more, and writers of one call never compete.
 */
export class CallIntake {
  readonly #take: (events: readonly CallEvent[]) => Promise<TakenEvents>
  readonly #waiting: Waiting[] = []
  #isWriting = false

  /** @param take `takeCallEvents` of a line */
  constructor(take: (events: readonly CallEvent[]) => Promise<TakenEvents>) {
    this.#take = take
  }

  /**
   * The places in `refused` are those in these events, and the receipts those of their calls.
   * @throws AppError `store-unavailable`; then these were not taken
   */
  take(events: readonly CallEvent[]): Promise<TakenEvents> {
    const done = Promise.withResolvers<TakenEvents>()
    this.#waiting.push({ events, done })
    if (!this.#isWriting) void this.#write()
    return done.promise
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const together = this.#next()
      try {
        const taken = await this.#take(together.flatMap(({ events }) => events))
        let offset = 0
        for (const { events, done } of together) {
          done.resolve(partOf(taken, events, offset))
          offset += events.length
        }
      } catch (error) {
        for (const { done } of together) done.reject(error)
      }
    }
    this.#isWriting = false
  }

  #next(): Waiting[] {
    let count = 0
    const end = this.#waiting.findIndex(({ events }, index) => {
      count += events.length
      return index > 0 && count > MOST_TOGETHER
    })
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end)
  }
}

function partOf(taken: TakenEvents, events: readonly CallEvent[], offset: number): TakenEvents {
  const own = new Map<string, CallReceipt>()
  for (const { callId } of events) own.set(callId, taken.receipts.get(callId)!)
  const refused = taken.refused
    .filter(({ index }) => index >= offset && index < offset + events.length)
    .map(({ index, reason }) => ({ index: index - offset, reason }))
  return { receipts: own, refused }
}

/** A line's ears for calls: one intake for all who tell it of them. */
export function callEars(line: Line) {
  const intake = new CallIntake(events => takeCallEvents(line, events))
  return {
    take: (events: readonly CallEvent[]) => intake.take(events),
    receipts: (callIds: readonly string[]) => receiptsOf(line, callIds),
  }
}
