import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresStore } from '../../src/adapters/postgres/postgres-store.ts'
import type { Conversation } from '../../src/conversation/message.ts'
import { freshState } from '../../src/conversation/state.ts'
import { HOUR, MINUTE } from '../../src/kernel/clock.ts'
import type { Chat, ChatLimits } from '../../src/usecases/chat-ports.ts'
import type { TestServer } from '../support/database-server.ts'
import { createTestStore, type TestStore } from '../support/test-store.ts'

const NOW = new Date('2026-11-24T02:00:00Z')
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE)
const isConflict = expect.objectContaining({ code: 'version-conflict' })

let made = 0

/** What every store must do with chats in which a person is called or talks. */
export function chatContract(name: string, server: () => TestServer): void {
  describe(`chats on ${name}`, () => {
    let opened: TestStore
    let store: PostgresStore

    beforeAll(async () => {
      opened = await createTestStore(server())
      store = opened.store
    })
    afterAll(() => opened?.drop())

    /** A chat of a conversation of its own. */
    async function added(changes: Partial<Chat> = {}): Promise<Chat> {
      made++
      const conversation: Conversation = {
        id: `talk-${made}`,
        channel: 'web-chat',
        userId: `person-${made}`,
        locale: 'zh-Hans',
        state: freshState(),
        lastSeq: 0,
        version: 1,
        createdAt: NOW,
        changedAt: NOW,
      }
      await store.transact(async tx => tx.saveConversation(conversation, null))
      const chat: Chat = {
        id: `chat-${made}`,
        conversationId: conversation.id,
        channel: 'web-chat',
        because: 'asked',
        state: 'waiting',
        askedAt: NOW,
        placeAsked: 1,
        heldBy: null,
        heldAt: null,
        heardAt: NOW,
        dangerAt: null,
        forLogin: null,
        lateAt: null,
        pushedSeq: 0,
        endedAt: null,
        end: null,
        version: 1,
        ...changes,
      }
      await store.transact(async tx => tx.chats.add(chat))
      return chat
    }
    const read = (id: string) => store.transact(tx => tx.chats.chat(id))
    const save = (chat: Chat) => store.transact(async tx => tx.chats.save(chat))
    const end = async (...chats: Chat[]) => {
      for (const { id } of chats) {
        const now = (await read(id))!
        await save({ ...now, state: 'ended', heldBy: null, endedAt: NOW, end: 'finished' })
      }
    }
    const limits = (changes: Partial<ChatLimits> = {}): ChatLimits => ({
      lateBefore: minutesAgo(3),
      idleBefore: minutesAgo(20),
      awayBefore: minutesAgo(2),
      isClosed: false,
      now: NOW,
      ...changes,
    })

    test('a chat comes back as it was added, and is the one of its conversation until it ends', async () => {
      const chat = await added({ because: 'unsure' })
      expect(await read(chat.id)).toEqual(chat)
      expect(await store.transact(tx => tx.chats.ofConversation(chat.conversationId))).toEqual(chat)
      await end(chat)
      expect(await store.transact(tx => tx.chats.ofConversation(chat.conversationId))).toBeNull()
    })

    test('a conversation has one at a time, and of two who change it one is told so', async () => {
      const chat = await added()
      const second = { ...chat, id: 'second' }
      await expect(store.transact(async tx => tx.chats.add(second))).rejects.toEqual(isConflict)
      await save({ ...chat, state: 'held', heldBy: 'a', heldAt: NOW })
      await expect(save({ ...chat, state: 'held', heldBy: 'b', heldAt: NOW })).rejects.toEqual(isConflict)
      expect(await read(chat.id)).toMatchObject({ heldBy: 'a', version: 2 })
      await end(chat)
      await store.transact(async tx => tx.chats.add(second))
      await end(second)
    })

    test('who asked first is first, and those before them are counted', async () => {
      const late = await added({ askedAt: minutesAgo(1) })
      const early = await added({ askedAt: minutesAgo(9) })
      const held = await added({ askedAt: minutesAgo(20), state: 'held', heldBy: 'a', heldAt: NOW })
      expect((await store.chats.open()).map(({ id }) => id)).toEqual([early.id, late.id, held.id])
      const ahead = (chat: Chat) => store.transact(tx => tx.chats.ahead(chat))
      expect([await ahead(early), await ahead(late)]).toEqual([0, 1])
      expect(await store.chats.count()).toEqual({ waiting: 2, held: 1, oldestAskedAt: early.askedAt })
      await end(early, late, held)
      expect(await store.chats.count()).toEqual({ waiting: 0, held: 0, oldestAskedAt: null })
    })

    test('recent waits are those of chats that were taken over since', async () => {
      const before = await added({ askedAt: minutesAgo(190), heldAt: minutesAgo(180), state: 'ended' })
      const since = await added({
        askedAt: minutesAgo(9),
        placeAsked: 2,
        heldAt: minutesAgo(5),
        state: 'ended',
      })
      const recent = await store.transact(tx => tx.chats.recentWaits(new Date(NOW.getTime() - HOUR)))
      expect(recent).toContainEqual({ place: 2, ms: 4 * MINUTE })
      expect(recent).not.toContainEqual({ place: 1, ms: 10 * MINUTE })
      expect([before.state, since.state]).toEqual(['ended', 'ended'])
    })

    test('a seat keeps its number, and another account has another', async () => {
      const seat = (account: string) => store.transact(tx => tx.chats.seat(account))
      const first = await seat('seat-a')
      expect(first.number).toBeGreaterThan(100)
      expect(await seat('seat-a')).toEqual(first)
      expect((await seat('seat-b')).number).not.toBe(first.number)
    })

    test('what waits too long, is silent, or is left by its agent is due', async () => {
      const chats = {
        fresh: await added(),
        late: await added({ askedAt: minutesAgo(3) }),
        told: await added({ askedAt: minutesAgo(9), lateAt: minutesAgo(6) }),
        held: await added({ state: 'held', heldBy: 'here' }),
        idle: await added({ state: 'held', heldBy: 'here', heardAt: minutesAgo(20) }),
        away: await added({ state: 'held', heldBy: 'gone' }),
        unseen: await added({ state: 'held', heldBy: 'never-here' }),
      }
      await store.chats.seen('here', NOW)
      await store.chats.seen('gone', minutesAgo(2))
      const due = async (changes?: Partial<ChatLimits>) =>
        Object.fromEntries((await store.chats.due(limits(changes))).map(each => [each.id, each.because]))
      expect(await due()).toEqual({
        [chats.late.id]: 'late',
        [chats.idle.id]: 'idle',
        [chats.away.id]: 'away',
        [chats.unseen.id]: 'away',
      })
      expect(await due({ isClosed: true })).toMatchObject({
        [chats.fresh.id]: 'closed',
        [chats.told.id]: 'closed',
      })
      await end(...Object.values(chats))
    })

    test('an agent without a session has left, however lately their desk was seen', async () => {
      const account = await store.accounts.add(
        { login: 'agent-1', displayName: 'A', role: 'agent', department: null },
        'right horse battery',
      )
      const until = new Date(NOW.getTime() + HOUR)
      const session = { openedAt: NOW, idleUntil: until, until, browser: '' }
      const token = await store.accounts.openSession(account.id, session)
      const chat = await added({ state: 'held', heldBy: account.id })
      await store.chats.seen(account.id, NOW)
      expect(await store.chats.due(limits())).toEqual([])
      await store.accounts.closeSession(token)
      expect((await store.chats.due(limits())).map(({ because }) => because)).toEqual(['away'])
      expect((await store.chats.open())[0]!.holder).toMatchObject({ displayName: 'A' })
      await end(chat)
    })

    test('what is recorded stays in its order, and what was sent is not counted back', async () => {
      const chat = await added()
      const entry = { chatId: chat.id, at: NOW, accountId: null }
      await store.transact(async tx => tx.chats.record({ ...entry, what: 'asked' }))
      await store.transact(async tx => tx.chats.record({ ...entry, what: 'unreached', data: { seq: 3 } }))
      const records = await store.chats.records(chat.id)
      expect(records.map(({ what, data }) => [what, data])).toEqual([
        ['asked', {}],
        ['unreached', { seq: 3 }],
      ])
      await store.chats.pushed(chat.id, 5)
      await store.chats.pushed(chat.id, 4)
      expect(await read(chat.id)).toMatchObject({ pushedSeq: 5, version: 1 })
      await end(chat)
    })
  })
}
