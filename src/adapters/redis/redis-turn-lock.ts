import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from '../../kernel/logger.ts'
import type { TurnLock } from '../../usecases/ports.ts'
import { createRedisClient } from './redis-client.ts'

/** A holder that died is forgotten after this many milliseconds; a living one renews three times in between. */
const EXPIRY = 6000
/** Longer than a turn may take: then the turn goes ahead, and the store's version check decides. */
const PATIENCE = 15_000
const FIRST_WAIT = 10
const LONGEST_WAIT = 100

/** Only the holder of the token may renew or release. */
const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`

/**
 * Turns of one conversation, one at a time over all instances. Within a process they queue; towards other instances the
 * one that runs holds a key with an expiry. Without Redis only the queue is left: the version check keeps it right, at
 * the price of a repeated turn.
 */
export class RedisTurnLock implements TurnLock {
  readonly #client: Redis
  readonly #local: TurnLock

  /** @param local the lock within this process, e.g. a `MemoryTurnLock` */
  constructor(options: { url: string; local: TurnLock; logger: Logger }) {
    this.#client = createRedisClient(options.url, options.logger)
    this.#local = options.local
  }

  run<T>(conversationId: string, turn: () => Promise<T>): Promise<T> {
    return this.#local.run(conversationId, () => this.#runLocked(`yihao:turn:${conversationId}`, turn))
  }

  close(): void {
    this.#client.disconnect()
  }

  async #runLocked<T>(key: string, turn: () => Promise<T>): Promise<T> {
    const token = randomUUID()
    const isHeld = await this.#acquire(key, token)
    if (!isHeld) return turn()
    const renewal = setInterval(() => this.#ask(RENEW, key, token, EXPIRY), EXPIRY / 3)
    try {
      return await turn()
    } finally {
      clearInterval(renewal)
      await this.#ask(RELEASE, key, token)
    }
  }

  /** False when Redis is away or the patience is at its end. */
  async #acquire(key: string, token: string): Promise<boolean> {
    const end = performance.now() + PATIENCE
    for (let wait = FIRST_WAIT; performance.now() < end; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        if ((await this.#client.set(key, token, 'PX', EXPIRY, 'NX')) === 'OK') return true
      } catch {
        return false
      }
      // Spread, so that those who wait do not ask in step.
      await sleep(wait * (0.5 + Math.random()))
    }
    return false
  }

  async #ask(script: string, key: string, ...values: (string | number)[]): Promise<void> {
    await this.#client.eval(script, 1, key, ...values).catch(() => {
      // Redis is away: the key expires by itself.
    })
  }
}
