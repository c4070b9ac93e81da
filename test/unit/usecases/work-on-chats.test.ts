import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Conversation, Outgoing } from '../../../src/conversation/message.ts'
import { MINUTE } from '../../../src/kernel/clock.ts'
import type { ChatSender } from '../../../src/usecases/channel-ports.ts'
import { fileForCaller } from '../../../src/usecases/file-for-caller.ts'
import { openConversation } from '../../../src/usecases/open-conversation.ts'
import type { Account, BusMessage } from '../../../src/usecases/ports.ts'
import { pushChat } from '../../../src/usecases/push-chat.ts'
import { chatDeeds, listChats, readChat } from '../../../src/usecases/read-chats.ts'
import { suggestToAgent } from '../../../src/usecases/suggest-to-agent.ts'
import { sweepChats } from '../../../src/usecases/sweep-chats.ts'
import { giveChatBack, leaveChat, takeChat, writeInChat } from '../../../src/usecases/work-on-chats.ts'
import { overlay } from '../../support/test-line.ts'
import {
  accountOf,
  type Desk,
  keysOf,
  open,
  say,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()
let agent: Account
let other: Account
/** Of each test its own, so that nobody has the chats of another test. */
beforeEach(() => {
  agent = { ...accountOf('agent'), id: randomUUID() }
  other = { ...agent, id: randomUUID(), login: 'other' }
})

/** A resident who has said what is wrong and asked for a person. */
async function asked(desk: Desk, channel: Conversation['channel'] = 'web-chat') {
  const conversation = await open(desk.line, channel as 'web-chat')
  await say(desk.line, conversation, '有人占道摆摊，卖菜的把人行道全占了')
  await say(desk.line, conversation, '转人工')
  const chatId = await chatIdOf(desk, conversation)
  return { conversation, chatId }
}

async function chatIdOf({ line }: Desk, { id }: Conversation): Promise<string> {
  return (await line.store.transact(tx => tx.chats.ofConversation(id)))!.id
}

/** Everybody in the district of this test has one store; only our own are looked at. */
const listed = async ({ line }: Desk, chatId: string, account = agent) =>
  (await listChats(line, account, 'zh-Hans')).rows.find(({ id }) => id === chatId)

async function heard({ line }: Desk, { id }: Conversation): Promise<Outgoing[]> {
  const entries = await line.store.transcriptAfter(id, 0, 100)
  return entries.filter(({ from }) => from !== 'resident').map(({ body }) => body as Outgoing)
}

const lastKey = async (desk: Desk, conversation: Conversation) =>
  (await heard(desk, conversation)).at(-1)!.key

function newsOf({ line }: Desk): BusMessage[] {
  const news: BusMessage[] = []
  line.bus.subscribe(message => void news.push(message))
  return news
}

/** The desks of these agents are there. */
async function there({ line }: Desk, ...accounts: Account[]): Promise<void> {
  for (const { id } of accounts) await line.store.chats.seen(id, line.clock.now())
}

describe('taking a chat over', () => {
  test('it waits with the last words, is taken over with all that was said before, and that is announced', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    expect(await listed(desk, chatId)).toMatchObject({
      state: 'waiting',
      because: 'asked',
      lastWords: '转人工',
      holder: null,
    })
    const news = newsOf(desk)
    await takeChat(desk.line, agent, chatId)
    expect(await listed(desk, chatId)).toMatchObject({ state: 'held', place: null, holder: { isMine: true } })
    const said = (await heard(desk, conversation)).at(-1)!
    expect(said.key).toBe('take-over.taken')
    expect(said.text).toMatch(/^坐席 \d+来接您了/)
    expect(said.text).not.toContain(agent.displayName)
    const { entries } = await readChat(desk.line, agent, chatId, 0)
    expect(entries.map(({ body }) => body.text)).toContain('有人占道摆摊，卖菜的把人行道全占了')
    expect(entries.filter(each => each.isTold).map(({ body }) => body.text)).toEqual([
      '有人占道摆摊，卖菜的把人行道全占了',
    ])
    expect(news).toContainEqual({ topic: 'chat', chatId, seq: entries.at(-1)!.seq })
  })

  test('of two who take it at once one gets it, and the other is told', async () => {
    const desk = lines.fresh()
    const { chatId } = await asked(desk)
    const both = await Promise.allSettled([
      takeChat(desk.line, agent, chatId),
      takeChat({ ...desk.line }, other, chatId),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ code: 'chat-taken' })
  })

  test('an agent has no more of them at a time than the city says', async () => {
    const desk = lines.fresh()
    const { mostChats } = desk.line.content.takeOver.rules
    for (let i = 0; i < mostChats; i++) await takeChat(desk.line, agent, (await asked(desk)).chatId)
    const { chatId } = await asked(desk)
    await expect(takeChat(desk.line, agent, chatId)).rejects.toMatchObject({ code: 'chats-full' })
  })

  test('departments neither see chats nor take them', async () => {
    const desk = lines.fresh()
    const { chatId } = await asked(desk)
    const handler = accountOf('handler', 'urban-management')
    await expect(takeChat(desk.line, handler, chatId)).rejects.toMatchObject({ code: 'action-forbidden' })
    await expect(listChats(desk.line, handler, 'zh-Hans')).rejects.toMatchObject({ code: 'action-forbidden' })
    await expect(readChat(desk.line, handler, chatId, 0)).rejects.toMatchObject({ code: 'action-forbidden' })
  })

  test('who looked at it, took it over and ended it is kept for supervisors', async () => {
    const desk = lines.fresh()
    const { chatId } = await asked(desk)
    await readChat(desk.line, other, chatId, 1)
    await readChat(desk.line, other, chatId, 2)
    await takeChat(desk.line, agent, chatId)
    await readChat(desk.line, agent, chatId, 0)
    await leaveChat(desk.line, agent, chatId, 'finished')
    const deeds = await chatDeeds(desk.line, accountOf('supervisor'), chatId)
    expect(deeds.map(({ what }) => what)).toEqual(['asked', 'looked', 'taken', 'finished'])
    await expect(chatDeeds(desk.line, agent, chatId)).rejects.toMatchObject({ code: 'action-forbidden' })
  })
})

describe('while a person talks', () => {
  test('the line is silent, and both hear each other', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    await writeInChat(desk.line, agent, chatId, '您好，在哪条路上？')
    expect((await heard(desk, conversation)).at(-1)).toMatchObject({
      key: 'take-over.said',
      text: '您好，在哪条路上？',
      by: expect.stringMatching(/^坐席 \d+$/),
    })
    const turn = await say(desk.line, conversation, '转人工，人民路菜市场东门')
    expect(turn.replies).toEqual([])
    expect((await listed(desk, chatId))!.lastWords).toBe('转人工，人民路菜市场东门')
    await expect(writeInChat(desk.line, other, chatId, '我也来')).rejects.toMatchObject({
      code: 'chat-not-yours',
    })
  })

  test('danger is answered at once with the numbers to call, and shown', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    const turn = await say(desk.line, conversation, '着火了！屋里着火了，人出不来')
    expect(keysOf(turn)).toEqual(['emergency.call-now'])
    expect(turn.replies[0]!.body.text).toContain('119')
    expect((await listed(desk, chatId))!.dangerAt).toEqual(desk.line.clock.now())
  })

  test('what the resident tells the line afterwards is not the agent s any more', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    await leaveChat(desk.line, agent, chatId, 'finished')
    desk.line.clock.advance(MINUTE)
    await say(desk.line, conversation, '我的身份证号要改一下')
    const { entries, isOver } = await readChat(desk.line, agent, chatId, 0)
    expect(isOver).toBe(true)
    expect(entries.at(-1)!.body.text).toContain('结束了这次对话')
  })

  test('handed back, the line answers again', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    await leaveChat(desk.line, agent, chatId, 'handed-back')
    expect(await lastKey(desk, conversation)).toBe('take-over.handed-back')
    expect(await listed(desk, chatId)).toBeUndefined()
    expect(keysOf(await say(desk.line, conversation, '你好'))).toEqual(['repair.greeting'])
    await expect(writeInChat(desk.line, agent, chatId, '还在吗')).rejects.toMatchObject({
      code: 'chat-not-found',
    })
  })

  test('what the agent files is the resident s own, and they are told its number and code', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    const matter = {
      words: '有人占道摆摊，卖菜的把人行道全占了',
      type: 'complaint' as const,
      subject: null,
      place: '人民路3号',
      time: null,
      wanted: null,
      summary: null,
      joins: null,
      lead: null,
      service: null,
      answer: null,
    }
    const filing = {
      callId: null,
      chatId,
      matters: [matter],
      name: null,
      phone: '13800138000',
      isWithoutPhone: false,
      help: null,
    }
    const options = { key: 'file-1', locale: 'zh-Hans' as const }
    const { cases } = await fileForCaller(desk.line, agent, filing, options)
    const again = await fileForCaller(desk.line, agent, filing, options)
    expect(again.cases[0]!.card).toEqual(cases[0]!.card)
    const told = (await heard(desk, conversation)).filter(({ key }) => key === 'take-over.filed')
    expect(told).toHaveLength(1)
    expect(told[0]!.cards[0]).toMatchObject({
      number: cases[0]!.card.number,
      queryCode: cases[0]!.card.queryCode,
    })
    const { case: filed } = await storedCase(desk.line, cases[0]!.id)
    expect(filed.channel).toBe('web-chat')
    const person = { channel: conversation.channel, channelUserId: conversation.userId }
    const own = await desk.line.store.transact(tx => tx.casesOf(person, 5))
    expect(own.map(({ id }) => id)).toEqual([filed.id])
    const deeds = await chatDeeds(desk.line, accountOf('supervisor'), chatId)
    expect(deeds.map(({ what }) => what)).toEqual(['asked', 'taken', 'filed'])
    await leaveChat(desk.line, agent, chatId, 'handed-back')
    expect(keysOf(await say(desk.line, conversation, '查一下办得怎么样了')).at(-1)).toMatch(/^check-case\./)
  })

  test('the suggestions know what the resident filed before', async () => {
    const desk = lines.fresh()
    const conversation = await open(desk.line)
    await say(desk.line, conversation, '人民路3号门口路灯不亮了，电话13800138000')
    await say(desk.line, conversation, '1')
    await say(desk.line, conversation, '转人工')
    const chatId = await chatIdOf(desk, conversation)
    const utterances = [{ id: '1', role: 'resident' as const, text: '路灯还是不亮' }]
    const talk = { callId: null, chatId, utterances, before: { contact: {}, matters: {} } }
    const { cases, caller } = await suggestToAgent(desk.line, agent, talk, 'zh-Hans')
    expect(cases).toHaveLength(1)
    expect(caller).toContain('****')
  })
})

describe('chats that nobody looks after', () => {
  test('an agent who gives no sign of life gives it back, to the place that it had', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    desk.line.clock.advance(MINUTE)
    await asked(desk)
    await there(desk, agent)
    await sweepChats(desk.line)
    expect(await listed(desk, chatId)).toMatchObject({ state: 'held' })
    desk.line.clock.advance(desk.line.content.takeOver.rules.awayMinutes * MINUTE)
    await sweepChats(desk.line)
    expect(await listed(desk, chatId)).toMatchObject({ state: 'waiting', holder: null })
    expect(await lastKey(desk, conversation)).toBe('take-over.given-back')
    expect(keysOf(await say(desk.line, conversation, '在吗'))).toEqual(['take-over.noted'])
    await takeChat(desk.line, other, chatId)
    expect((await listed(desk, chatId, other))!.holder!.isMine).toBe(true)
  })

  test('an agent who cannot go on gives it back, and the resident may still stop waiting', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    await giveChatBack(desk.line, agent, chatId)
    expect(await lastKey(desk, conversation)).toBe('take-over.given-back')
    expect(keysOf(await say(desk.line, conversation, '不等了'))).toContain('talk-to-person.leave.left')
    expect(await listed(desk, chatId)).toBeUndefined()
  })

  test('who waits longer than three minutes is told once, and shown late', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    expect((await listed(desk, chatId))!.isLate).toBe(false)
    desk.line.clock.advance(3 * MINUTE)
    await sweepChats(desk.line)
    await sweepChats(desk.line)
    expect((await listed(desk, chatId))!.isLate).toBe(true)
    const told = (await heard(desk, conversation)).filter(({ key }) => key === 'take-over.late')
    expect(told).toHaveLength(1)
  })

  test('a resident who has gone silent is the line s again', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    await takeChat(desk.line, agent, chatId)
    desk.line.clock.advance(desk.line.content.takeOver.rules.idleMinutes * MINUTE)
    await there(desk, agent)
    await sweepChats(desk.line)
    expect(await lastKey(desk, conversation)).toBe('take-over.idle')
    expect(await listed(desk, chatId)).toBeUndefined()
  })

  test('who still waits when all leave is told when they come again, and may be called back', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk)
    desk.line.clock.set('2026-11-24T20:30:00+08:00')
    await sweepChats(desk.line)
    expect(await listed(desk, chatId)).toBeUndefined()
    const said = (await heard(desk, conversation)).slice(-2)
    expect(said.map(({ key }) => key)).toEqual(['take-over.closed', 'talk-to-person.ask-phone'])
    expect(said[0]!.text).toContain('11月25日')
    expect(keysOf(await say(desk.line, conversation, '13800138000'))).toEqual([
      'talk-to-person.request.requested',
    ])
  })
})

test('whoever writes by SMS is called back at once: nobody talks by letters', async () => {
  const desk = lines.fresh()
  const person = { channel: 'sms' as const, userId: randomUUID(), locale: null, phone: '13800138000' }
  const conversation = await openConversation(desk.line, person)
  expect(keysOf(await say(desk.line, conversation, '转人工'))).toEqual(['talk-to-person.request.requested'])
  expect(desk.record.caseIds).toHaveLength(1)
})

describe('when the line breaks down', () => {
  test('once it fails, twice it calls a person', async () => {
    const desk = lines.fresh()
    const conversation = await open(desk.line)
    const broken = overlay(desk.line.understander, {
      understand: (text, context) => {
        if (text.includes('坏')) throw new Error('broken on purpose')
        return desk.line.understander.understand(text, context)
      },
    })
    const line = { ...desk.line, understander: broken }
    await expect(say(line, conversation, '路灯坏了')).rejects.toThrow('broken on purpose')
    const turn = await say(line, conversation, '路灯坏了')
    expect(keysOf(turn)).toEqual(['take-over.broken', 'talk-to-person.wait'])
    const chatId = await chatIdOf(desk, conversation)
    expect(await listed(desk, chatId)).toMatchObject({ because: 'broken', lastWords: '路灯坏了' })
  })
})

describe('on channels whose people are not at a page', () => {
  test('each line goes to the channel once and in order, and what does not arrive is shown', async () => {
    const desk = lines.fresh()
    const { conversation, chatId } = await asked(desk, 'wecom')
    const contact = { conversationId: conversation.id, channel: 'wecom', address: 'zhang' }
    const allowance = { messages: 9, forMs: MINUTE }
    await desk.line.store.contacts.heard(contact, allowance, desk.line.clock.now())
    await takeChat(desk.line, agent, chatId)
    const lost = await writeInChat(desk.line, agent, chatId, '第一句')
    await writeInChat(desk.line, agent, chatId, '第二句')
    const sent: string[] = []
    const sender: ChatSender = {
      async send(_contact, [said]) {
        if (said!.text === '第一句') return 'unreachable'
        sent.push(said!.text)
        return 'sent'
      },
    }
    const senders = new Map([['wecom', sender]])
    expect(desk.record.chats).toHaveLength(3)
    for (const { data } of desk.record.chats) await pushChat(desk.line, { data, isLastTry: false }, senders)
    expect(sent).toEqual([expect.stringContaining('来接您了'), '第二句'])
    const { entries } = await readChat(desk.line, agent, chatId, 0)
    expect(entries.filter(({ isUnreached }) => isUnreached).map(({ seq }) => seq)).toEqual([lost])
  })
})
