import { describe, expect, test } from 'vitest'
import type { Outgoing } from '../../../src/conversation/message.ts'
import { deliverNotification } from '../../../src/usecases/deliver-notification.ts'
import { accountOf, act, fileOne, replyInput, say, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')

describe('delivering a notification', () => {
  test('delivered twice, also at once, it is told once', async () => {
    const desk = lines.fresh()
    const { case: filed, conversation } = await fileOne(desk)
    await act(desk.line, handler, filed.id, 'sign')
    const [job] = desk.record.jobs
    await Promise.allSettled([deliverNotification(desk.line, job!), deliverNotification(desk.line, job!)])
    await deliverNotification(desk.line, job!)
    const entries = await desk.line.store.transcriptAfter(conversation.id, 0, 50)
    expect(entries.filter(({ body }) => (body as Outgoing).key === 'notify.signed')).toHaveLength(1)
  })

  test('it is told in the language of the conversation, and what is told is the reply itself', async () => {
    const desk = lines.fresh()
    const { case: filed, conversation } = await fileOne(desk)
    await say(desk.line, conversation, 'Please speak English')
    await act(desk.line, handler, filed.id, 'sign')
    await act(desk.line, handler, filed.id, 'reply', replyInput(desk.line))
    for (const job of desk.record.jobs) await deliverNotification(desk.line, job)
    const entries = await desk.line.store.transcriptAfter(conversation.id, 0, 50)
    const told = entries.at(-1)!.body as Outgoing
    expect(told.key).toBe('notify.replied')
    expect(told.text).toContain('灯泡已经换好。')
    expect(told.text).toMatch(/[A-Za-z]{4}/)
    expect(told.choices.map(choice => choice.id)).toEqual(['rate'])
  })

  test('the resident is not told of what the resident did', async () => {
    const desk = lines.fresh()
    const { conversation } = await fileOne(desk)
    await say(desk.line, conversation, '催一下')
    expect(desk.record.jobs).toEqual([])
  })

  test('a case without a conversation has nobody to be told', async () => {
    const desk = lines.fresh()
    const job = { key: 'nobody:1', data: { caseId: 'nobody', seq: 1, event: 'signed' } }
    await expect(deliverNotification(desk.line, job)).resolves.toBeUndefined()
  })
})
