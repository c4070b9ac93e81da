import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReadBatch, readBatch, type Vendor } from '../../../../src/adapters/telephone/read-events.ts'
import { type Chance, seededChance } from '../../../../src/kernel/ids.ts'
import type { CallEvent } from '../../../../src/usecases/call-event.ts'
import { CALLER, endedEvent, finalEvent, partialEvent, startedEvent } from '../../../support/sample-call.ts'

const reasonOf = (event: unknown) => readBatch([event], null)!.refused[0]?.reason

describe('a batch', () => {
  test('is an array, an object with events, or one event alone', () => {
    const event = finalEvent('c', 1)
    for (const sent of [[event], { events: [event] }, event]) {
      const batch = readBatch(sent, null)!
      expect([batch.events.length, batch.refused]).toEqual([1, []])
    }
    expect(readBatch({ resume: ['a', 'b'] }, null)).toEqual({ events: [], refused: [], resume: ['a', 'b'] })
    expect(readBatch([], null)).toEqual({ events: [], refused: [], resume: [] })
  })

  test.each([
    ['nothing', null],
    ['a text', 'call.started'],
    ['a number', 7],
    ['events that are no list', { events: {} }],
    ['calls that are no texts', { resume: [1] }],
    ['too many', Array.from({ length: 501 }, () => finalEvent('c', 1))],
  ])('is none: %s', (_name, sent) => {
    expect(readBatch(sent, null)).toBeNull()
  })

  test('has its good events taken and its bad ones named by their places, never by what was said', () => {
    const batch = readBatch(
      [
        startedEvent('c', 1),
        { ...finalEvent('c', 2), role: 'robot', text: '我的电话13900001234' },
        'noise',
        finalEvent('c', 3),
        { ...finalEvent('c', 4), text: 5 },
      ],
      null,
    )!
    expect(batch.events.map(({ event, index }) => [event.type, index])).toEqual([
      ['call.started', 0],
      ['unreadable', 1],
      ['utterance.final', 3],
      ['unreadable', 4],
    ])
    expect(batch.refused.map(({ index, callId, seq }) => [index, callId, seq])).toEqual([
      [1, 'c', 2],
      [2, undefined, undefined],
      [4, 'c', 4],
    ])
    expect(JSON.stringify(batch.refused)).not.toContain('1390000')
  })
})

describe('an event', () => {
  test.each<[string, unknown, string]>([
    ['of no known type', finalEvent('c', 1, { type: 'call.held' }), 'type'],
    ['without a call', finalEvent('c', 1, { callId: undefined }), 'callId'],
    ['with an empty call', finalEvent('', 1), 'callId'],
    ['whose call is a broken text', finalEvent('c\u0000', 1), 'callId: control characters'],
    ['whose id is half a character', finalEvent('c', 1, { utteranceId: '\ud83d' }), 'utteranceId'],
    ['whose id is endless', finalEvent('c', 1, { utteranceId: 'u'.repeat(201) }), 'utteranceId'],
    ['without a number', finalEvent('c', 1, { seq: undefined }), 'seq: needed'],
    ['with a broken number', finalEvent('c', 1, { seq: 1.5 }), 'seq'],
    ['with a number below nought', finalEvent('c', 1, { seq: -1 }), 'seq'],
    ['with a number that no database holds', finalEvent('c', 1, { seq: 2 ** 31 }), 'seq'],
    ['that ends before it begins', finalEvent('c', 1, { beginMs: 900, endMs: 100 }), 'endMs: before beginMs'],
    ['from before the call', finalEvent('c', 1, { beginMs: -5 }), 'beginMs'],
    ['from another day', finalEvent('c', 1, { endMs: 90_000_000 }), 'endMs'],
    ['that is surer than sure', finalEvent('c', 1, { confidence: 1.2 }), 'confidence'],
    ['that is too long', finalEvent('c', 1, { text: '长'.repeat(4001) }), 'text'],
    ['that starts at no time', startedEvent('c', 1, { startedAt: 'yesterday' }), 'startedAt'],
    [
      'that starts at a time without a zone',
      startedEvent('c', 1, { startedAt: '2026-11-24T10:00:00' }),
      'startedAt',
    ],
    ['that goes nowhere', startedEvent('c', 1, { direction: 'sideways' }), 'direction'],
  ])('%s is refused, with the field', (_name, event, reason) => {
    expect(reasonOf(event)).toContain(reason)
  })

  test('may leave out what need not be said', () => {
    const { type, callId, direction, startedAt } = startedEvent('c', 1)
    for (const event of [
      { type, callId, direction, startedAt },
      { type: 'call.ended', callId },
      { type: 'call.agentChanged', callId, agentId: null },
      finalEvent('c', 1, { confidence: null, text: '' }),
    ])
      expect(reasonOf(event)).toBeUndefined()
  })

  test('is free of what no database keeps', () => {
    const [read] = readBatch(
      [finalEvent('c', 1, { text: 'a\u0000b\ud800c\u0007', beginMs: 10.4, endMs: 10.6 })],
      null,
    )!.events
    expect(read!.event).toMatchObject({ text: 'ab\ufffdc', beginMs: 10, endMs: 11 })
  })
})

/** Values that break careless readers. */
const HOSTILE: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  Number.NaN,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '长'.repeat(5000),
  '2026-02-30T25:61:00Z',
  '__proto__',
  'constructor',
  [],
  [[[[]]]],
  {},
  { length: -1 },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  { toString: 5, valueOf: null },
  'call.started',
  'utterance.final',
]

const ALIYUN = {
  header: { namespace: 'SpeechTranscriber', name: 'SentenceEnd', task_id: 't' },
  payload: { index: 1, time: 10, begin_time: 0, result: '好', words: [{ startTime: 0 }] },
}
const TENCENT = {
  code: 0,
  voice_id: 'v',
  result: { slice_type: 2, index: 0, start_time: 0, end_time: 5, voice_text_str: '好' },
}
const HUAWEI = {
  resp_type: 'RESULT',
  trace_id: 'h',
  segments: [{ start_time: 0, end_time: 5, is_final: true, result: { text: '好' } }],
}
const SEEDS: readonly [Vendor | null, unknown][] = [
  [null, startedEvent('c', 1)],
  [null, partialEvent('c', 2)],
  [null, finalEvent('c', 3)],
  [null, endedEvent('c', 4)],
  [null, { events: [finalEvent('c', 5)], resume: ['c'] }],
  ['aliyun', ALIYUN],
  ['aliyun', { callId: 'c', role: 'agent', offsetMs: 5, message: ALIYUN }],
  ['tencent', TENCENT],
  ['huawei', HUAWEI],
]

/** A value with one to three of its places, however deep, replaced, removed or added. */
function broken(value: unknown, chance: Chance): unknown {
  const copy: unknown = structuredClone(value)
  for (let times = 1 + chance.below(3); times > 0; times--) {
    let place = copy as Record<string, unknown>
    for (;;) {
      const names = Object.keys(place)
      const name = names[chance.below(names.length + 1)] ?? 'extra'
      const inner = place[name]
      if (
        typeof inner === 'object' &&
        inner !== null &&
        Object.keys(inner).length > 0 &&
        chance.below(3) > 0
      ) {
        place = inner as Record<string, unknown>
        continue
      }
      if (chance.below(5) === 0) delete place[name]
      else place[name] = HOSTILE[chance.below(HOSTILE.length)]
      break
    }
  }
  return copy
}

/** Everything that is let through can be stored as it is. */
function problemOf(batch: ReadBatch | null): string | null {
  const places = [...(batch?.events ?? []), ...(batch?.refused ?? [])].map(({ index }) => index)
  if (places.some(index => !(index >= 0))) return 'a place that is none'
  if (batch?.refused.some(({ reason }) => reason.length === 0 || reason.length > 200)) return 'no reason'
  return batch?.events.map(({ event }) => problemOfEvent(event)).find(problem => problem !== null) ?? null
}

function problemOfEvent(event: CallEvent): string | null {
  const values = Object.values(event)
  const texts = values.filter(value => typeof value === 'string')
  if (texts.some(text => text.includes('\u0000') || !text.isWellFormed()))
    return 'a text that no database holds'
  if (event.callId.length === 0 || event.callId.length > 128) return 'a call without a name'
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.some(number => !(number >= 0 && number < 2 ** 31))) return 'a number that no database holds'
  if ('beginMs' in event && event.beginMs > event.endMs) return 'an end before its beginning'
  return event.type === 'call.started' && Number.isNaN(event.startedAt.getTime()) ? 'no time' : null
}

describe('a hundred thousand broken inputs', () => {
  test('events with wrong, missing and hostile values never throw, and what is let through can be stored', () => {
    const chance = seededChance(20261124)
    let taken = 0
    for (let i = 0; i < 100_000; i++) {
      const [vendor, seed] = SEEDS[i % SEEDS.length]!
      const sent = broken(seed, chance)
      const batch = readBatch(sent, vendor)
      const problem = problemOf(batch)
      if (problem) expect.fail(`${problem}: ${JSON.stringify(sent)}`)
      taken += batch?.events.some(({ event }) => event.type !== 'unreadable') ? 1 : 0
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    // Both sides were really tried.
    expect(taken).toBeGreaterThan(10_000)
    expect(taken).toBeLessThan(90_000)
  })

  test('anything at all never throws', () => {
    const vendors = fc.constantFrom<Vendor | null>(null, 'aliyun', 'tencent', 'huawei')
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withSparseArray: true }),
        vendors,
        (sent, vendor) => {
          expect(problemOf(readBatch(sent, vendor))).toBeNull()
          expect(problemOf(readBatch([sent], vendor))).toBeNull()
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('the sample is a good one', () => {
    for (const [vendor, seed] of SEEDS) expect(readBatch(seed, vendor)!.refused).toEqual([])
    expect(CALLER).toMatch(/^1\d{10}$/)
  })
})
