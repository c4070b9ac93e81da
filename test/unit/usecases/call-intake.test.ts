import { expect, test } from 'vitest'
import type { CallEvent } from '../../../src/usecases/call-event.ts'
import { CallIntake } from '../../../src/usecases/call-intake.ts'
import type { TakenEvents } from '../../../src/usecases/take-call-events.ts'
import { finalRead } from '../../support/sample-call.ts'

/** A store that lets each write wait until it is let go. */
function slowStore() {
  const writes: { events: readonly CallEvent[]; done: PromiseWithResolvers<TakenEvents> }[] = []
  const intake = new CallIntake(events => {
    const done = Promise.withResolvers<TakenEvents>()
    writes.push({ events, done })
    return done.promise
  })
  return { writes, intake }
}

const receipts = (...ids: string[]) => new Map(ids.map(id => [id, { ack: id.length, missing: [] }]))
const turn = () => new Promise(resolve => setImmediate(resolve))

test('what comes during a write goes into the next one together, and each sender hears of its own', async () => {
  const { writes, intake } = slowStore()
  const first = intake.take([finalRead('a', 1)])
  const second = intake.take([finalRead('bb', 1), finalRead('bb', 2)])
  const third = intake.take([finalRead('ccc', 1)])
  expect(writes.length).toBe(1)
  writes[0]!.done.resolve({ receipts: receipts('a'), refused: [] })
  expect((await first).receipts).toEqual(receipts('a'))
  await turn()
  expect(writes[1]!.events.map(({ callId }) => callId)).toEqual(['bb', 'bb', 'ccc'])
  writes[1]!.done.resolve({
    receipts: receipts('bb', 'ccc'),
    refused: [
      { index: 1, reason: 'call-over' },
      { index: 2, reason: 'call-over' },
    ],
  })
  expect(await second).toEqual({ receipts: receipts('bb'), refused: [{ index: 1, reason: 'call-over' }] })
  expect(await third).toEqual({ receipts: receipts('ccc'), refused: [{ index: 0, reason: 'call-over' }] })
})

test('a write that fails is told to those who are in it, and the next goes on', async () => {
  const { writes, intake } = slowStore()
  const first = intake.take([finalRead('a', 1)])
  const second = intake.take([finalRead('a', 2)])
  writes[0]!.done.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  await turn()
  writes[1]!.done.resolve({ receipts: receipts('a'), refused: [] })
  expect((await second).receipts.size).toBe(1)
})

test('one write takes no more than a thousand, but for a batch that is larger itself', async () => {
  const { writes, intake } = slowStore()
  const batch = (count: number) => Array.from({ length: count }, (_, i) => finalRead('a', i + 1))
  const all = [intake.take(batch(1)), ...[600, 500, 1500].map(count => intake.take(batch(count)))]
  for (let write = 0; write < 4; write++) {
    writes[write]!.done.resolve({ receipts: receipts('a'), refused: [] })
    await turn()
  }
  await Promise.all(all)
  expect(writes.map(({ events }) => events.length)).toEqual([1, 600, 500, 1500])
})
