import { expect, test, vi } from 'vitest'
import { MINUTE } from '../../../src/kernel/clock.ts'
import type { ChatSender } from '../../../src/usecases/channel-ports.ts'
import { pushUnasked, sayUnasked } from '../../../src/usecases/say-unasked.ts'
import { keysOf, open, say, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const news = { key: 'hall.nearly', params: { label: 'A007', ahead: '前面还有2位', from: 3, to: 6 } }

/** A conversation on a channel that is pushed to, with the job that pushes. */
async function pushedTo() {
  const { line } = lines.fresh()
  const conversation = await open(line, 'wechat')
  const contact = { conversationId: conversation.id, channel: 'wechat', address: `openid-${conversation.id}` }
  await line.store.contacts.heard(contact, { messages: 5, forMs: 60 * MINUTE }, line.clock.now())
  await sayUnasked(line, conversation.id, news)
  const send = vi.fn<ChatSender['send']>(async () => 'sent')
  const push = (isLastTry = false) =>
    pushUnasked(
      line,
      { data: { conversationId: conversation.id, seq: 2 }, isLastTry },
      new Map([['wechat', { send }]]),
    )
  return { line, conversation, send, push }
}

test('what is said unasked stands in the conversation and goes to the channel', async () => {
  const { line, conversation, send, push } = await pushedTo()
  const [entry] = await line.store.transcriptAfter(conversation.id, 1, 5)
  expect(entry).toMatchObject({ seq: 2, from: 'line', body: { key: 'hall.nearly' } })
  await push()
  expect(send.mock.calls[0]![1]).toMatchObject([
    { text: expect.stringContaining('A007号快到了：前面还有2位') },
  ])
})

test('the dialog that was open goes on after it', async () => {
  const { line } = lines.fresh()
  const conversation = await open(line)
  await say(line, conversation, '取号')
  await sayUnasked(line, conversation.id, news)
  expect(keysOf(await say(line, conversation, '医保'))).toEqual(['take-number.take.taken'])
})

test('news that came too late for the turn are not sent', async () => {
  const { line, send, push } = await pushedTo()
  line.clock.advance(11 * MINUTE)
  await push()
  expect(send).not.toHaveBeenCalled()
})

test('a channel that fails is tried again, and given up at the last try', async () => {
  const { send, push } = await pushedTo()
  send.mockRejectedValue(new Error('away'))
  await expect(push()).rejects.toThrow('away')
  await expect(push(true)).resolves.toBeUndefined()
})
