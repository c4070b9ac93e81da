import type { CallNews, CallTrail } from '../../usecases/phone-call-ports.ts'

/** So much is kept of each call, and of so many calls. */
const MOST_NEWS = 500
const MOST_CALLS = 1000

interface Kept {
  news: CallNews[]
  /** Number of the first one that is kept. */
  first: number
}

/** The trail of calls of a single process. A cursor is the number of the next news. */
export class MemoryCallTrail implements CallTrail {
  /** In order of their last news. */
  readonly #calls = new Map<string, Kept>()

  async add(callId: string, news: readonly CallNews[]): Promise<void> {
    const kept = this.#calls.get(callId) ?? { news: [], first: 0 }
    kept.news.push(...news)
    const excess = kept.news.length - MOST_NEWS
    // Twice as many may stand there, so that not every addition moves them all.
    if (excess > MOST_NEWS) {
      kept.news.splice(0, excess)
      kept.first += excess
    }
    this.#calls.delete(callId)
    this.#calls.set(callId, kept)
    if (this.#calls.size > MOST_CALLS) this.#calls.delete(this.#calls.keys().next().value!)
  }

  async after(callId: string, cursor: string | null) {
    const { news, first } = this.#calls.get(callId) ?? { news: [], first: 0 }
    const skipped = Math.max(0, Number(cursor ?? 0) - first)
    return { news: news.slice(skipped), cursor: String(first + news.length) }
  }
}
