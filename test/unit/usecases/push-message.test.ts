import { describe, expect, test } from 'vitest'
import { VendorAway } from '../../../src/adapters/chat/call-vendor.ts'
import type { Outgoing } from '../../../src/conversation/message.ts'
import { DAY, HOUR } from '../../../src/kernel/clock.ts'
import type { ChatSender } from '../../../src/usecases/channel-ports.ts'
import { deliverNotification } from '../../../src/usecases/deliver-notification.ts'
import type { Job } from '../../../src/usecases/job.ts'
import { pushMessage } from '../../../src/usecases/push-message.ts'
import { accountOf, act, type Desk, fileOne, replyInput, useTestLine } from '../../support/use-test-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')
const jobsNamed = (desk: Desk, name: Job['name']) => desk.record.jobs.filter(job => job.name === name)
const REACH = { hasSms: true, pushes: new Set(['wechat']) }

/** A case that came by the official account and has been replied to: one push waits. */
async function replied({ isKnown = true, phone = '13800138000' as string | null } = {}) {
  const desk = lines.fresh()
  const filed = await fileOne(desk, {}, null, 'wechat', phone)
  const conversationId = filed.conversation.id
  const contact = { conversationId, channel: 'wechat', address: 'openid-1' }
  if (isKnown)
    await desk.line.store.contacts.heard(contact, { messages: 5, forMs: 2 * DAY }, desk.line.clock.now())
  desk.line.clock.advance(3 * HOUR)
  await act(desk.line, handler, filed.case.id, 'sign')
  await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
  for (const job of jobsNamed(desk, 'notify-resident')) await deliverNotification(desk.line, job, REACH)
  const [job] = jobsNamed(desk, 'push-message')
  const push = (sender: ChatSender, isLastTry = false) =>
    pushMessage(
      desk.line,
      { data: job!.data, isLastTry },
      { senders: new Map([['wechat', sender]]), hasSms: true },
    )
  return { desk, filed, push }
}

describe('pushing a message', () => {
  test('brings the notice to the address that the person wrote from', async () => {
    const { push, desk } = await replied()
    const sent: unknown[] = []
    await push({
      send: async (contact, said) => {
        sent.push([contact.address, said.map(({ key }: Outgoing) => key)])
        return 'sent'
      },
    })
    expect(sent).toEqual([['openid-1', ['notify.replied']]])
    expect(jobsNamed(desk, 'send-sms')).toEqual([])
  })

  test('goes another way when it does not arrive', async () => {
    const { push, desk } = await replied()
    await push({ send: async () => 'unreachable' })
    expect(jobsNamed(desk, 'send-sms')).toHaveLength(1)
  })

  test('goes another way when nobody knows the address, or the person has left', async () => {
    const unknown = await replied({ isKnown: false })
    const never: ChatSender = { send: () => expect.unreachable('nobody is there') }
    await unknown.push(never)
    expect(jobsNamed(unknown.desk, 'send-sms')).toHaveLength(1)
    const gone = await replied()
    await gone.desk.line.store.contacts.left(gone.filed.conversation.id)
    await gone.push(never)
    expect(jobsNamed(gone.desk, 'send-sms')).toHaveLength(1)
  })

  test('is tried again while the vendor is away, and goes another way at the last try', async () => {
    const { push, desk } = await replied()
    const away: ChatSender = { send: () => Promise.reject(new VendorAway('away')) }
    await expect(push(away)).rejects.toThrow('away')
    expect(jobsNamed(desk, 'send-sms')).toEqual([])
    await push(away, true)
    expect(jobsNamed(desk, 'send-sms')).toHaveLength(1)
  })

  test('is a dead letter when it did not arrive at the last try and there is no other way', async () => {
    const { push, desk } = await replied({ phone: null })
    const away: ChatSender = { send: () => Promise.reject(new VendorAway('away')) }
    await expect(push(away, true)).rejects.toThrow('away')
    expect(jobsNamed(desk, 'send-sms')).toEqual([])
  })
})

test('what was taken of an allowance and not used is given back', async () => {
  const { desk, filed } = await replied()
  const { contacts } = desk.line.store
  const take = () => contacts.take(filed.conversation.id, desk.line.clock.now())
  for (let i = 0; i < 5; i++) expect(await take()).toBe(true)
  expect(await take()).toBe(false)
  await contacts.giveBack(filed.conversation.id)
  expect(await take()).toBe(true)
  expect(await take()).toBe(false)
})
