import { randomUUID } from 'node:crypto'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MemoryBus } from '../../src/adapters/memory/memory-bus.ts'
import { MemoryTurnLock } from '../../src/adapters/memory/memory-turn-lock.ts'
import { RedisBus } from '../../src/adapters/redis/redis-bus.ts'
import { RedisTurnLock } from '../../src/adapters/redis/redis-turn-lock.ts'
import type { Conversation } from '../../src/conversation/message.ts'
import type { Account } from '../../src/usecases/ports.ts'
import { pushChat } from '../../src/usecases/push-chat.ts'
import { startChannels } from '../support/chat-channels.ts'
import { deskClient } from '../support/desk-client.ts'
import { quietLogger } from '../support/quiet-logger.ts'
import { createTestLine, lineOver, recordingStore, type TestLine } from '../support/test-line.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'
import { accountOf, keysOf, open, say, useTestLine } from '../support/use-test-line.ts'
import { answerAsVendors, dingtalkPersonInChat, vendorTalker } from '../support/vendor-talkers.ts'
import { feishuPerson, VENDOR_SETTINGS } from '../support/vendor-wires.ts'
import { startWiredDesk, type WiredDesk } from '../support/wired-desk.ts'
import { until } from './socket-client.ts'

const agentOf = (): Account => ({ ...accountOf('agent'), id: randomUUID() })

/** Somebody's desk at an instance. */
async function deskOf(running: WiredDesk, account: Account = agentOf()) {
  running.accounts.seat(account)
  return deskClient(running.url)
}

async function chatOf(line: TestLine, { id }: Conversation): Promise<string> {
  return (await line.store.transact(tx => tx.chats.ofConversation(id)))!.id
}

/** A resident who waits for a person. */
async function asked(line: TestLine) {
  const conversation = await open(line)
  await say(line, conversation, '人民路3号门口路灯不亮了')
  await say(line, conversation, '转人工')
  return { conversation, chatId: await chatOf(line, conversation) }
}

type Row = { id: string; state: string; waitedSeconds: number | null; holder: { isMine: boolean } | null }
const rowOf = async (desk: Awaited<ReturnType<typeof deskOf>>, chatId: string): Promise<Row | undefined> =>
  (await desk.get('/chats')).json.rows.find(({ id }: Row) => id === chatId)

describe('the interface to chats', () => {
  const lines = useTestLine()
  let line: TestLine
  let running: WiredDesk
  beforeAll(async () => {
    line = lines.fresh().line
    running = await startWiredDesk(line)
  })
  afterAll(() => running?.stop())

  test('a chat is listed, taken over, read with its history, written in once, and handed back', async () => {
    const { conversation, chatId } = await asked(line)
    const desk = await deskOf(running)
    expect(await rowOf(desk, chatId)).toMatchObject({ state: 'waiting', waitedSeconds: 0, holder: null })
    expect((await desk.post(`/chats/${chatId}/take`, {})).status).toBe(200)
    expect(await rowOf(desk, chatId)).toMatchObject({ state: 'held', holder: { isMine: true } })
    const once = { 'idempotency-key': 'write-1' }
    const [first, again] = [
      await desk.post(`/chats/${chatId}/messages`, { text: '您好' }, once),
      await desk.post(`/chats/${chatId}/messages`, { text: '您好' }, once),
    ]
    expect(again.json).toEqual(first.json)
    const { json } = await desk.get(`/chats/${chatId}/entries`)
    const said = json.entries.map(({ from, text }: { from: string; text: string }) => `${from}: ${text}`)
    expect(said).toContain('resident: 人民路3号门口路灯不亮了')
    expect(said.filter((each: string) => each === 'agent: 您好')).toHaveLength(1)
    expect((await desk.post(`/chats/${chatId}/hand-back`, {})).status).toBe(200)
    expect(await rowOf(desk, chatId)).toBeUndefined()
    expect(keysOf(await say(line, conversation, '你好'))).toEqual(['repair.greeting'])
  })

  test('departments get none of it, and without the token nothing is done', async () => {
    const { chatId } = await asked(line)
    const handler = await deskOf(running, accountOf('handler', 'urban-management'))
    for (const path of ['/chats', `/chats/${chatId}/entries`])
      expect((await handler.get(path)).status).toBe(403)
    expect((await handler.post(`/chats/${chatId}/take`, {})).status).toBe(403)
    const agent = await deskOf(running)
    const bare = await agent.post(`/chats/${chatId}/take`, {}, { 'x-csrf-token': 'wrong' })
    expect(bare.status).toBe(403)
    expect((await agent.get(`/chats/${chatId}/deeds`)).status).toBe(403)
    expect((await agent.post('/chats/none/take', {})).status).toBe(404)
    expect((await agent.post(`/chats/${chatId}/messages`, { text: '  ' })).status).toBe(400)
  })

  test('the codes of cases are not shown at the desk, only to their owner', async () => {
    const { conversation, chatId } = await asked(line)
    await say(line, conversation, '不等了')
    await say(line, conversation, '不留电话')
    const filed = await say(line, conversation, '没问题，提交')
    expect(JSON.stringify(filed.replies)).toContain('queryCode')
    const desk = await deskOf(running)
    const { json } = await desk.get(`/chats/${chatId}/entries`)
    expect(JSON.stringify(json.entries)).toContain('departmentName')
    expect(JSON.stringify(json.entries)).not.toContain('queryCode')
  })

  test('the desk hears of it live', async () => {
    const desk = await deskOf(running)
    const leave = new AbortController()
    const { cookie } = desk.headers
    const response = await fetch(`${running.url}/api/desk/events`, {
      headers: { cookie },
      signal: leave.signal,
    })
    let heard = ''
    const reading = (async () => {
      for await (const chunk of response.body!) heard += Buffer.from(chunk).toString()
    })().catch(() => undefined)
    await until(() => heard.includes('event: ready'), 'ready')
    const { chatId } = await asked(line)
    await until(() => heard.includes(`event: chat\ndata: {"chatId":"${chatId}"`), 'the chat')
    leave.abort()
    await reading
  })
})

const REDIS = process.env.REDIS_URL ?? ''
const KINDS = REDIS ? (['without Redis', 'with Redis'] as const) : (['without Redis'] as const)

describe.each(KINDS)('two instances over one store, %s', kind => {
  let home: TestStore
  let base: TestLine
  const closers: (() => unknown)[] = []
  const channel = randomUUID()
  let one: { line: TestLine; running: WiredDesk }
  let other: { line: TestLine; running: WiredDesk }
  let seed = 9000

  beforeAll(async () => {
    home = await createTestStore()
    base = await createTestLine(home.store)
    one = await start()
    other = await start()
  })
  afterAll(async () => {
    await one?.running.stop()
    await other?.running.stop()
    for (const close of closers) await close()
    await home?.drop()
  })

  async function start() {
    const line = { ...lineOver(base, await home.another(), seed++), ...live() }
    return { line, running: await startWiredDesk(line) }
  }

  function live(): Pick<TestLine, 'bus' | 'lock'> {
    const local = { bus: new MemoryBus(quietLogger), lock: new MemoryTurnLock() }
    if (kind === 'without Redis') return local
    const options = { url: REDIS, logger: quietLogger }
    const bus = new RedisBus({ ...options, local: local.bus, channel })
    const lock = new RedisTurnLock({ ...options, local: local.lock })
    closers.push(
      () => bus.close(),
      () => lock.close(),
    )
    return { bus, lock }
  }

  test('of two agents who grab one chat at both at once, one gets it and the other is told', async () => {
    const { conversation, chatId } = await asked(one.line)
    const desks = [await deskOf(one.running), await deskOf(other.running)]
    const answers = await Promise.all(desks.map(desk => desk.post(`/chats/${chatId}/take`, {})))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)!.json.error.code).toBe('chat-taken')
    const entries = await one.line.store.transcriptAfter(conversation.id, 0, 100)
    const taken = entries.filter(({ body }) => 'key' in body && body.key === 'take-over.taken')
    expect(taken).toHaveLength(1)
  })

  test('a resident at one talks to an agent at the other, also after the agent s instance was started anew', async () => {
    const { conversation, chatId } = await asked(one.line)
    const agent = agentOf()
    const before = await deskOf(other.running, agent)
    await before.post(`/chats/${chatId}/take`, {})
    expect((await say(one.line, conversation, '在人民路3号')).replies).toEqual([])
    await before.post(`/chats/${chatId}/messages`, { text: '记下了' })

    await other.running.stop()
    other = await start()
    const after = await deskOf(other.running, agent)
    expect(await rowOf(after, chatId)).toMatchObject({ state: 'held', holder: { isMine: true } })
    expect((await say(one.line, conversation, '还有楼道灯')).replies).toEqual([])
    expect((await after.post(`/chats/${chatId}/messages`, { text: '一起报' })).status).toBe(200)
    const said = (await one.line.store.transcriptAfter(conversation.id, 0, 100)).map(({ body }) => body.text)
    expect(said.slice(-4)).toEqual(['在人民路3号', '记下了', '还有楼道灯', '一起报'])
    await after.post(`/chats/${chatId}/hand-back`, {})
    expect(keysOf(await say(one.line, conversation, '你好'))).toEqual(['repair.greeting'])
  })

  if (kind === 'with Redis')
    test('what is written at one rings at the other', async () => {
      const { conversation, chatId } = await asked(one.line)
      const heard: string[] = []
      const stop = one.line.bus.subscribe(message => {
        if (message.topic === 'conversation' && message.conversationId === conversation.id) heard.push('page')
        if (message.topic === 'chat' && message.chatId === chatId) heard.push('desk')
      })
      const desk = await deskOf(other.running)
      await desk.post(`/chats/${chatId}/take`, {})
      await vi.waitFor(() => expect(heard).toEqual(expect.arrayContaining(['page', 'desk'])), 5000)
      stop()
    })
})

describe('on channels of vendors', () => {
  const lines = useTestLine()
  afterAll(() => nock.restore())

  test.each([
    ['feishu', feishuPerson],
    ['dingtalk', dingtalkPersonInChat],
  ] as const)('%s: what an agent writes reaches the resident where they wrote', async (name, personOf) => {
    const base = lines.fresh().line
    const { store, record } = recordingStore(base.store)
    const line = { ...base, store }
    const running = await startChannels(line, VENDOR_SETTINGS)
    const desk = await startWiredDesk(line)
    answerAsVendors()
    const talker = vendorTalker({ url: running.url, now: () => line.clock.now() }, personOf)
    expect(await talker.say('转人工')).toContain('您排在第')
    const client = await deskOf(desk)
    const chat = (await client.get('/chats')).json.rows.find(
      ({ channel }: { channel: string }) => channel === name,
    )
    await client.post(`/chats/${chat.id}/take`, {})
    await client.post(`/chats/${chat.id}/messages`, { text: '您好，请讲' })
    for (const { data } of record.chats) await pushChat(line, { data, isLastTry: false }, running.senders)
    const seen = await talker.say('我家没水了')
    expect(seen).toContain('来接您了')
    expect(seen).toMatch(/坐席 \d+：您好，请讲/)
    expect(seen).not.toContain('登记')
    const { json } = await client.get(`/chats/${chat.id}/entries`)
    expect(json.entries.at(-1)).toMatchObject({ from: 'resident', text: '我家没水了', isTold: true })
    await running.stop()
    await desk.stop()
  })
})
