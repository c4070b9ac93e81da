import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import { HOUR, MINUTE } from '../../src/kernel/clock.ts'
import { newId, systemChance } from '../../src/kernel/ids.ts'
import { SILENT } from '../../src/usecases/channel-pulses.ts'
import type { TestServer } from '../support/database-server.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const NOW = new Date('2026-11-24T02:00:00Z')
const PROGRESS = { part: 'cases', done: 0, of: 10 }
const ago = (ms: number) => new Date(NOW.getTime() - ms)

/** What the administrator's page keeps: long work and how the line does. */
export function administrationContract(name: string, server: () => TestServer): void {
  describe(`long work and health on ${name}`, () => {
    let opened: TestStore
    let store: PostgresStore
    beforeAll(async () => {
      opened = await createTestStore(server())
      store = opened.store
    })
    afterAll(() => opened?.drop())

    const task = (kind: 'audit' | 'training', startedAt = NOW) => ({
      id: newId(startedAt, systemChance),
      kind,
      progress: PROGRESS,
      by: { login: 'li', displayName: '李伟' },
      startedAt,
    })

    test('of twenty who begin a kind at once on several instances one does', async () => {
      const stores = [store, await opened.another(), await opened.another()]
      const wanted = Array.from({ length: 20 }, () => task('audit'))
      const begun = await Promise.all(wanted.map((each, i) => stores[i % 3]!.tasks.begin(each)))
      expect(begun.filter(Boolean)).toHaveLength(1)
      const { id } = wanted[begun.indexOf(true)]!
      expect(await store.tasks.begin(task('training'))).toBe(true)

      const further = { part: 'cases', done: 4, of: 10 }
      expect(await store.tasks.beat(id, further, NOW)).toBe(true)
      expect(await stores[1]!.tasks.latest('audit', 5)).toMatchObject([
        { id, state: 'running', progress: further, by: { login: 'li' }, endedAt: null },
      ])
      expect(await stores[1]!.tasks.cancel(id)).toBe(true)
      expect(await store.tasks.beat(id, further, NOW)).toBe(false)
      expect(await store.tasks.end(id, { state: 'cancelled', result: null, at: NOW })).toBe(true)
      expect(await store.tasks.end(id, { state: 'done', result: {}, at: NOW })).toBe(false)
      expect(await store.tasks.cancel(id)).toBe(false)
      expect(await store.tasks.begin(task('audit'))).toBe(true)
    })

    test('one that was not heard of for a while is lost, and its end is not taken any more', async () => {
      await store.tasks.loseSilent(new Date(NOW.getTime() + 1), NOW)
      const silent = task('training', ago(MINUTE))
      await store.tasks.begin(silent)
      await store.tasks.loseSilent(ago(30_000), NOW)
      expect(await store.tasks.latest('training', 9)).toContainEqual(
        expect.objectContaining({ id: silent.id, state: 'lost', endedAt: NOW }),
      )
      expect(await store.tasks.beat(silent.id, PROGRESS, NOW)).toBe(false)
      expect(await store.tasks.end(silent.id, { state: 'done', result: {}, at: NOW })).toBe(false)
    })

    test('what instances tell of a channel is added up; the last failure keeps its words', async () => {
      const hour = ago(0)
      const pulse = { ...SILENT, channel: 'wecom', heard: 2, heardAt: ago(5), failed: 1 }
      await store.health.addPulses([{ ...pulse, failedAt: ago(5), failure: 'new' }], hour)
      await store.health.addPulses([{ ...pulse, failedAt: ago(9), failure: 'old', tokenAt: ago(7) }], hour)
      await store.health.addPulses([{ ...pulse, answered: 1, answeredAt: ago(50 * HOUR) }], ago(50 * HOUR))
      expect(await store.health.pulses(ago(24 * HOUR))).toEqual([
        {
          channel: 'wecom',
          heard: 4,
          answered: 0,
          failed: 2,
          heardAt: ago(5),
          answeredAt: ago(50 * HOUR),
          failedAt: ago(5),
          failure: 'new',
          tokenAt: ago(7),
        },
      ])
      await store.health.forgetBefore(ago(48 * HOUR))
      expect(await store.health.pulses(ago(24 * HOUR))).toMatchObject([{ answeredAt: null }])
    })

    test('instances are those that were seen lately', async () => {
      const instance = { id: 'one', startedAt: ago(HOUR), seenAt: ago(2 * MINUTE), model: null, content: 'c' }
      await store.health.seeInstance(instance)
      await store.health.seeInstance({ ...instance, id: 'two' })
      await store.health.seeInstance({ ...instance, seenAt: NOW })
      expect(await store.health.instances(ago(MINUTE))).toEqual([{ ...instance, seenAt: NOW }])
    })
  })
}
