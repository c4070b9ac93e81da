import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { RedisBus } from '../../src/adapters/redis/redis-bus.ts'
import { deskClient } from '../support/desk-client.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { endedEvent, finalEvent, partialEvent, startedEvent } from '../support/sample-call.ts'
import {
  CallReader,
  startTelephoneLine,
  TELEPHONE_SECRET,
  type TelephoneLine,
} from '../support/telephone-line.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'
import { until } from './socket-client.ts'
import { call } from './start-line.ts'

const REDIS = process.env.REDIS_URL ?? ''

if (REDIS) {
  describe('two instances over one store and Redis', () => {
    let home: TestStore
    const lines: TelephoneLine[] = []
    const buses: RedisBus[] = []
    beforeAll(async () => {
      home = await createTestStore()
      const channel = randomUUID()
      for (const store of [home.store, await home.another()]) {
        const bus = new RedisBus({
          url: REDIS,
          local: new MemoryBus(quietLogger),
          logger: quietLogger,
          channel,
        })
        buses.push(bus)
        lines.push(await startTelephoneLine({ store, bus }))
      }
      // Both hear each other.
      const heard = [false, false]
      buses.forEach((bus, i) => {
        bus.subscribe(({ topic }) => {
          if (topic === 'case') heard[i] = true
        })
      })
      await vi.waitFor(() => {
        for (const bus of buses) bus.publish([{ topic: 'case', caseId: 'x', version: 1 }])
        expect(heard).toEqual([true, true])
      }, 5000)
    })
    afterAll(async () => {
      for (const line of lines) await line.stop()
      for (const bus of buses) await bus.close()
      await home?.drop()
    })

    const post = (at: number, body: unknown) =>
      call(lines[at % 2]!.url, '/channels/telephone/events', { token: TELEPHONE_SECRET, body })
    async function follow(at: number, callId: string) {
      const { url } = lines[at]!
      const reader = new CallReader(url, (await deskClient(url)).headers)
      expect(await reader.open(callId)).toBe(200)
      return reader
    }

    test('a call that is told at one is followed at the other, word by word', async () => {
      const callId = randomUUID()
      await post(0, [startedEvent(callId, 1)])
      const reader = await follow(1, callId)
      await post(0, [partialEvent(callId, 2, { utteranceId: 'a', text: '水' })])
      await until(() => reader.texts('partial').length === 1, 'a word')
      await post(0, [finalEvent(callId, 3, { utteranceId: 'a', text: '水管爆了' })])
      await until(() => reader.texts('final').length === 1, 'the final words')
      await post(0, [endedEvent(callId, 4)])
      await until(() => reader.events.some(({ data }) => data.end), 'the end')
      reader.close()
      expect([reader.texts('partial'), reader.texts('final')]).toEqual([['水'], ['水管爆了']])
    })

    test('told at both at once, with repeats, nothing is lost or doubled, and both desks see the same', async () => {
      const callId = randomUUID()
      await post(0, [startedEvent(callId, 1)])
      const readers = [await follow(0, callId), await follow(1, callId)]
      const batches = Array.from({ length: 40 }, (_, i) => [2, 3, 4].map(n => finalEvent(callId, 3 * i + n)))
      const sent = batches.flatMap((batch, i) => [post(i, batch), post(i + 1, batch)])
      const answers = await Promise.all(sent)
      // A conflict that outlasts its tries is told as one, and is sent again.
      for (const [i, answer] of answers.entries())
        if (answer.status !== 200) await post(i, batches[Math.floor(i / 2)])
      const { json } = await post(0, { resume: [callId] })
      expect(json.ack).toBe(121)
      const stored = await home.store.phoneCalls.utterancesAfter(callId, 0, 1000)
      expect(stored.map(({ text }) => text).toSorted()).toEqual(
        Array.from({ length: 120 }, (_, i) => `第${i + 2}句`).toSorted(),
      )
      for (const reader of readers) {
        await until(() => reader.texts('final').length === 120, 'everything at the desk', 10_000)
        reader.close()
        expect(reader.texts('final')).toEqual(stored.map(({ text }) => text))
      }
    })
  })
} else {
  test('without REDIS_URL there is one instance only', () => {
    expect(REDIS).toBe('')
  })
}
