import { describe, expect, test } from 'vitest'
import { createBot } from '../../src/adapters/bot/create-bot.ts'
import { renderActivity } from '../../src/adapters/bot/render-activity.ts'
import { YihaoBotAdapter } from '../../src/adapters/bot/yihao-bot-adapter.ts'
import type { TranscriptEntry } from '../../src/conversation/message.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { CARD, FakeLine } from './fake-line.ts'
import { texts } from './start-line.ts'

const viewer = { channelId: 'directline', userId: 'dl_x', locale: 'en' } as const
const line = { id: 'yihao', name: () => '8890' }
const inbound = {
  type: 'message',
  channelId: 'web-chat',
  conversationId: 'c1',
  userId: 'dl_x',
  externalId: 'e1',
  text: '路灯坏了',
  locale: 'zh-HK',
  attachments: ['a.png'],
  clientData: { clientActivityID: 'e1' },
} as const

describe('a turn through the pipeline', () => {
  const start = async () => {
    const fake = new FakeLine()
    await fake.openConversation({ id: 'c1', channel: 'web-chat', userId: 'dl_x', locale: null })
    const outcomes: string[] = []
    const bot = createBot({
      takeTurn: fake.takeTurn,
      texts,
      lineName: () => '8890',
      localeOf: tag => (tag === 'zh-HK' ? 'zh-Hant' : null),
      onTurn: ({ channel, outcome }) => void outcomes.push(`${channel} ${outcome}`),
    })
    return { fake, bot, outcomes }
  }

  test('comes to the use case as it was sent, in our language', async () => {
    const { fake, bot, outcomes } = await start()
    const turn = await bot.receive({ ...inbound, attachments: [...inbound.attachments] })
    expect(fake.turns).toEqual([
      {
        conversationId: 'c1',
        externalId: 'e1',
        text: '路灯坏了',
        locale: 'zh-Hant',
        attachments: ['a.png'],
        clientData: { clientActivityID: 'e1' },
      },
    ])
    expect(turn.replies[0]!.body.text).toBe('echo: 路灯坏了')
    await bot.receive({ ...inbound, attachments: [] })
    expect(outcomes).toEqual(['web-chat done', 'web-chat repeat'])
  })

  test('a refusal comes out as it is', async () => {
    const { fake, bot, outcomes } = await start()
    fake.failure = new AppError('store-unavailable')
    await expect(bot.receive({ ...inbound, attachments: [] })).rejects.toBe(fake.failure)
    expect(outcomes).toEqual(['web-chat failed'])
  })

  test('two hundred turns of one conversation keep their order', async () => {
    const { fake, bot } = await start()
    const said = Array.from({ length: 200 }, (_, index) => `m${index}`)
    await Promise.all(said.map(text => bot.receive({ ...inbound, text, externalId: text, attachments: [] })))
    expect(fake.turns.map(turn => turn.text)).toEqual(said)
  })
})

describe('an entry as an activity', () => {
  const entry: TranscriptEntry = {
    conversationId: 'c1',
    seq: 4,
    id: 'x',
    from: 'line',
    at: new Date('2026-11-24T01:00:00Z'),
    replyTo: 3,
    externalId: null,
    body: { key: 'file-matter.filed', text: 'filed', choices: [], cards: [CARD], expects: 'nothing' },
  }

  test('is the same each time, with ids that sort like the transcript', () => {
    const once = renderActivity(entry, viewer, line, texts)
    expect(renderActivity(entry, viewer, line, texts)).toEqual(once)
    expect([once.id, once.replyToId]).toEqual(['c1|0000004', 'c1|0000003'])
    expect(once.from).toEqual({ id: 'yihao', name: '8890', role: 'bot' })
  })

  test('tells the query code only when the card has one', () => {
    const { queryCode: _secret, ...known } = CARD
    const body = { key: 'k', text: '', choices: [], cards: [known], expects: 'nothing' } as const
    const looked = renderActivity(
      { ...entry, body: { ...body, choices: [], cards: [known] } },
      viewer,
      line,
      texts,
    )
    expect(JSON.stringify(looked)).not.toContain('ueryCode')
    expect(JSON.stringify(looked)).not.toContain('🔑')
    const filed = renderActivity(entry, viewer, line, texts)
    expect(JSON.stringify(filed)).toContain('🔑')
  })

  test("a resident's own words are never Markdown in a card", () => {
    const body = { ...(entry.body as object), cards: [{ ...CARD, title: '[x](http://evil.example)' }] }
    const { attachments } = renderActivity(
      { ...entry, body } as unknown as TranscriptEntry,
      viewer,
      line,
      texts,
    )
    expect(JSON.stringify(attachments)).toContain('\\\\[x\\\\]')
  })

  test("is a person's when the person said it", () => {
    const said = renderActivity({ ...entry, from: 'resident', body: { text: 'hi' } }, viewer, line, texts)
    expect(said.from).toEqual({ id: 'dl_x', role: 'user' })
    expect(said.attachments).toBeUndefined()
  })
})

describe('the adapter', () => {
  test('sends what a turn says, keeps traces to itself and gives one id each', async () => {
    const adapter = new YihaoBotAdapter()
    const handed: unknown[] = []
    await adapter.processActivity(
      { type: 'message', conversation: { id: 'c', isGroup: false, conversationType: '', name: '' } },
      async activities => {
        handed.push(...activities)
        return activities.map(() => ({ id: 'given' }))
      },
      async context => {
        const ids = await context.sendActivities([
          { type: 'trace' },
          { type: 'delay', value: 1 },
          { type: 'message', text: 'hi' },
          { type: 'invokeResponse', value: { status: 200 } },
        ])
        expect(ids.map(({ id }) => id)).toEqual(['', '', 'given', ''])
      },
    )
    expect(handed).toMatchObject([{ type: 'message', text: 'hi' }])
  })

  test('a turn of its own goes where it is told', async () => {
    const adapter = new YihaoBotAdapter()
    const handed: string[] = []
    const conversation = { id: 'c', isGroup: false, conversationType: '', name: '' }
    await adapter.continueConversation(
      { channelId: 'web-chat', conversation },
      async context => void (await context.sendActivity('已签收')),
      async activities => activities.map(({ text }) => ({ id: String(handed.push(text ?? '')) })),
    )
    expect(handed).toEqual(['已签收'])
    await expect(adapter.deleteActivity()).rejects.toThrow()
  })
})
