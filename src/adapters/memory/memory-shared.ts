import type { Clock } from '../../kernel/clock.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'

/** More keys than this, and the oldest are forgotten. */
const MOST_KEYS = 200_000

/** Shared memory of a single process. */
export class MemoryShared implements SharedMemory {
  readonly #clock: Clock
  readonly #seen = new Map<string, number>()
  readonly #cached = new Map<string, { value: string; until: number }>()
  readonly #fetching = new Map<string, Promise<string>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async once(key: string, forMs: number): Promise<boolean> {
    const now = this.#clock.now().getTime()
    if ((this.#seen.get(key) ?? 0) > now) return false
    this.#seen.delete(key)
    this.#seen.set(key, now + forMs)
    if (this.#seen.size > MOST_KEYS) this.#seen.delete(this.#seen.keys().next().value!)
    return true
  }

  async wasAsked(key: string): Promise<boolean> {
    return (this.#seen.get(key) ?? 0) > this.#clock.now().getTime()
  }

  async takeBack(key: string): Promise<void> {
    this.#seen.delete(key)
  }

  async cached(key: string, fetch: () => Promise<{ value: string; forMs: number }>): Promise<string> {
    const known = this.#cached.get(key)
    if (known && known.until > this.#clock.now().getTime()) return known.value
    const underway = this.#fetching.get(key)
    if (underway) return underway
    const fetching = this.#fetch(key, fetch).finally(() => this.#fetching.delete(key))
    this.#fetching.set(key, fetching)
    return fetching
  }

  async #fetch(key: string, fetch: () => Promise<{ value: string; forMs: number }>): Promise<string> {
    const { value, forMs } = await fetch()
    this.#cached.delete(key)
    this.#cached.set(key, { value, until: this.#clock.now().getTime() + forMs })
    if (this.#cached.size > MOST_KEYS) this.#cached.delete(this.#cached.keys().next().value!)
    return value
  }

  async forget(key: string, value: string): Promise<void> {
    if (this.#cached.get(key)?.value === value) this.#cached.delete(key)
  }
}
