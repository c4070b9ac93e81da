import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { MemoryShared } from '../../src/adapters/memory/memory-shared.ts'
import { RedisRateStore } from '../../src/adapters/redis/redis-rate-store.ts'
import { RedisShared } from '../../src/adapters/redis/redis-shared.ts'
import { ManualClock } from '../../src/kernel/clock.ts'
import type { SharedMemory } from '../../src/usecases/channel-ports.ts'
import { quietLogger } from '../support/quiet-logger.ts'

const REDIS = process.env.REDIS_URL ?? ''
const MINUTE = 60_000

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const local = () => new MemoryShared(new ManualClock('2026-11-24T02:00:00Z'))
async function overRedis(url: string, isThere = true): Promise<SharedMemory> {
  const shared = new RedisShared({ url, local: local(), logger: quietLogger })
  closers.push(() => shared.close())
  // Connected when the first key comes back as it must.
  for (let tries = 0; isThere && tries < 100; tries++) {
    const probe = randomUUID()
    await shared.once(probe, 1000)
    const other = new RedisShared({ url, local: local(), logger: quietLogger })
    const isKnown = !(await other.once(probe, 1000))
    other.close()
    if (isKnown) break
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return shared
}

const kinds: [string, () => Promise<SharedMemory>][] = [
  ['within a process', async () => local()],
  ...(REDIS ? [['over Redis', () => overRedis(REDIS)] as [string, () => Promise<SharedMemory>]] : []),
  ['without the Redis it should have', () => overRedis('redis://127.0.0.1:1', false)],
]

describe.each(kinds)('shared memory %s', (_name, open) => {
  test('a key is new once', async () => {
    const shared = await open()
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 10 }, () => shared.once(key, MINUTE)))
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await shared.once(randomUUID(), MINUTE)).toBe(true)
  })

  test('it is known who asked, and what is taken back is new again', async () => {
    const shared = await open()
    const key = randomUUID()
    expect(await shared.wasAsked(key)).toBe(false)
    await shared.once(key, MINUTE)
    expect(await shared.wasAsked(key)).toBe(true)
    await shared.takeBack(key)
    expect(await shared.wasAsked(key)).toBe(false)
    expect(await shared.once(key, MINUTE)).toBe(true)
  })

  test('twenty askers fetch a value once, and again when it is forgotten', async () => {
    const shared = await open()
    const key = randomUUID()
    let fetched = 0
    const fetch = async () => ({ value: `v${++fetched}`, forMs: MINUTE })
    const values = await Promise.all(Array.from({ length: 20 }, () => shared.cached(key, fetch)))
    expect(new Set(values)).toEqual(new Set(['v1']))
    await shared.forget(key, 'another')
    expect(await shared.cached(key, fetch)).toBe('v1')
    await shared.forget(key, 'v1')
    expect(await shared.cached(key, fetch)).toBe('v2')
  })

  test('what the fetch throws goes to whoever asked, and the next one asks anew', async () => {
    const shared = await open()
    const key = randomUUID()
    await expect(shared.cached(key, () => Promise.reject(new Error('no token')))).rejects.toThrow('no token')
    expect(await shared.cached(key, async () => ({ value: 'v', forMs: MINUTE }))).toBe('v')
  })
})

if (REDIS)
  test('two instances share keys and values', async () => {
    const [a, b] = [await overRedis(REDIS), await overRedis(REDIS)]
    const key = randomUUID()
    expect(await a.once(key, MINUTE)).toBe(true)
    expect(await b.once(key, MINUTE)).toBe(false)
    const other = randomUUID()
    await a.once(other, MINUTE)
    expect(await b.wasAsked(other)).toBe(true)
    await a.takeBack(other)
    expect(await b.once(other, MINUTE)).toBe(true)
    let fetched = 0
    const fetch = async () => ({ value: `v${++fetched}`, forMs: MINUTE })
    const values = await Promise.all([a, b, a, b].map(each => each.cached(`${key}-value`, fetch)))
    expect(new Set(values)).toEqual(new Set(['v1']))
  })

if (REDIS)
  test('instances count together what has a limit, and the window of the first ends for all', async () => {
    const [a, b] = [1, 2].map(() => new RedisRateStore({ url: REDIS, logger: quietLogger }))
    closers.push(
      () => a!.close(),
      () => b!.close(),
    )
    const key = randomUUID()
    const add = (store: RedisRateStore, by: 1 | -1) =>
      vi.waitFor(() => store.add(key, by, 60_000), { timeout: 5000 })
    expect(await add(a!, 1)).toMatchObject({ count: 1 })
    const second = await add(b!, 1)
    expect(second.count).toBe(2)
    expect(second.leftMs).toBeGreaterThan(0)
    expect(second.leftMs).toBeLessThanOrEqual(60_000)
    expect(await add(a!, -1)).toMatchObject({ count: 1 })
    expect(await add(b!, -1)).toMatchObject({ count: 0 })
    expect(await add(b!, -1)).toMatchObject({ count: 0 })
    const short = randomUUID()
    await a!.add(short, 1, 30)
    await vi.waitFor(async () => expect((await b!.add(short, 1, 30)).count).toBe(1), {
      timeout: 5000,
      interval: 100,
    })
  })
