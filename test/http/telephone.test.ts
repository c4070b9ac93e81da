import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { CallSender } from '../../src/cli/call-sender.ts'
import { AppError } from '../../src/kernel/errors.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { deskClient } from '../support/desk-client.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { CALLER, endedEvent, finalEvent, partialEvent, startedEvent } from '../support/sample-call.ts'
import {
  CallReader,
  startTelephoneLine,
  TELEPHONE_SECRET,
  type TelephoneLine,
} from '../support/telephone-line.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'
import { accountOf } from '../support/use-test-line.ts'
import { until } from './socket-client.ts'
import { call } from './start-line.ts'

const EVENTS = '/channels/telephone/events'

let home: TestStore
let line: TelephoneLine
let callId: string
beforeAll(async () => {
  home = await createTestStore()
  line = await startTelephoneLine({ store: home.store, bus: new MemoryBus(quietLogger) })
})
afterAll(async () => {
  await line?.stop()
  await home?.drop()
})
beforeEach(() => {
  callId = `call-${randomUUID()}`
})

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const post = (body: unknown, token: string | null = TELEPHONE_SECRET, query = '') =>
  call(line.url, `${EVENTS}${query}`, { body, ...(token ? { token } : {}) })
const storedTexts = async (id = callId) =>
  (await home.store.phoneCalls.utterancesAfter(id, 0, 1000)).map(({ text }) => text)

/** A socket that keeps what it hears. */
async function socketTo(path: string, at = line) {
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/channels/telephone/stream${path}`, {
    headers: { authorization: `Bearer ${TELEPHONE_SECRET}` },
  })
  // biome-ignore lint/suspicious/noExplicitAny: the wire is untyped
  const heard: any[] = []
  const closed = Promise.withResolvers<number>()
  socket.onmessage = ({ data }) => void heard.push(JSON.parse(String(data)))
  socket.onclose = ({ code }) => closed.resolve(code)
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error('refused'))
  })
  closers.push(() => socket.close())
  const send = (message: unknown) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  return { socket, heard, send, closed: closed.promise }
}

async function reader(id = callId) {
  const desk = await deskClient(line.url)
  const follower = new CallReader(line.url, desk.headers)
  closers.push(() => follower.close())
  expect(await follower.open(id)).toBe(200)
  return follower
}

describe('a batch that is posted', () => {
  test('is stored and acknowledged up to its last number', async () => {
    const { status, json } = await post([
      startedEvent(callId, 1),
      partialEvent(callId, 2),
      finalEvent(callId, 3),
    ])
    expect([status, json]).toEqual([200, { ack: 3, acks: { [callId]: 3 }, refused: [] }])
    expect(await storedTexts()).toEqual(['第3句'])
  })

  test('may come as often as it likes', async () => {
    const batch = { events: [startedEvent(callId, 1), finalEvent(callId, 2), endedEvent(callId, 3)] }
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(batch)))
    for (const { json } of answers) expect(json.acks).toEqual({ [callId]: 3 })
    expect(await storedTexts()).toEqual(['第2句'])
  })

  test('has its bad events named, its good ones stored, and nobody waits for the bad ones', async () => {
    const { status, json } = await post([
      finalEvent(callId, 1),
      finalEvent(callId, 2, { role: 'x' }),
      5,
      finalEvent(callId, 3),
    ])
    expect([status, json.ack]).toEqual([200, 3])
    expect(json.refused).toEqual([
      { index: 1, callId, seq: 2, reason: expect.stringContaining('role') },
      { index: 2, reason: expect.any(String) },
    ])
    expect(await storedTexts()).toEqual(['第1句', '第3句'])
  })

  test('with a gap is acknowledged up to the gap, and what is missing is named', async () => {
    const first = await post([finalEvent(callId, 1), finalEvent(callId, 4)])
    expect(first.json).toMatchObject({ ack: 1, missing: { [callId]: [[2, 3]] } })
    const second = await post([finalEvent(callId, 2), finalEvent(callId, 3)])
    expect(second.json).toEqual({ ack: 4, acks: { [callId]: 4 }, refused: [] })
    expect(await storedTexts()).toEqual(['第1句', '第4句', '第2句', '第3句'])
  })

  test('of several calls is answered for each; others can be asked about', async () => {
    const other = `${callId}-other`
    const { json } = await post({ events: [finalEvent(callId, 1), finalEvent(other, 1)], resume: ['nobody'] })
    expect(json).toEqual({ acks: { nobody: 0, [callId]: 1, [other]: 1 }, refused: [] })
  })

  test("may be a recogniser's own words", async () => {
    const message = {
      code: 0,
      voice_id: 'v',
      result: { slice_type: 2, index: 0, start_time: 0, end_time: 900, voice_text_str: '喂' },
    }
    const { json } = await post([{ callId, role: 'agent', message }], TELEPHONE_SECRET, '?vendor=tencent')
    expect([json.ack, json.refused]).toEqual([0, []])
    expect(await storedTexts()).toEqual(['喂'])
    // A call can be followed from its first word on, though nothing of it is final.
    const begun = {
      header: { namespace: 'SpeechTranscriber', name: 'SentenceBegin', task_id: `${callId}-2` },
      payload: { index: 1, time: 5 },
    }
    expect((await post(begun, TELEPHONE_SECRET, '?vendor=aliyun')).json.refused).toEqual([])
    await reader(`${callId}-2`)
  })

  test.each<[string, unknown, string, number, string]>([
    ['that is no batch', { hello: 1 }, '', 200, ''],
    ['that is text', 'hello', '', 400, 'body-invalid'],
    ['that is a number', 5, '', 400, 'body-invalid'],
    ['with too many events', Array.from({ length: 501 }, () => 1), '', 400, 'body-invalid'],
    ['of an unknown recogniser', [], '?vendor=constructor', 400, 'body-invalid'],
    ['that is too large', [{ text: '长'.repeat(30_000) }], '', 413, 'message-too-long'],
  ])('%s', async (_name, body, query, status, code) => {
    const answer = await post(body, TELEPHONE_SECRET, query)
    expect([answer.status, answer.json.error?.code ?? '']).toEqual([status, code])
  })

  test('is not taken while the store is away, and is taken afterwards', async () => {
    let isAway = true
    const { store } = home
    const phoneCalls = {
      ...store.phoneCalls,
      load: async (wanted: Parameters<typeof store.phoneCalls.load>[0]) => {
        if (isAway) throw new AppError('store-unavailable')
        return store.phoneCalls.load(wanted)
      },
    }
    const poor = await startTelephoneLine({ store: { phoneCalls }, bus: new MemoryBus(quietLogger) })
    closers.push(poor.stop)
    const send = () => call(poor.url, EVENTS, { token: TELEPHONE_SECRET, body: [finalEvent(callId, 1)] })
    const refused = await send()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    const { heard, send: say, closed } = await socketTo('', poor)
    say(finalEvent(callId, 1))
    expect(await closed).toBe(1013)
    expect(heard.at(-1)).toEqual({ error: { code: 'store-unavailable' } })
    isAway = false
    expect((await send()).json.ack).toBe(1)
  })
})

describe('who is let in', () => {
  test.each<[string, string | null, string]>([
    ['nobody without the secret', null, 'token-missing'],
    ['nobody with another', 'the-secret-of-the-televisions', 'token-invalid'],
    ['nobody with its beginning', TELEPHONE_SECRET.slice(0, -1), 'token-invalid'],
  ])('%s', async (_name, token, code) => {
    const { status, json } = await post([finalEvent(callId, 1)], token)
    expect([status, json.error.code]).toEqual([401, code])
    expect(await storedTexts()).toEqual([])
  })

  test('a socket is refused before it is one', async () => {
    const refused = new WebSocket(`${line.url.replace('http', 'ws')}/channels/telephone/stream`)
    await expect(
      new Promise((resolve, reject) => {
        refused.onopen = resolve
        refused.onerror = () => reject(new Error('refused'))
      }),
    ).rejects.toThrow('refused')
  })

  test('whoever guesses is told to wait, and the right one comes in all the same', async () => {
    const poor = await startTelephoneLine({ store: home.store, bus: new MemoryBus(quietLogger) })
    closers.push(poor.stop)
    const statuses = []
    for (let i = 0; i < 32; i++)
      statuses.push((await call(poor.url, EVENTS, { token: `guess-${i}`, body: [] })).status)
    expect([statuses[0], statuses[29], statuses[30]]).toEqual([401, 401, 429])
    const many = await Promise.all(
      Array.from({ length: 300 }, () => call(poor.url, EVENTS, { token: TELEPHONE_SECRET, body: [] })),
    )
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('without the setting there is nothing', async () => {
    const off = await startTelephoneLine({
      store: home.store,
      bus: new MemoryBus(quietLogger),
      changes: { secret: null },
    })
    closers.push(off.stop)
    const { status } = await call(off.url, EVENTS, { token: TELEPHONE_SECRET, body: [] })
    expect(status).toBe(404)
    await expect(socketTo('', off)).rejects.toThrow('refused')
  })

  test('neither the number, nor the words, nor the secret are logged', async () => {
    await post([
      startedEvent(callId, 1),
      finalEvent(callId, 2, { text: '秘密的话' }),
      { ...finalEvent(callId, 3), role: CALLER },
    ])
    await post([], 'a-wrong-secret-of-somebody')
    const logged = line.logged.join('\n')
    expect(logged).toContain('/channels/telephone/events')
    for (const secret of [CALLER, '秘密的话', TELEPHONE_SECRET, 'a-wrong-secret', callId])
      expect(logged).not.toContain(secret)
  })
})

describe('a socket', () => {
  test('says how far the calls were received, then answers every frame in its order', async () => {
    await post([finalEvent(callId, 1), finalEvent(callId, 2)])
    const { heard, send } = await socketTo(`?calls=${callId},nobody`)
    await until(() => heard.length === 1, 'a greeting')
    expect(heard[0]).toEqual({ acks: { [callId]: 2, nobody: 0 } })
    send(finalEvent(callId, 3))
    send('no JSON')
    send([finalEvent(callId, 4), 5])
    send({ resume: [callId] })
    await until(() => heard.length === 5, 'four answers')
    expect(heard.slice(1)).toEqual([
      { ack: 3, acks: { [callId]: 3 }, refused: [] },
      { error: { code: 'body-invalid' } },
      { ack: 4, acks: { [callId]: 4 }, refused: [{ index: 1, reason: expect.any(String) }] },
      { ack: 4, acks: { [callId]: 4 }, refused: [] },
    ])
  })

  test('takes a flood without losing or doubling anything', async () => {
    const { heard, send } = await socketTo('')
    for (let seq = 1; seq <= 1000; seq++) send(finalEvent(callId, seq))
    await until(() => heard.length === 1001, 'an answer to each', 30_000)
    expect(heard.at(-1).ack).toBe(1000)
    const acks = heard.slice(1).map(({ ack }) => ack)
    expect(acks).toEqual(acks.toSorted((one, other) => one - other))
    expect(await storedTexts()).toEqual(Array.from({ length: 1000 }, (_, i) => `第${i + 1}句`))
  })

  test('with too large a frame is closed', async () => {
    const { send, closed } = await socketTo('')
    send(finalEvent(callId, 1, { text: 'x'.repeat(20_000) }))
    expect(await closed).toBe(1009)
  })

  test('answers what it heard before it says goodbye', async () => {
    const own = await startTelephoneLine({ store: home.store, bus: new MemoryBus(quietLogger) })
    const { heard, send, closed } = await socketTo('', own)
    await until(() => heard.length === 1, 'a greeting')
    send(finalEvent(callId, 1))
    await until(() => heard.length === 2, 'an answer')
    await own.stop()
    expect([await closed, await storedTexts()]).toEqual([1001, ['第1句']])
  })

  test('that is lost again and again, with its server, loses and doubles nothing', async () => {
    const bus = new MemoryBus(quietLogger)
    let own = await startTelephoneLine({ store: home.store, bus })
    const port = Number(new URL(own.url).port)
    const sender = new CallSender({ url: own.url, secret: TELEPHONE_SECRET, callId })
    for (let seq = 1; seq <= 300; seq++) {
      const sent =
        seq % 3 === 0 ? partialEvent(callId, seq, { utteranceId: `u${seq + 1}` }) : finalEvent(callId, seq)
      sender.send(sent as Parameters<typeof sender.send>[0])
      if (seq % 60 === 0) sender.drop()
      if (seq === 150) {
        await own.stop()
        own = await startTelephoneLine({ store: home.store, bus, port })
      }
      if (seq % 10 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await sender.finish()
    await own.stop()
    expect(sender.refused).toEqual([])
    const expected = Array.from({ length: 300 }, (_, i) => i + 1).filter(seq => seq % 3 !== 0)
    expect((await storedTexts()).toSorted()).toEqual(expected.map(seq => `第${seq}句`).toSorted())
    const [known] = await home.store.phoneCalls.load([{ callId, utteranceIds: [] }])
    expect(known!.call.received).toEqual([[1, 300]])
  })
})

describe('at the desk', () => {
  test('a call is read, its caller masked', async () => {
    await post([
      startedEvent(callId, 1),
      ...[2, 3, 4].map(seq => finalEvent(callId, seq)),
      endedEvent(callId, 5),
    ])
    const desk = await deskClient(line.url)
    const { status, json } = await desk.get(`/calls/${callId}/transcript?after=1`)
    expect(status).toBe(200)
    expect(json.call).toMatchObject({
      id: callId,
      caller: '139****34',
      agentId: '1003',
      lastPosition: 3,
      end: { reason: 'hang-up' },
    })
    expect(
      json.utterances.map((each: { position: number; text: string }) => [each.position, each.text]),
    ).toEqual([
      [2, '第3句'],
      [3, '第4句'],
    ])
    expect(JSON.stringify(json)).not.toContain(CALLER)
  })

  test('calls that go on are listed until they end', async () => {
    const desk = await deskClient(line.url)
    const listed = async () =>
      ((await desk.get('/calls/running')).json.rows as { id: string }[]).some(({ id }) => id === callId)
    await post([startedEvent(callId, 1)])
    expect(await listed()).toBe(true)
    await post([endedEvent(callId, 2)])
    expect(await listed()).toBe(false)
  })

  test('departments and strangers hear nothing, unknown calls are not there', async () => {
    await post([finalEvent(callId, 1)])
    const desk = await deskClient(line.url)
    const statusOf = async (path: string) => (await desk.get(path)).status
    expect([await statusOf('/calls/nobody/transcript'), await statusOf('/calls/nobody/events')]).toEqual([
      404, 404,
    ])
    expect((await call(line.url, `/api/desk/calls/${callId}/events`)).status).toBe(401)
    const agent = accountOf('agent')
    line.accounts.seat(accountOf('handler', 'housing-construction') as Account)
    try {
      for (const path of [`/calls/${callId}/transcript`, `/calls/${callId}/events`, '/calls/running'])
        expect(await statusOf(path)).toBe(403)
    } finally {
      line.accounts.seat(agent)
    }
    expect(await statusOf(`/calls/${callId}/transcript?after=-1`)).toBe(400)
    expect(await statusOf(`/calls/${callId}/transcript?after=99999999999`)).toBe(400)
  })

  test('a call is followed word by word', async () => {
    await post([startedEvent(callId, 1)])
    const { events, texts } = bound(await reader())
    await post([partialEvent(callId, 2, { utteranceId: 'a', text: '我' })])
    await until(() => texts('partial').length === 1, 'the first word')
    await post([partialEvent(callId, 3, { utteranceId: 'a', text: '我要', revision: 2 })])
    await until(() => texts('partial').length === 2, 'more words')
    await post([finalEvent(callId, 4, { utteranceId: 'a', text: '我要反映' })])
    await until(() => texts('final').length === 1, 'the final words')
    await post([endedEvent(callId, 5)])
    await until(() => events.some(({ data }) => data.end), 'the end')
    expect(texts('partial')).toEqual(['我', '我要'])
    expect(events.find(({ event }) => event === 'final')?.id).toBe('1')
  })

  test('who follows a call does not hold up the closing of the line', async () => {
    await post([finalEvent(callId, 1)])
    const own = await startTelephoneLine({ store: home.store, bus: new MemoryBus(quietLogger) })
    const follower = new CallReader(own.url, (await deskClient(own.url)).headers)
    closers.push(() => follower.close())
    expect(await follower.open(callId)).toBe(200)
    await until(() => follower.texts('final').length === 1, 'the words')
    const start = performance.now()
    await own.stop()
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('who is cut off goes on where they were, nothing twice', async () => {
    await post([startedEvent(callId, 1), finalEvent(callId, 2)])
    const follower = await reader()
    await until(() => follower.texts('final').length === 1, 'the first')
    follower.close()
    await post([finalEvent(callId, 3), finalEvent(callId, 4), partialEvent(callId, 5)])
    expect(await follower.open(callId)).toBe(200)
    await until(() => follower.texts('partial').length === 1, 'the words of now')
    expect(follower.texts('final')).toEqual(['第2句', '第3句', '第4句'])
  })
})

/** Methods that are used apart from their object. */
function bound(follower: CallReader) {
  return { events: follower.events, texts: (event: string) => follower.texts(event) }
}
