import { describe, expect, test } from 'vitest'
import { createRateLimiter, type RateStore } from '../../src/adapters/http/rate-limiter.ts'
import { ManualClock } from '../../src/kernel/clock.ts'

const rules = { 'turn-by-user': { max: 2, seconds: 60 } }

describe('a rate limit', () => {
  test('counts each key by itself and begins anew when its window ends', async () => {
    const clock = new ManualClock('2026-11-24T01:00:00Z')
    const limiter = createRateLimiter({ clock, rules })
    await limiter.take('turn-by-user', 'a')
    await limiter.take('turn-by-user', 'a')
    await limiter.take('turn-by-user', 'b')
    clock.advance(20_000)
    await expect(limiter.take('turn-by-user', 'a')).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterSeconds: 40 },
    })
    clock.advance(40_000)
    await limiter.take('turn-by-user', 'a')
  })

  test('what is given back does not count', async () => {
    const limiter = createRateLimiter({ clock: new ManualClock('2026-11-24T01:00:00Z'), rules })
    for (let i = 0; i < 10; i++) {
      await limiter.take('turn-by-user', 'a')
      await limiter.giveBack('turn-by-user', 'a')
    }
  })

  test('counts in this process while the shared store is away', async () => {
    const store: RateStore = { add: () => Promise.reject(new Error('redis is away')) }
    const limiter = createRateLimiter({ clock: new ManualClock('2026-11-24T01:00:00Z'), rules, store })
    await limiter.take('turn-by-user', 'a')
    await limiter.take('turn-by-user', 'a')
    await expect(limiter.take('turn-by-user', 'a')).rejects.toMatchObject({ code: 'rate-limited' })
  })
})
