import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../../src/kernel/clock.ts'
import { type CallEvent, callEventSchema } from '../../../src/usecases/call-event.ts'
import { hearCall, unheardCall } from '../../../src/usecases/hear-call.ts'
import type { PhoneCall } from '../../../src/usecases/phone-call-ports.ts'
import { ackOf } from '../../../src/usecases/received-seqs.ts'
import { CALLER, endedEvent, finalEvent, partialEvent, startedEvent } from '../../support/sample-call.ts'

const NOW = new Date('2026-11-24T02:00:30Z')
const read = (sent: object) => callEventSchema.parse(sent)
const hear = (sent: object[], call: PhoneCall = unheardCall('c', NOW), finals: string[] = [], now = NOW) =>
  hearCall(call, sent.map(read), new Set(finals), now)

describe('a call that is heard', () => {
  test('begins, is spoken in, changes hands and ends', () => {
    const { call, finals, news } = hear([
      startedEvent('c', 1),
      partialEvent('c', 2, { utteranceId: 'u3' }),
      finalEvent('c', 3),
      { type: 'call.agentChanged', callId: 'c', seq: 4, agentId: '1007' },
      endedEvent('c', 5),
    ])
    expect(call).toMatchObject({ ani: CALLER, queue: 'general', agentId: '1007', lastPosition: 1 })
    expect(call.startedAt).toEqual(new Date('2026-11-24T02:00:00Z'))
    expect(call.end).toMatchObject({ reason: 'hang-up', durationMs: 60_000 })
    expect(finals.map(({ position, text }) => [position, text])).toEqual([[1, '第3句']])
    expect(news.map(({ kind }) => kind)).toEqual(['call', 'partial', 'final', 'call', 'call'])
    expect(ackOf(call.received)).toBe(5)
  })

  test('is taken from the middle, and learns of its beginning later', () => {
    const first = hear([finalEvent('c', 2)])
    expect([first.call.startedAt, first.finals.length]).toEqual([null, 1])
    const then = hear([startedEvent('c', 1)], first.call, ['u2'])
    expect([then.call.ani, then.call.lastPosition, ackOf(then.call.received)]).toEqual([CALLER, 1, 2])
  })

  test('a final utterance never changes, whatever comes after it', () => {
    const first = hear([finalEvent('c', 1)])
    const later = hear(
      [
        finalEvent('c', 2, { utteranceId: 'u1', revision: 99, text: '改了' }),
        partialEvent('c', 3, { utteranceId: 'u1', revision: 100 }),
      ],
      first.call,
      ['u1'],
    )
    expect([later.finals, later.news, later.call.lastPosition]).toEqual([[], [], 1])
    expect(ackOf(later.call.received)).toBe(3)
    const atOnce = hear([finalEvent('c', 1), finalEvent('c', 2, { utteranceId: 'u1', text: '改了' })])
    expect(atOnce.finals.map(({ text }) => text)).toEqual(['第1句'])
  })

  test('what comes again is not heard again, though others came in between', () => {
    const changed = (seq: number, agentId: string) => ({
      type: 'call.agentChanged',
      callId: 'c',
      seq,
      agentId,
    })
    const first = hear([partialEvent('c', 1), changed(2, '1003'), changed(3, '1007')])
    const again = hear([partialEvent('c', 1), changed(2, '1003')], first.call)
    expect([again.news, again.call.agentId]).toEqual([[], '1007'])
  })

  test('an utterance that is new is heard under a number that was used, once', () => {
    const first = hear([startedEvent('c', 1), finalEvent('c', 2)])
    const misnumbered = finalEvent('c', 2, { utteranceId: 'u9', text: '另一句' })
    const second = hear([misnumbered, misnumbered], first.call)
    expect(second.finals.map(({ position, text }) => [position, text])).toEqual([[2, '另一句']])
    expect(second.news.map(({ kind }) => kind)).toEqual(['final'])
    expect([ackOf(second.call.received), second.refused]).toEqual([2, []])
    const again = hear([misnumbered], second.call, ['u9'])
    expect([again.finals, again.news]).toEqual([[], []])
  })

  test('the first start and the first end count', () => {
    const { call } = hear([
      startedEvent('c', 1),
      startedEvent('c', 2, { queue: 'other' }),
      endedEvent('c', 3),
      endedEvent('c', 4, { reason: 'again' }),
    ])
    expect([call.queue, call.end?.reason, ackOf(call.received)]).toEqual(['general', 'hang-up', 4])
  })

  test('what comes soon after the end is still heard, but no more unfinished words; a day later nothing is', () => {
    const ended = hear([startedEvent('c', 1), endedEvent('c', 2)]).call
    const soon = hear([partialEvent('c', 3), finalEvent('c', 4)], ended, [], new Date(NOW.getTime() + MINUTE))
    expect([soon.news.map(({ kind }) => kind), soon.refused]).toEqual([['final'], []])
    const late = hear([finalEvent('c', 3)], ended, [], new Date(NOW.getTime() + DAY + 1))
    expect(late.refused).toEqual([{ index: 0, reason: 'call-over' }])
    // Sent again it would be refused again, so its sender must not be kept waiting for it.
    expect([late.finals, ackOf(late.call.received)]).toEqual([[], 3])
  })

  test('a start in the future is now; one within a minute is a clock that differs', () => {
    const startOf = (startedAt: string) => hear([startedEvent('c', 1, { startedAt })]).call.startedAt
    expect(startOf('2026-11-24T10:05:00+08:00')).toEqual(NOW)
    expect(startOf('2026-11-24T10:01:00+08:00')).toEqual(new Date('2026-11-24T02:01:00Z'))
    expect(startOf('2020-01-01T00:00:00Z')).toEqual(new Date('2020-01-01T00:00:00Z'))
  })

  test('a sender that leaves gap after gap is to fill them first, and may then go on', () => {
    const scattered = Array.from({ length: 300 }, (_, i) => finalEvent('c', 2 * i + 1))
    const { call, finals, refused } = hear(scattered)
    expect([finals.length, refused.length, refused[0]]).toEqual([
      200,
      100,
      { index: 200, reason: 'too-many-gaps' },
    ])
    const filled = hear([finalEvent('c', 2), finalEvent('c', 401)], call)
    expect(filled.refused).toEqual([])
  })

  test('something unreadable holds nobody up', () => {
    const events: CallEvent[] = [{ type: 'unreadable', callId: 'c', seq: 1 }, read(finalEvent('c', 2))]
    const { call, finals } = hearCall(unheardCall('c', NOW), events, new Set(), NOW)
    expect([ackOf(call.received), finals.length]).toEqual([2, 1])
  })

  test('in any order, with any repeats and in any pieces, the same is known at the end', () => {
    const sent = [startedEvent('c', 1), ...[2, 3, 4, 5].map(seq => finalEvent('c', seq)), endedEvent('c', 6)]
    const shuffled = fc.shuffledSubarray([...sent, ...sent, ...sent], { minLength: 18 })
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 6 }), (order, piece) => {
        let call = unheardCall('c', NOW)
        const said: string[] = []
        for (let at = 0; at < order.length; at += piece) {
          const heard = hear(order.slice(at, at + piece), call, said)
          call = heard.call
          said.push(...heard.finals.map(({ utteranceId }) => utteranceId))
        }
        expect(said.toSorted()).toEqual(['u2', 'u3', 'u4', 'u5'])
        expect([ackOf(call.received), call.lastPosition, call.ani, call.end?.reason]).toEqual([
          6,
          4,
          CALLER,
          'hang-up',
        ])
      }),
    )
  })
})
