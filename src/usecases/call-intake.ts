import type { CallEvent } from './call-event.ts'
import type { Line } from './line.ts'
import { type TakenEvents, takeCallEvents } from './take-call-events.ts'

/** So many events are written at once, at most (but for one sender's larger batch). */
const MOST_TOGETHER = 1000

type Take = (events: readonly CallEvent[], asked: readonly string[]) => Promise<TakenEvents>

interface Waiting {
  events: readonly CallEvent[]
  asked: readonly string[]
  done: PromiseWithResolvers<TakenEvents>
}

/**
 * All events of this instance, whoever sends them, one write after another: what comes during a write goes into the next one
 * together. Under load writes grow larger instead of more, and writers of one call never compete.
 */
export class CallIntake {
  readonly #take: Take
  readonly #waiting: Waiting[] = []
  #isWriting = false

  /** @param take `takeCallEvents` of a line */
  constructor(take: Take) {
    this.#take = take
  }

  /**
   * The places in `refused` are those in these events, and the receipts those of their calls and of the calls that were asked about.
   * @throws AppError `store-unavailable`; then these were not taken
   */
  take(events: readonly CallEvent[], asked: readonly string[] = []): Promise<TakenEvents> {
    const done = Promise.withResolvers<TakenEvents>()
    this.#waiting.push({ events, asked, done })
    if (!this.#isWriting) void this.#write()
    return done.promise
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const together = this.#next()
      try {
        const all = together.flatMap(({ events }) => events)
        const taken = await this.#take(all, [...new Set(together.flatMap(({ asked }) => asked))])
        let offset = 0
        for (const waiting of together) {
          waiting.done.resolve(partOf(taken, waiting, offset))
          offset += waiting.events.length
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

function partOf(taken: TakenEvents, { events, asked }: Waiting, offset: number): TakenEvents {
  const callIds = [...asked, ...events.map(({ callId }) => callId)]
  const refused = taken.refused
    .filter(({ index }) => index >= offset && index < offset + events.length)
    .map(({ index, reason }) => ({ index: index - offset, reason }))
  return { receipts: new Map(callIds.map(id => [id, taken.receipts.get(id)!])), refused }
}

/** A line's ear for calls: one intake for all who tell it of them. */
export function callEar(line: Line): CallIntake {
  return new CallIntake((events, asked) => takeCallEvents(line, events, asked))
}
