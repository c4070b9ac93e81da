import { randomUUID } from 'node:crypto'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { MemoryTurnLock } from '../../src/adapters/memory/memory-turn-lock.ts'
import { RedisBus } from '../../src/adapters/redis/redis-bus.ts'
import { RedisTurnLock } from '../../src/adapters/redis/redis-turn-lock.ts'
import type { CallNews } from '../../src/usecases/phone-call-ports.ts'
import type { Bus, BusMessage, TurnLock } from '../../src/usecases/ports.ts'
import { quietLogger } from '../support/quiet-logger.ts'

const REDIS = process.env.REDIS_URL ?? ''
const MESSAGE: BusMessage = { topic: 'case', caseId: 'c1', version: 2 }

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const memoryBus = () => new MemoryBus(quietLogger)
const redisBus = (url: string, channel: string) => {
  const bus = new RedisBus({ url, local: memoryBus(), logger: quietLogger, channel })
  closers.push(() => bus.close())
  return bus
}
const redisLock = (url: string) => {
  const lock = new RedisTurnLock({ url, local: new MemoryTurnLock(), logger: quietLogger })
  closers.push(() => lock.close())
  return lock
}
const heard = (bus: Bus) => {
  const messages: BusMessage[] = []
  const stop = bus.subscribe(message => messages.push(message))
  return { messages, stop }
}

/** Runs turns of one conversation over some locks at once; the most that ran at the same time. */
async function mostAtOnce(
  locks: TurnLock[],
  turns: number,
  conversationId: string = randomUUID(),
): Promise<number> {
  let running = 0
  let most = 0
  const turn = async () => {
    running += 1
    most = Math.max(most, running)
    await sleep(5)
    running -= 1
  }
  await Promise.all(
    Array.from({ length: turns }, (_, i) => locks[i % locks.length]!.run(conversationId, turn)),
  )
  return most
}

const wordsNews = (...texts: string[]): CallNews[] =>
  texts.map(text => {
    const spoken = {
      utteranceId: 'u',
      revision: 1,
      role: 'agent',
      beginMs: 0,
      endMs: 1,
      confidence: null,
    } as const
    return { kind: 'partial', utterance: { ...spoken, text } }
  })
const textsOf = (news: CallNews[] | undefined) =>
  (news ?? []).map(each => (each.kind === 'call' ? '' : each.utterance.text))

describe('in memory', () => {
  test('the trail of a call is read from where one was, and forgets the oldest', async () => {
    const { trail } = memoryBus()
    const read = async (cursor: string | null) => (await trail.after('c', cursor))!
    expect((await read(null)).news).toEqual([])
    await trail.add('c', wordsNews('a', 'b'))
    const { news, cursor } = await read(null)
    expect(textsOf(news)).toEqual(['a', 'b'])
    await trail.add('c', wordsNews('c'))
    expect(textsOf((await read(cursor)).news)).toEqual(['c'])
    expect((await trail.after('another', null))!.news).toEqual([])
    for (let i = 0; i < 2000; i++) await trail.add('c', wordsNews(`n${i}`))
    const all = await read(cursor)
    expect(all.news.length).toBeGreaterThanOrEqual(500)
    expect(all.news.length).toBeLessThanOrEqual(1000)
    expect(textsOf(all.news).at(-1)).toBe('n1999')
    expect((await read(all.cursor)).news).toEqual([])
  })

  test('a message reaches every listener until it stops, even past one that throws', () => {
    const bus = memoryBus()
    bus.subscribe(() => {
      throw new Error('a broken listener')
    })
    const [one, two] = [heard(bus), heard(bus)]
    bus.publish([MESSAGE])
    one.stop()
    bus.publish([MESSAGE])
    expect([one.messages, two.messages]).toEqual([[MESSAGE], [MESSAGE, MESSAGE]])
  })

  test('turns of one conversation run one by one in their order, those of others beside them', async () => {
    const lock = new MemoryTurnLock()
    expect(await mostAtOnce([lock], 10, 'a')).toBe(1)
    const order: number[] = []
    await Promise.all([1, 2, 3].map(n => lock.run('b', async () => order.push(n))))
    expect(order).toEqual([1, 2, 3])
    const both = Promise.withResolvers<void>()
    const first = lock.run('c', () => both.promise)
    await lock.run('d', async () => both.resolve())
    await first
  })

  test('a turn that fails fails alone', async () => {
    const lock = new MemoryTurnLock()
    const failing = lock.run('a', async () => {
      throw new Error('turn')
    })
    const next = lock.run('a', async () => 'fine')
    await expect(failing).rejects.toThrow('turn')
    expect(await next).toBe('fine')
  })
})

describe('with Redis away from the start', () => {
  const NOBODY = 'redis://127.0.0.1:1'

  test('the own listeners still hear, at once', () => {
    const bus = redisBus(NOBODY, 'x')
    const { messages } = heard(bus)
    bus.publish([MESSAGE])
    expect(messages).toEqual([MESSAGE])
  })

  test('a trail says that it cannot be read, and takes what is added without a word', async () => {
    const { trail } = redisBus(NOBODY, 'x')
    await trail.add('c', wordsNews('a'))
    expect(await trail.after('c', null)).toBeNull()
  })

  test('turns still run one by one within the process, and without waiting', async () => {
    const start = performance.now()
    expect(await mostAtOnce([redisLock(NOBODY)], 5)).toBe(1)
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

if (REDIS) {
  describe('with Redis', () => {
    test('what one instance publishes the others hear, and itself only once', async () => {
      const channel = randomUUID()
      const [a, b] = [redisBus(REDIS, channel), redisBus(REDIS, channel)]
      const [atA, atB] = [heard(a), heard(b)]
      await vi.waitFor(() => {
        a.publish([MESSAGE])
        expect(atB.messages.length).toBeGreaterThan(0)
      }, 5000)
      const last: BusMessage = { topic: 'conversation', conversationId: 'k', seq: 7 }
      const before = atA.messages.length
      a.publish([last])
      await vi.waitFor(() => expect(atB.messages.at(-1)).toEqual(last), 5000)
      expect(atA.messages.slice(before)).toEqual([last])
    })

    test('every kind of message reaches the other instances', async () => {
      const kinds: { [T in BusMessage['topic']]: Extract<BusMessage, { topic: T }> } = {
        conversation: { topic: 'conversation', conversationId: 'k1', seq: 3 },
        case: { topic: 'case', caseId: 'c1', version: 2 },
        call: { topic: 'call', callId: 'a1', position: 4 },
        chat: { topic: 'chat', chatId: 't1', seq: 5 },
        task: { topic: 'task', taskId: 't2', kind: 'audit' },
        hall: { topic: 'hall' },
      }
      const channel = randomUUID()
      const [one, other] = [redisBus(REDIS, channel), redisBus(REDIS, channel)]
      const { messages } = heard(other)
      await vi.waitFor(() => {
        one.publish(Object.values(kinds))
        expect(messages).toEqual(expect.arrayContaining(Object.values(kinds)))
      })
    })

    test('what one instance adds to the trail of a call another reads, page after page, and it ends by itself', async () => {
      const [a, b] = [redisBus(REDIS, 'x'), redisBus(REDIS, 'x')]
      const callId = randomUUID()
      await vi.waitFor(async () => {
        await a.trail.add(callId, wordsNews('first'))
        expect((await b.trail.after(callId, null))?.news.length).toBeGreaterThan(0)
      }, 5000)
      const { cursor } = (await b.trail.after(callId, null))!
      await a.trail.add(callId, [
        ...wordsNews(...Array.from({ length: 450 }, (_, i) => `n${i}`)),
        { kind: 'call' },
      ])
      const { news, cursor: next } = (await b.trail.after(callId, cursor))!
      expect(textsOf(news)).toEqual([...Array.from({ length: 450 }, (_, i) => `n${i}`), ''])
      expect(await b.trail.after(callId, next)).toEqual({ news: [], cursor: next })
      const client = new Redis(REDIS)
      closers.push(() => client.disconnect())
      expect(await client.ttl(`yihao:call:${callId}`)).toBeGreaterThan(0)
      await a.trail.add(callId, wordsNews(...Array.from({ length: 3000 }, (_, i) => `m${i}`)))
      expect(await client.xlen(`yihao:call:${callId}`)).toBeLessThan(1000)
      await client.del(`yihao:call:${callId}`)
    })

    test('turns of one conversation run one by one over three instances', async () => {
      const locks = [redisLock(REDIS), redisLock(REDIS), redisLock(REDIS)]
      await sleep(200)
      expect(await mostAtOnce(locks, 12)).toBe(1)
    })

    test('when Redis goes away the line goes on, and when it is back they hear one another again', async () => {
      const proxy = await redisProxy()
      const channel = randomUUID()
      const [a, b] = [redisBus(proxy.url, channel), redisBus(proxy.url, channel)]
      const lock = redisLock(proxy.url)
      const [atA, atB] = [heard(a), heard(b)]
      const reaches = () =>
        vi.waitFor(
          () => {
            a.publish([MESSAGE])
            expect(atB.messages.length).toBeGreaterThan(0)
          },
          { timeout: 10_000, interval: 50 },
        )
      await reaches()
      await proxy.cut()
      const before = atA.messages.length
      a.publish([MESSAGE])
      expect(atA.messages).toHaveLength(before + 1)
      expect(await mostAtOnce([lock], 4)).toBe(1)
      await proxy.mend()
      atB.messages.length = 0
      await reaches()
    })
  })
} else {
  test('without REDIS_URL only the ways without Redis are tried', () => {
    expect(REDIS).toBe('')
  })
}

/** Stands between us and Redis, so that a test can cut the line without stopping the machine's Redis. */
async function redisProxy() {
  const target = new URL(REDIS)
  const sockets = new Set<Socket>()
  const listen = (port: number) =>
    new Promise<Server>(done => {
      const server = createServer(socket => {
        const upstream = connect(Number(target.port || 6379), target.hostname)
        for (const [one, other] of [
          [socket, upstream],
          [upstream, socket],
        ] as const) {
          sockets.add(one)
          one.on('error', () => other.destroy())
          one.on('close', () => other.destroy())
          one.pipe(other)
        }
      })
      server.listen(port, '127.0.0.1', () => done(server))
    })
  let server = await listen(0)
  const { port } = server.address() as { port: number }
  const cut = async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  closers.push(cut)
  return {
    url: `redis://127.0.0.1:${port}`,
    cut,
    mend: async () => {
      server = await listen(port)
    },
  }
}
