import { describe, expect, test } from 'vitest'
import { AppError } from '../../../src/kernel/errors.ts'
import type { Store, Transaction } from '../../../src/usecases/ports.ts'
import { overlay, type TestLine } from '../../support/test-line.ts'
import { keysOf, open, say, storedCase, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()

/** The line with another behaviour of the store's transactions. */
function withTransactions(line: TestLine, wrap: (tx: Transaction) => Partial<Transaction>): TestLine {
  const store: Store = overlay(line.store, {
    transact: work => line.store.transact(tx => work(overlay(tx, wrap(tx)))),
  })
  return { ...line, store }
}

describe('turns of one conversation', () => {
  test('20 parallel messages come one after another: nothing is lost and nothing twice', async () => {
    const { line } = lines.fresh()
    const conversation = await open(line)
    const turns = await Promise.all(
      Array.from({ length: 20 }, (_, i) => say(line, conversation, '你好', `parallel-${i}`)),
    )
    const entries = await line.store.transcriptAfter(conversation.id, 0, 100)
    expect(entries.map(entry => entry.seq)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1))
    expect(turns.every(turn => keysOf(turn)[0] === 'repair.greeting')).toBe(true)
    for (const { echo, replies } of turns) expect(replies[0]!.replyTo).toBe(echo.seq)
  })

  test('20 deliveries of one message are one turn, and all get its replies', async () => {
    const { line, record } = lines.fresh()
    const conversation = await open(line)
    await say(line, conversation, '人民路3号门口路灯不亮了，电话13800138000')
    const turns = await Promise.all(
      Array.from({ length: 20 }, () => say(line, conversation, '提交', 'the-same')),
    )
    expect(record.caseIds).toHaveLength(1)
    expect(new Set(turns.map(turn => turn.replies[0]!.id)).size).toBe(1)
    expect(turns.filter(turn => !turn.isRepeat)).toHaveLength(1)
  })

  test('two processes without a common lock: the one that comes too late takes its turn anew', async () => {
    const { line } = lines.fresh()
    const conversation = await open(line)
    const other: TestLine = { ...line, lock: { run: (_, turn) => turn() } }
    const turns = await Promise.all([
      ...Array.from({ length: 4 }, (_, i) => say(other, conversation, '你好', `a-${i}`)),
    ])
    expect(turns).toHaveLength(4)
    const entries = await line.store.transcriptAfter(conversation.id, 0, 100)
    expect(entries).toHaveLength(1 + 4 * 2)
  })

  test('a version conflict is tried again from what the other left', async () => {
    const { line } = lines.fresh()
    const conversation = await open(line)
    let refusals = 2
    const contested = withTransactions(line, tx => ({
      saveConversation(conversation, expectedVersion) {
        if (refusals-- > 0) throw new AppError('version-conflict')
        tx.saveConversation(conversation, expectedVersion)
      },
    }))
    expect(keysOf(await say(contested, conversation, '你好'))).toEqual(['repair.greeting'])
    expect(refusals).toBe(-1)
  })

  test('what an instance remembers of a conversation is out of date when another has answered: nothing is lost', async () => {
    const { line } = lines.fresh()
    const conversation = await open(line)
    const other: TestLine = { ...line, store: await lines.home().another() }
    await say(line, conversation, '人民路3号门口路灯不亮了')
    expect(keysOf(await say(other, conversation, '不留电话'))).toEqual(['file-matter.confirm'])
    expect(keysOf(await say(line, conversation, '没问题，提交'))).toEqual(['file-matter.file.filed-one'])
    const entries = await line.store.transcriptAfter(conversation.id, 0, 100)
    expect(entries.map(entry => entry.seq)).toEqual(entries.map((_, index) => index + 1))
  })

  test('a conflict that does not end is refused after five tries', async () => {
    const { line } = lines.fresh()
    const conversation = await open(line)
    let tries = 0
    const contested = withTransactions(line, () => ({
      saveConversation() {
        tries++
        throw new AppError('version-conflict')
      },
    }))
    await expect(say(contested, conversation, '你好')).rejects.toThrow('version-conflict')
    expect(tries).toBe(5)
  })
})

describe('a turn is one transaction', () => {
  test('an effect that throws writes nothing but that it broke down: no transcript, no state, no case', async () => {
    const { line, record } = lines.fresh()
    const conversation = await open(line)
    await say(line, conversation, '人民路3号门口路灯不亮了，电话13800138000')
    const before = await line.store.transact(tx => tx.conversation(conversation.id))
    const broken = withTransactions(line, () => ({
      async takeCaseSequence() {
        throw new Error('no number today')
      },
    }))
    await expect(say(broken, conversation, '提交')).rejects.toThrow('no number today')
    const state = before!.state as { facts: object }
    expect(await line.store.transact(tx => tx.conversation(conversation.id))).toEqual({
      ...before,
      state: { ...state, facts: { ...state.facts, breakdowns: 1 } },
      version: before!.version + 1,
    })
    expect(await line.store.transcriptAfter(conversation.id, before!.lastSeq, 10)).toEqual([])
    expect(record.caseIds).toEqual([])
    expect(keysOf(await say(line, conversation, '提交'))).toEqual(['file-matter.file.filed-one'])
  })

  test('the second of two matters failing leaves the first unfiled too', async () => {
    const { line, record } = lines.fresh()
    const conversation = await open(line)
    await say(line, conversation, '人民路3号半夜施工太吵了，楼道灯也坏了。电话13800138000')
    await say(line, conversation, '分别登记')
    let numbers = 0
    const broken = withTransactions(line, tx => ({
      async takeCaseSequence(date) {
        if (++numbers === 2) throw new Error('out of numbers')
        return tx.takeCaseSequence(date)
      },
    }))
    await expect(say(broken, conversation, '提交')).rejects.toThrow('out of numbers')
    const own = await line.store.transact(tx =>
      tx.casesOf({ channel: conversation.channel, channelUserId: conversation.userId }, 10),
    )
    expect(own).toEqual([])
    expect(record.caseIds).toEqual([])
  })

  test('what changed is published after the commit, the conversation and each case', async () => {
    const { line, record } = lines.fresh()
    const conversation = await open(line)
    await say(line, conversation, '人民路3号门口路灯不亮了，电话13800138000')
    const heard: unknown[] = []
    line.bus.subscribe(message => void heard.push(message))
    await say(line, conversation, '提交')
    const { case: filed } = await storedCase(line, record.caseIds[0]!)
    expect(heard).toEqual([
      { topic: 'conversation', conversationId: conversation.id, seq: 5 },
      { topic: 'case', caseId: filed.id, version: filed.version },
    ])
  })

  test('an unknown conversation is refused', async () => {
    const { line } = lines.fresh()
    const conversation = await open(line)
    await expect(say(line, { ...conversation, id: 'nowhere' }, '你好')).rejects.toThrow(
      'conversation-not-found',
    )
  })
})
