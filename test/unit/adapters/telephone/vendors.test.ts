import { describe, expect, test } from 'vitest'
import { readBatch, type Vendor } from '../../../../src/adapters/telephone/read-events.ts'

const read = (vendor: Vendor, message: unknown) => readBatch([message], vendor)!
const eventsOf = (vendor: Vendor, message: unknown) => read(vendor, message).events.map(({ event }) => event)
const reasonOf = (vendor: Vendor, message: unknown) => read(vendor, message).refused[0]?.reason

const aliyun = (name: string, payload: object | undefined, status = 20_000_000) => ({
  header: {
    namespace: 'SpeechTranscriber',
    name,
    status,
    message_id: 'm1',
    task_id: 'task-1',
    status_text: 'x',
  },
  ...(payload ? { payload } : {}),
})
const tencent = (slice_type: number, voice_text_str: string, more: object = {}) => ({
  code: 0,
  message: 'success',
  voice_id: 'voice-1',
  message_id: 'voice-1_11_0',
  result: {
    slice_type,
    index: 2,
    start_time: 1200,
    end_time: 2480,
    voice_text_str,
    word_size: 0,
    word_list: [],
  },
  ...more,
})
const huawei = (segments: object[]) => ({ resp_type: 'RESULT', trace_id: 'trace-1', segments })

describe('Aliyun', () => {
  test('SentenceBegin, TranscriptionResultChanged, SentenceEnd: one utterance with rising revisions', () => {
    const events = [
      aliyun('SentenceBegin', { index: 1, time: 320 }),
      aliyun('TranscriptionResultChanged', {
        index: 1,
        time: 1835,
        result: '我要反映',
        words: [{ text: '我', startTime: 630, endTime: 810 }],
      }),
      aliyun('SentenceEnd', {
        index: 1,
        time: 3100,
        begin_time: 320,
        result: '我要反映路灯不亮。',
        confidence: 0.93,
      }),
    ].flatMap(message => eventsOf('aliyun', message))
    const same = { callId: 'task-1', utteranceId: 'task-1-1', role: 'resident' }
    expect(events).toMatchObject([
      { ...same, type: 'utterance.partial', revision: 320, text: '', beginMs: 320, endMs: 320 },
      { ...same, type: 'utterance.partial', revision: 1835, text: '我要反映', beginMs: 630, endMs: 1835 },
      {
        ...same,
        type: 'utterance.final',
        revision: 3100,
        text: '我要反映路灯不亮。',
        beginMs: 320,
        endMs: 3100,
        confidence: 0.93,
      },
    ])
  })

  test('its own beginning and end say nothing, its failures are named', () => {
    for (const name of ['TranscriptionStarted', 'TranscriptionCompleted', 'SentenceSemantics'])
      expect(read('aliyun', aliyun(name, undefined))).toMatchObject({ events: [], refused: [] })
    expect(reasonOf('aliyun', aliyun('TaskFailed', undefined, 40_000_004))).toBe(
      'no result of this recogniser',
    )
    expect(reasonOf('aliyun', aliyun('SentenceEnd', { result: '没有编号' }))).toBe(
      'no result of this recogniser',
    )
    expect(reasonOf('aliyun', tencent(2, '别家的'))).toBe('no result of this recogniser')
  })
})

describe('Tencent', () => {
  test('slices of type 0, 1 and 2', () => {
    const events = [tencent(0, '我'), tencent(1, '我要'), tencent(2, '我要投诉。')].flatMap(message =>
      eventsOf('tencent', message),
    )
    const same = { callId: 'voice-1', utteranceId: 'voice-1-2', revision: 2480, beginMs: 1200, endMs: 2480 }
    expect(events).toMatchObject([
      { ...same, type: 'utterance.partial', text: '我' },
      { ...same, type: 'utterance.partial', text: '我要' },
      { ...same, type: 'utterance.final', text: '我要投诉。' },
    ])
  })

  test('the end says nothing, failures and unknown slices are named', () => {
    expect(read('tencent', { code: 0, message: 'success', voice_id: 'voice-1', final: 1 })).toMatchObject({
      events: [],
      refused: [],
    })
    expect(reasonOf('tencent', { code: 4008, message: 'timeout', voice_id: 'voice-1' })).toBeTruthy()
    expect(reasonOf('tencent', tencent(3, '?'))).toBeTruthy()
  })
})

describe('Huawei', () => {
  test('segments, several in one message', () => {
    const events = eventsOf(
      'huawei',
      huawei([
        { start_time: 500, end_time: 2000, is_final: true, result: { text: '你好', score: 0.8 } },
        { start_time: 2300, end_time: 2900, is_final: false, result: { text: '我们' } },
      ]),
    )
    expect(events).toMatchObject([
      {
        type: 'utterance.final',
        callId: 'trace-1',
        utteranceId: 'trace-1-500',
        revision: 2000,
        text: '你好',
        confidence: 0.8,
      },
      {
        type: 'utterance.partial',
        utteranceId: 'trace-1-2300',
        revision: 2900,
        text: '我们',
        confidence: null,
      },
    ])
  })

  test('beginnings, voices and ends say nothing, failures are named', () => {
    for (const resp_type of ['START', 'EVENT', 'END'])
      expect(read('huawei', { resp_type, trace_id: 't', event: 'VOICE_START' })).toMatchObject({
        events: [],
        refused: [],
      })
    for (const resp_type of ['ERROR', 'FATAL_ERROR', 'RESULT'])
      expect(reasonOf('huawei', { resp_type, trace_id: 't', error_code: 'SIS.0001' })).toBeTruthy()
  })
})

describe('passed on', () => {
  test('with the call, the voice and when its audio began', () => {
    const message = tencent(2, '您好，8890。')
    const [event] = eventsOf('tencent', { callId: 'call-9', role: 'agent', offsetMs: 10_000, message })
    expect(event).toMatchObject({ callId: 'call-9', role: 'agent', beginMs: 11_200, endMs: 12_480 })
  })

  test('together with the beginning and the end of the call in our own form', () => {
    const end = { type: 'call.ended', callId: 'call-9', reason: 'hang-up', durationMs: 5 }
    for (const vendor of ['aliyun', 'tencent', 'huawei'] as const) {
      expect(eventsOf(vendor, end)).toMatchObject([{ type: 'call.ended', callId: 'call-9' }])
      expect(reasonOf(vendor, { ...end, durationMs: -1 })).toContain('durationMs')
    }
  })
})
