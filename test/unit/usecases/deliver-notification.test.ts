import { describe, expect, test } from 'vitest'
import type { Outgoing } from '../../../src/conversation/message.ts'
import { HOUR, MINUTE } from '../../../src/kernel/clock.ts'
import { deliverNotification, type Reach } from '../../../src/usecases/deliver-notification.ts'
import type { Job } from '../../../src/usecases/job.ts'
import { sweepClocks } from '../../../src/usecases/sweep-clocks.ts'
import {
  accountOf,
  act,
  type Desk,
  type Filed,
  fileOne,
  replyInput,
  say,
  storedCase,
  useTestLine,
} from '../../support/use-test-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')
const agent = accountOf('agent')

const jobsNamed = (desk: Desk, name: Job['name']) => desk.record.jobs.filter(job => job.name === name)
const bodiesOf = async ({ line }: Desk, { conversation }: Filed) =>
  (await line.store.transcriptAfter(conversation.id, 1, 50))
    .filter(entry => entry.from === 'line')
    .map(entry => entry.body as Outgoing)
const keysTold = async (desk: Desk, filed: Filed) => (await bodiesOf(desk, filed)).map(({ key }) => key)
const listCalls = ({ line }: Desk, { case: { id } }: Filed) =>
  line.store.calls
    .list(line.clock.now(), { includeConfidential: true, limit: 1000 })
    .then(calls => calls.filter(call => call.caseId === id))

/** Works what waits for residents, as the queue would; jobs caused by it too. */
async function deliverAll(desk: Desk, reach: Reach = { hasSms: false }): Promise<void> {
  for (const job of jobsNamed(desk, 'notify-resident')) await deliverNotification(desk.line, job, reach)
}

async function replyTo(desk: Desk, { case: { id } }: Filed): Promise<void> {
  await act(desk.line, handler, id, 'sign')
  await act(desk.line, handler, id, 'reply', replyInput(desk.line))
}

describe('delivering a notification', () => {
  test('delivered twice, also at once, it is told once', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await act(desk.line, handler, filed.case.id, 'sign')
    const [job] = jobsNamed(desk, 'notify-resident')
    await Promise.allSettled([1, 2, 3].map(() => deliverNotification(desk.line, job!)))
    await deliverNotification(desk.line, job!)
    expect(await keysTold(desk, filed)).toEqual(['notify.signed'])
  })

  test('also where no conversation stands in the way, a notice is settled once', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await act(desk.line, handler, filed.case.id, 'sign')
    const settle = () =>
      desk.line.store.transact(async tx => {
        const waiting = await tx.notices.waiting(filed.case.id)
        await bothHaveRead()
        tx.notices.settle(waiting, 'call', desk.line.clock.now())
      })
    let readers = 0
    const read = Promise.withResolvers<void>()
    const bothHaveRead = () => {
      readers++
      if (readers === 2) read.resolve()
      return read.promise
    }
    const outcomes = await Promise.allSettled([settle(), settle()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('while the person speaks it is told as well, and nothing of the talk is lost', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await act(desk.line, handler, filed.case.id, 'sign')
    const [job] = jobsNamed(desk, 'notify-resident')
    await Promise.all([deliverNotification(desk.line, job!), say(desk.line, filed.conversation, '查进度')])
    expect((await keysTold(desk, filed)).toSorted()).toEqual(['check-case.show.shown', 'notify.signed'])
  })

  test('it is told in the language of the conversation, and what is told is the reply itself', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await say(desk.line, filed.conversation, 'Please speak English')
    await replyTo(desk, filed)
    await deliverAll(desk)
    const told = (await bodiesOf(desk, filed)).at(-1)!
    expect(told.key).toBe('notify.replied')
    expect(told.text).toContain('灯泡已经换好。')
    expect(told.text).toContain('Did anyone contact you')
    expect(told.choices.map(choice => choice.id)).toEqual(['contacted-yes', 'contacted-no'])
  })

  test('amid something else it asks nothing, but offers to be asked', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await say(desk.line, filed.conversation, '我要反映问题')
    await replyTo(desk, filed)
    await deliverAll(desk)
    const told = (await bodiesOf(desk, filed)).at(-1)!
    expect(told.text).not.toContain('打过电话')
    expect(told.choices.map(choice => choice.id)).toEqual(['rate'])
  })

  test('what the centre answered itself is asked about without asking who came', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk, { subject: null, subjectCandidates: [] })
    await act(desk.line, agent, filed.case.id, 'answer', { text: '可以网上办。' })
    await deliverAll(desk)
    const told = (await bodiesOf(desk, filed)).at(-1)!
    expect(told.choices.map(choice => choice.id)).toEqual(['resolved-yes', 'resolved-no'])
    await say(desk.line, filed.conversation, '解决了')
    await say(desk.line, filed.conversation, '满意')
    const { case: closed } = await storedCase(desk.line, filed.case.id)
    expect(closed.followUp).toMatchObject({ contacted: null, resolved: true, satisfied: 'satisfied' })
  })

  test('the resident is not told of what the resident did', async () => {
    const desk = lines.fresh()
    const { conversation } = await fileOne(desk)
    await say(desk.line, conversation, '催一下')
    expect(jobsNamed(desk, 'notify-resident')).toEqual([])
  })

  test('a case that is not there has nobody to be told', async () => {
    const desk = lines.fresh()
    const job = { key: 'nobody:1', data: { caseId: 'nobody', seq: 1, event: 'signed' } }
    await expect(deliverNotification(desk.line, job)).resolves.toBeUndefined()
  })
})

describe('one message for several events', () => {
  test('what is overtaken by the next event of the same case is not told any more', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await replyTo(desk, filed)
    expect(jobsNamed(desk, 'notify-resident')).toHaveLength(2)
    await deliverAll(desk)
    expect(await keysTold(desk, filed)).toEqual(['notify.replied'])
  })

  test('news of two cases of one person are one message', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    const { conversation } = filed
    await say(desk.line, conversation, '建设路8号小区楼道灯坏了，电话13800138000')
    await say(desk.line, conversation, '提交')
    for (const id of desk.record.caseIds) {
      const { case: current } = await storedCase(desk.line, id)
      await act(desk.line, accountOf('handler', current.dispatch!.lead), id, 'sign')
    }
    expect(desk.record.caseIds).toHaveLength(2)
    await deliverAll(desk)
    const told = (await bodiesOf(desk, filed)).at(-1)!
    expect(told.key).toBe('notify.several')
    expect(told.cards).toHaveLength(2)
    expect((await keysTold(desk, filed)).filter(key => key.startsWith('notify.'))).toHaveLength(1)
  })

  test('others have a little time to join before it is told', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await act(desk.line, handler, filed.case.id, 'sign')
    const [job] = jobsNamed(desk, 'notify-resident')
    expect(job!.startAfter!.getTime() - desk.line.clock.now().getTime()).toBe(2 * MINUTE)
  })
})

describe('quiet hours', () => {
  test('in danger it is told at once, day and night', async () => {
    const desk = lines.fresh()
    desk.line.clock.set('2026-11-24T23:10:00+08:00')
    const filed = await fileOne(desk, {}, 'gas')
    expect(filed.case.grade).toBe('danger')
    await act(desk.line, accountOf('handler', filed.case.dispatch!.lead), filed.case.id, 'sign')
    expect(jobsNamed(desk, 'notify-resident')[0]!.startAfter).toBeUndefined()
    await deliverAll(desk)
    expect(await keysTold(desk, filed)).toEqual(['notify.signed'])
  })

  test('what happens at night is told in the morning', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    desk.line.clock.set('2026-11-24T23:10:00+08:00')
    await act(desk.line, handler, filed.case.id, 'sign')
    expect(jobsNamed(desk, 'notify-resident')[0]!.startAfter).toEqual(new Date('2026-11-25T08:00:00+08:00'))
  })

  test('a delivery that got late waits for the morning, and is then made', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await act(desk.line, handler, filed.case.id, 'sign')
    const [job] = jobsNamed(desk, 'notify-resident')
    desk.line.clock.set('2026-11-24T22:30:00+08:00')
    await deliverNotification(desk.line, job!)
    await deliverNotification(desk.line, job!)
    expect(await keysTold(desk, filed)).toEqual([])
    const postponed = jobsNamed(desk, 'notify-resident')[1]!
    expect(postponed.startAfter).toEqual(new Date('2026-11-25T08:00:00+08:00'))
    desk.line.clock.set(postponed.startAfter!)
    await deliverNotification(desk.line, postponed)
    expect(await keysTold(desk, filed)).toEqual(['notify.signed'])
  })
})

describe('who is not there is told by the next way', () => {
  test('present in the conversation: nothing else is sent', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await say(desk.line, filed.conversation, '查进度')
    desk.line.clock.advance(20 * MINUTE)
    await replyTo(desk, filed)
    await deliverAll(desk, { hasSms: true })
    expect(jobsNamed(desk, 'send-sms')).toEqual([])
    expect(await listCalls(desk, filed)).toEqual([])
  })

  test('gone: one short message, about what matters most', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    desk.line.clock.advance(3 * HOUR)
    await replyTo(desk, filed)
    await deliverAll(desk, { hasSms: true })
    expect(jobsNamed(desk, 'send-sms').map(job => job.data.event)).toEqual(['replied'])
    expect(await keysTold(desk, filed)).toEqual(['notify.replied'])
  })

  test('gone, and no short messages here: somebody calls, once, and asks how it went', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    desk.line.clock.advance(3 * HOUR)
    await replyTo(desk, filed)
    await deliverAll(desk)
    await deliverAll(desk)
    expect(await listCalls(desk, filed)).toMatchObject([
      { purpose: 'ask', tries: 0, number: filed.case.number },
    ])
  })

  test('an official account reaches people wherever they are', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk, {}, null, 'wechat')
    desk.line.clock.advance(3 * HOUR)
    await replyTo(desk, filed)
    await deliverAll(desk, { hasSms: true, pushes: new Set(['wechat']) })
    expect(jobsNamed(desk, 'send-sms')).toEqual([])
    expect(await listCalls(desk, filed)).toEqual([])
    expect(await keysTold(desk, filed)).toEqual(['notify.replied'])
    const { lastSeq } = (await desk.line.store.transact(tx => tx.conversation(filed.conversation.id)))!
    expect(jobsNamed(desk, 'push-message').map(job => job.data.entry)).toEqual([lastSeq])
  })

  test('who does not say how it went is called when half of the time is over, and closed unanswered at its end', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    await say(desk.line, filed.conversation, '查进度')
    await replyTo(desk, filed)
    await deliverAll(desk)
    expect(await listCalls(desk, filed)).toEqual([])
    const { dueAt, warnings } = (await storedCase(desk.line, filed.case.id)).case.clocks['follow-up']!
    desk.line.clock.set(warnings.find(warning => warning.percent === 50)!.at)
    await sweepClocks(desk.line)
    await deliverAll(desk)
    expect(await listCalls(desk, filed)).toMatchObject([{ purpose: 'ask' }])
    desk.line.clock.set(dueAt)
    for (let sweeps = 0; sweeps < 5; sweeps++) await sweepClocks(desk.line)
    const { case: closed, events } = await storedCase(desk.line, filed.case.id)
    expect(closed).toMatchObject({
      state: 'closed',
      followUp: { contacted: null, resolved: null, satisfied: null },
    })
    expect(events.findLast(event => event.type === 'followed-up')!.actor.role).toBe('clock')
    expect(await listCalls(desk, filed)).toEqual([])
  })

  test('news of the progress are not worth a call', async () => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    desk.line.clock.advance(3 * HOUR)
    await act(desk.line, handler, filed.case.id, 'sign')
    await deliverAll(desk, { hasSms: true })
    expect(jobsNamed(desk, 'send-sms')).toEqual([])
    expect(await listCalls(desk, filed)).toEqual([])
  })
})

describe('what a person wants', () => {
  test.each([
    ['results' as const, ['notify.replied'], ['notify.replied']],
    ['nothing' as const, [], []],
  ])('%s', async (wants, afterAll, afterSecond) => {
    const desk = lines.fresh()
    const filed = await fileOne(desk)
    const { channel, userId: channelUserId } = filed.conversation
    await desk.line.store.transact(async tx =>
      tx.notices.setWants({ channel, channelUserId }, wants, desk.line.clock.now()),
    )
    await act(desk.line, handler, filed.case.id, 'sign')
    await deliverAll(desk)
    expect(await keysTold(desk, filed)).toEqual([])
    await act(desk.line, handler, filed.case.id, 'reply', replyInput(desk.line))
    await deliverAll(desk)
    expect(await keysTold(desk, filed)).toEqual(afterAll)
    // Wanting news again later does not bring back what was not wanted.
    await desk.line.store.transact(async tx =>
      tx.notices.setWants({ channel, channelUserId }, 'all', desk.line.clock.now()),
    )
    await deliverAll(desk)
    expect(await keysTold(desk, filed)).toEqual(afterSecond)
  })
})
