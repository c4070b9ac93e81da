import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Logger } from '../../kernel/logger.ts'
import { createRedisClient } from './redis-client.ts'

/** Adds in one step; the first addition starts the window. Returns the count and the milliseconds that are left of the window. */
const ADD = `local count = redis.call('incrby', KEYS[1], ARGV[1])
if count < 0 then redis.call('set', KEYS[1], 0, 'KEEPTTL') count = 0 end
if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[2]) end
return {count, redis.call('pttl', KEYS[1])}`

/** Counts of all instances, in fixed windows. @throws when Redis is away: then each instance counts for itself */
export class RedisRateStore {
  readonly #client: Redis

  constructor(options: { url: string; logger: Logger }) {
    this.#client = createRedisClient(options.url, options.logger)
  }

  async add(key: string, by: 1 | -1, windowMs: number): Promise<{ count: number; leftMs: number }> {
    // Keys hold addresses and people's ids, which are nobody's business there.
    const hashed = `yihao:rate:${createHash('sha256').update(key).digest('base64url')}`
    const [count, leftMs] = (await this.#client.eval(ADD, 1, hashed, by, windowMs)) as [number, number]
    return { count, leftMs }
  }

  close(): void {
    this.#client.disconnect()
  }
}
