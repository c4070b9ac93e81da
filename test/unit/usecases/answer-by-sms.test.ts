import { describe, expect, test } from 'vitest'
import { createRateLimiter } from '../../../src/adapters/http/rate-limiter.ts'
import { HOUR } from '../../../src/kernel/clock.ts'
import { answerBySms, queueAnswer } from '../../../src/usecases/answer-by-sms.ts'
import { contactOf } from '../../../src/usecases/hear-message.ts'
import type { SmsGateway } from '../../../src/usecases/notice-ports.ts'
import { openConversation } from '../../../src/usecases/open-conversation.ts'
import { smsPerson } from '../../../src/usecases/sms-person.ts'
import { freshNumber, KeepingGateway } from '../../support/sms-client.ts'
import { say, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()

/** Somebody whose messages have been heard. */
async function heard() {
  const desk = lines.fresh()
  const { line } = desk
  const person = smsPerson(freshNumber())
  const contact = contactOf(line, person)
  await line.store.contacts.heard(contact, person.allowance, line.clock.now())
  const ids = { id: contact.conversationId, userId: `sms-${person.address}` }
  const conversation = await openConversation(line, { ...ids, channel: 'sms', locale: null })
  const limiter = createRateLimiter({ clock: line.clock })
  const allowance = {
    take: (key: string) => limiter.take('sms-answer-by-person', key),
    giveBack: (key: string) => limiter.giveBack('sms-answer-by-person', key),
  }
  const hear = async (externalId: string) => {
    await say(line, conversation, '办身份证要带什么', externalId)
    await queueAnswer(line, { conversationId: conversation.id, externalId })
    return desk.record.answers.at(-1)!
  }
  const send = (job: Awaited<ReturnType<typeof hear>>, gateway: SmsGateway | null, isLastTry = false) =>
    answerBySms(line, { ...job, isLastTry }, { gateway, allowance })
  return { desk, person, hear, send }
}

describe('the answer to a short message', () => {
  test('goes to the number that wrote, by one key at each try; the job holds neither number nor words', async () => {
    const { person, hear, send } = await heard()
    const job = await hear('1')
    expect(JSON.stringify(job)).not.toMatch(new RegExp(`身份证|"${person.address}"`))
    const gateway = new KeepingGateway()
    await send(job, gateway)
    await send(job, gateway)
    expect(gateway.sent).toMatchObject([{ to: person.address, of: { key: 'sms.answer' } }])
    expect(gateway.sent[0]!.text).toMatch(/^【8890[^】]*】[\s\S]*身份证/)
    expect([...gateway.sent[0]!.text].length).toBeLessThanOrEqual(500)
  })

  test('a number has twenty an hour, then none until the hour is over', async () => {
    const { desk, hear, send } = await heard()
    const gateway = new KeepingGateway()
    for (let i = 0; i < 25; i++) await send(await hear(`m${i}`), gateway)
    expect(gateway.sent).toHaveLength(20)
    desk.line.clock.advance(HOUR)
    await send(await hear('later'), gateway)
    expect(gateway.sent).toHaveLength(21)
  })

  test('while the gateway is away it is tried again, and costs nothing of the twenty', async () => {
    const { hear, send } = await heard()
    const job = await hear('1')
    const away: SmsGateway = { send: () => Promise.reject(new Error('away')) }
    for (let i = 0; i < 25; i++) await expect(send(job, away)).rejects.toThrow('away')
    await send(job, away, true)
    const gateway = new KeepingGateway()
    await send(job, gateway)
    expect(gateway.sent).toHaveLength(1)
  })

  test('without a gateway, or refused, it ends there', async () => {
    const { hear, send } = await heard()
    const job = await hear('1')
    await expect(send(job, null)).resolves.toBeUndefined()
    await expect(send(job, { send: async () => 'refused' })).resolves.toBeUndefined()
  })

  test('of a message that nobody heard there is none', async () => {
    const { desk, hear, send } = await heard()
    const job = await hear('1')
    const gateway = new KeepingGateway()
    await send({ ...job, data: { ...job.data, externalId: 'never' } }, gateway)
    await send({ ...job, data: { ...job.data, conversationId: 'sms.nobody' } }, gateway)
    expect(gateway.sent).toEqual([])
    expect(desk.record.answers).toHaveLength(1)
  })
})
