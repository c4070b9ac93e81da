import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from '../../kernel/logger.ts'
import type { SharedMemory } from '../../usecases/channel-ports.ts'
import { createRedisClient } from './redis-client.ts'

/** Whoever fetches and dies is forgotten after this many milliseconds. */
const FETCH_EXPIRY = 10_000
const WAIT = 40

const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`

/**
 * Shared memory of all instances. When Redis is away each instance remembers for itself: a nonce could then be used once an
 * instance, and each fetches a value of its own.
 */
export class RedisShared implements SharedMemory {
  readonly #client: Redis
  readonly #local: SharedMemory

  /** @param local the memory within this process, e.g. a `MemoryShared` */
  constructor(options: { url: string; local: SharedMemory; logger: Logger }) {
    this.#client = createRedisClient(options.url, options.logger)
    this.#local = options.local
  }

  async once(key: string, forMs: number): Promise<boolean> {
    // The own memory, too: should Redis lose it, this instance still knows.
    if (!(await this.#local.once(key, forMs))) return false
    try {
      return (await this.#client.set(`yihao:once:${key}`, '1', 'PX', forMs, 'NX')) === 'OK'
    } catch {
      return true
    }
  }

  async wasAsked(key: string): Promise<boolean> {
    if (await this.#local.wasAsked(key)) return true
    try {
      return (await this.#client.exists(`yihao:once:${key}`)) === 1
    } catch {
      return false
    }
  }

  async takeBack(key: string): Promise<void> {
    await this.#local.takeBack(key)
    await this.#client.del(`yihao:once:${key}`).catch(() => {
      // Redis is away: the key expires by itself.
    })
  }

  async cached(key: string, fetch: () => Promise<{ value: string; forMs: number }>): Promise<string> {
    const at = `yihao:cached:${key}`
    for (const end = performance.now() + FETCH_EXPIRY; performance.now() < end; await sleep(WAIT)) {
      try {
        const known = await this.#client.get(at)
        if (known !== null) return known
        const holder = randomUUID()
        if ((await this.#client.set(`${at}:fetching`, holder, 'PX', FETCH_EXPIRY, 'NX')) !== 'OK') continue
        return await this.#fetch(at, holder, fetch)
      } catch (error) {
        if (error instanceof FetchFailed) throw error.cause
        break
      }
    }
    return this.#local.cached(key, fetch)
  }

  async #fetch(
    at: string,
    holder: string,
    fetch: () => Promise<{ value: string; forMs: number }>,
  ): Promise<string> {
    try {
      const { value, forMs } = await fetch().catch(cause => {
        throw new FetchFailed('the value could not be fetched', { cause })
      })
      await this.#client.set(at, value, 'PX', forMs).catch(() => {})
      return value
    } finally {
      await this.#client.eval(RELEASE, 1, `${at}:fetching`, holder).catch(() => {
        // Redis is away: the key expires by itself.
      })
    }
  }

  async forget(key: string, value: string): Promise<void> {
    await this.#local.forget(key, value)
    await this.#client.eval(RELEASE, 1, `yihao:cached:${key}`, value).catch(() => {})
  }

  /** @throws when Redis is away */
  async ping(): Promise<void> {
    await this.#client.ping()
  }

  close(): void {
    this.#client.disconnect()
  }
}

/** Tells what the fetch threw from what Redis threw. */
class FetchFailed extends Error {
  override readonly name = 'FetchFailed'
}
