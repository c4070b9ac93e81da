import { MemoryBus } from './adapters/memory/memory-bus.ts'
import { MemoryShared } from './adapters/memory/memory-shared.ts'
import { MemoryTurnLock } from './adapters/memory/memory-turn-lock.ts'
import { RedisBus } from './adapters/redis/redis-bus.ts'
import { RedisRateStore } from './adapters/redis/redis-rate-store.ts'
import { RedisShared } from './adapters/redis/redis-shared.ts'
import { RedisTurnLock } from './adapters/redis/redis-turn-lock.ts'
import type { Config } from './config.ts'
import type { Clock } from './kernel/clock.ts'
import type { Logger } from './kernel/logger.ts'
import type { SharedMemory } from './usecases/channel-ports.ts'
import type { Line } from './usecases/line.ts'

/** What instances share. */
export interface Live extends Pick<Line, 'bus' | 'lock'> {
  shared: SharedMemory
  rates?: RedisRateStore
  /** Rejects when Redis is away; null: there is none. */
  ping: (() => Promise<void>) | null
  close(): void
}

/** What instances share: over Redis when there is one, else within this process. */
export function openLive(config: Config, clock: Clock, logger: Logger): Live {
  const local = { bus: new MemoryBus(logger), lock: new MemoryTurnLock(), shared: new MemoryShared(clock) }
  const { REDIS_URL: url } = config
  if (!url) return { ...local, ping: null, close: () => {} }
  const lock = new RedisTurnLock({ url, local: local.lock, logger })
  const shared = new RedisShared({ url, local: local.shared, logger })
  const rates = new RedisRateStore({ url, logger })
  return {
    bus: new RedisBus({ url, local: local.bus, logger }),
    lock,
    shared,
    rates,
    ping: () => shared.ping(),
    close() {
      lock.close()
      shared.close()
      rates.close()
    },
  }
}
