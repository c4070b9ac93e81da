import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { JobQueue } from '../../src/adapters/jobs/job-queue.ts'
import { findBrokenLink } from '../../src/cases/case-event.ts'
import type { Outgoing } from '../../src/conversation/message.ts'
import { DAY } from '../../src/kernel/clock.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { sweepClocks } from '../../src/usecases/sweep-clocks.ts'
import { actAtDesk } from '../../src/usecases/work-at-desk.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { createTestLine, lineOver, type StoreRecord, TEST_TIME, type TestLine } from '../support/test-line.ts'
import { createTestStore, type TestStore, testServers } from '../support/test-store.ts'
import { accountOf, act, type Filed, fileOne, storedCase } from '../support/use-test-line.ts'

const CASES = 12
const NOTHING: StoreRecord = { caseIds: [], queryCodes: new Map(), jobs: [], answers: [], chats: [] }
const handler = accountOf('handler', 'urban-management')

describe.each(testServers())('instances on one PostgreSQL ($kind)', server => {
  let opened: TestStore
  const instances: TestLine[] = []
  const queues: JobQueue[] = []

  beforeAll(async () => {
    opened = await createTestStore(server)
    const base = await createTestLine(opened.store)
    for (let seed = 1; seed <= 4; seed++) {
      const line = lineOver(base, await opened.another(), seed)
      const queue = new JobQueue({ connection: opened.connection, logger: quietLogger, poolSize: 3 })
      await queue.start()
      await queue.work('notify-resident', job => deliverNotification(line, job))
      instances.push(line)
      queues.push(queue)
    }
  }, 180_000)
  afterAll(async () => {
    await Promise.all(queues.map(queue => queue.stop()))
    await opened?.drop()
  })

  test.each([2, 4])('%i of them sweep at once: every effect is there once', async count => {
    const running = instances.slice(0, count)
    for (const line of instances) line.clock.set(TEST_TIME)
    const filed: Filed[] = []
    for (let each = 0; each < CASES; each++) {
      const line = running[each % count]!
      const one = await fileOne({ line, record: NOTHING }, { place: `建设路${count}${each}号` })
      await act(line, handler, one.case.id, 'sign')
      filed.push(one)
    }
    for (const line of running) line.clock.advance(15 * DAY)
    for (let changed = 1; changed > 0; )
      changed = Math.max(...(await Promise.all(running.map(line => sweepClocks(line)))))

    for (const one of filed) {
      const { events } = await storedCase(running[0]!, one.case.id)
      expect(findBrokenLink(events)).toBeNull()
      const rung = events
        .filter(({ type }) => ['clock-warned', 'clock-breached', 'clock-chased'].includes(type))
        .map(({ type, data }) => JSON.stringify([type, data]))
      expect(new Set(rung).size).toBe(rung.length)
      expect(rung.filter(alarm => alarm.includes('"handle"')).length).toBeGreaterThanOrEqual(3)
      expect(events.filter(({ type }) => type === 'supervision-ordered')).toHaveLength(1)
      await vi.waitFor(async () => expect(await noticesOf(one)).toContain('notify.signed'), {
        timeout: 40_000,
        interval: 100,
      })
    }
    for (const one of filed) {
      const notices = await noticesOf(one)
      expect(notices.filter(key => key === 'notify.signed')).toHaveLength(1)
    }
  })

  test('two handlers at two instances act at once: one wins, the other is told what has changed', async () => {
    const [one, other] = instances as [TestLine, TestLine]
    const { case: filed } = await fileOne({ line: one, record: NOTHING })
    const sign = { action: 'sign', input: {}, reason: null, expectedVersion: filed.version }
    const outcomes = await Promise.allSettled(
      [one, other].map(line => actAtDesk(line, handler, filed.id, sign)),
    )
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refusal = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refusal.reason).toMatchObject({
      code: 'version-conflict',
      details: {
        version: filed.version + 1,
        state: 'handling',
        changes: [{ type: 'signed', role: 'handler' }],
      },
    })
  })

  async function noticesOf({ conversation }: Filed): Promise<string[]> {
    const entries = await opened.store.transcriptAfter(conversation.id, 0, 100)
    return entries.filter(({ from }) => from === 'line').map(({ body }) => (body as Outgoing).key)
  }
})
