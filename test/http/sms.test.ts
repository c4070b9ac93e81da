import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../src/kernel/clock.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { deliverNotification } from '../../src/usecases/deliver-notification.ts'
import { pushMessage } from '../../src/usecases/push-message.ts'
import { sendSms } from '../../src/usecases/send-sms.ts'
import { sweepClocks } from '../../src/usecases/sweep-clocks.ts'
import { type RunningChannels, startChannels } from '../support/chat-channels.ts'
import {
  freshNumber,
  KeepingGateway,
  pushUp,
  SMS_SECRET,
  SMS_SETTINGS,
  SmsClient,
  type SmsUp,
  sendAnswers,
} from '../support/sms-client.ts'
import { overlay } from '../support/test-line.ts'
import {
  accountOf,
  act,
  type Desk,
  fileOne,
  replyInput,
  storedCase,
  useTestLine,
} from '../support/use-test-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')

let desk: Desk
let running: RunningChannels
beforeAll(async () => {
  desk = lines.fresh()
  running = await startChannels(desk.line, SMS_SETTINGS)
})
afterAll(() => running?.stop())

let houses = 10
/** Nobody's neighbour. */
const place = () => `人民路${houses++}号`
const someone = () => new SmsClient(running.url, desk)
const filedSince = (before: number) => desk.record.caseIds.slice(before)

describe('a conversation by SMS', () => {
  test('goes from the first word to the number; the phone that wrote is not asked for', async () => {
    const person = someone()
    const before = desk.record.caseIds.length
    expect(await person.say(`${place()}半夜施工太吵了，楼道灯也坏了`)).toMatch(/1\. 分别登记\n2\. /)
    expect(await person.say('1')).toContain(`联系方式：${person.number}`)
    const filed = await person.say('1')
    expect(filed.match(/编号：261124 \d{5} \d\n查询码：[A-Z0-9]{8}/g)).toHaveLength(2)
    const ids = filedSince(before)
    expect(ids).toHaveLength(2)
    const owner = await desk.line.store.transact(tx => tx.personOf(ids[0]!))
    expect(owner).toMatchObject({ phone: person.number, channel: 'sms' })
  })

  test('no greeting is sent before the answer, and no number stands in the log or in a conversation id', async () => {
    const person = someone()
    const answer = await person.say('办身份证要带什么')
    expect(answer).toContain('身份证')
    expect(answer).not.toContain(desk.line.content.texts.of('zh-Hans', 'repair.greeting').slice(0, 4))
    const logged = running.logged.join('\n')
    expect(logged).toContain('answered')
    expect(logged).not.toContain(person.number)
    expect(logged).not.toContain(SMS_SECRET)
  })

  test('in danger the first message says what to do, and is filed with the phone', async () => {
    const person = someone()
    const before = desk.record.caseIds.length
    expect(await person.say(`${place()}着火了`)).toContain('119')
    const [caseId] = filedSince(before)
    expect(await desk.line.store.transact(tx => tx.personOf(caseId!))).toMatchObject({ phone: person.number })
  })

  test.each(['TD', 'td。', 'Ｔ', 'N', '退订', '退訂', 'STOP', 'Unsubscribe.'])(
    '%s: no more news',
    async word => {
      const person = someone()
      const before = desk.record.caseIds.length
      for (const text of [`${place()}门口路灯不亮了`, '1', word]) await person.say(text)
      const [caseId] = filedSince(before)
      expect(await desk.line.store.transact(tx => tx.notices.wants(caseId!))).toBe('nothing')
    },
  )

  test('news go out in the short words of the event, not in those of the conversation', async () => {
    const own = lines.fresh()
    const channels = await startChannels(own.line, SMS_SETTINGS)
    try {
      const person = new SmsClient(channels.url, own)
      for (const text of [`${place()}门口路灯不亮了`, '1']) await person.say(text)
      const [caseId] = own.record.caseIds
      await act(own.line, handler, caseId!, 'sign')
      await act(own.line, handler, caseId!, 'reply', replyInput(own.line))
      const reach = { hasSms: true, pushes: new Set(channels.senders.keys()) }
      for (const job of jobsOf(own, 'notify-resident')) await deliverNotification(own.line, job, reach)
      for (const job of jobsOf(own, 'push-message'))
        await pushMessage(own.line, { ...job, isLastTry: false }, { senders: channels.senders, hasSms: true })
      const gateway = await sendNotices(own)
      expect(gateway.sent).toMatchObject([{ to: person.number, of: { key: 'sms.replied' } }])
      expect(gateway.sent[0]!.text).not.toContain('路灯')
      expect(await person.say('1 1 1')).toContain('谢谢您的评价')
    } finally {
      await channels.stop()
    }
  })
})

describe('what is not from the provider', () => {
  const hello = () => [someone().up('你好')]

  test.each(['', 'x', SMS_SECRET.slice(1), `${SMS_SECRET}x`, SMS_SECRET.toUpperCase(), '..%2f'])(
    'the address that ends with %j is unknown',
    async secret => {
      expect((await pushUp(running.url, hello(), secret)).status).toBe(404)
      expect(desk.record.answers).toEqual([])
    },
  )

  test('asked for in another way it is unknown, too', async () => {
    expect((await fetch(`${running.url}/channels/sms/${SMS_SECRET}`)).status).toBe(404)
  })

  test.each([
    ['10.20.0.0/16', 404],
    ['10.20.0.0/16,127.0.0.0/8', 200],
  ])('from networks %s only: %i', async (SMS_UP_NETWORKS, status) => {
    const strict = await startChannels(desk.line, { ...SMS_SETTINGS, SMS_UP_NETWORKS })
    try {
      expect((await pushUp(strict.url, [])).status).toBe(status)
    } finally {
      await strict.stop()
    }
  })

  test('without its setting there is no such channel', async () => {
    const without = await startChannels(desk.line, {})
    try {
      expect((await pushUp(without.url, hello())).status).toBe(404)
      expect(without.senders.has('sms')).toBe(false)
    } finally {
      await without.stop()
    }
  })
})

describe('bad bodies', () => {
  test.each(['', '{"a":', '{}', '"text"', '<xml/>', 'phone_number=1'])('%j: 400', async body => {
    expect(await pushUp(running.url, body)).toMatchObject({
      status: 400,
      body: expect.stringContaining('"code":1'),
    })
  })

  test('ten megabytes: 413', async () => {
    expect((await pushUp(running.url, `["${'x'.repeat(10 * 1024 * 1024)}"]`)).status).toBe(413)
  })

  test('the good ones of a partly bad list are heard, and nothing of it comes again', async () => {
    const [person, other] = [someone(), someone()]
    const batch = [
      person.up('办身份证要带什么'),
      null as never,
      { ...person.up('你好'), phone_number: '1069001234' },
      { ...person.up(''), sequence_id: '1' },
      other.up('办身份证要带什么'),
    ]
    expect(await pushUp(running.url, batch)).toEqual({ status: 200, body: '{"code":0,"msg":"接收成功"}' })
    const gateway = new KeepingGateway()
    await sendAnswers(desk, gateway)
    expect(gateway.sent.map(({ to }) => to)).toEqual([person.number, other.number])
  })
})

describe('repeats and trouble', () => {
  test('each batch three times in parallel: one case and one answer each', async () => {
    const people = Array.from({ length: 20 }, someone)
    const storm = (batch: SmsUp[]) => Promise.all([1, 2, 3].map(() => pushUp(running.url, batch)))
    for (const person of people) await storm([person.up(`${place()}门口路灯不亮了`)])
    await sendAnswers(desk, new KeepingGateway())
    const before = desk.record.caseIds.length
    const batches = people.map(person => [person.up('提交')])
    const answers = (await Promise.all(batches.map(storm))).flat()
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    // As the provider does it when it has heard nothing.
    await Promise.all(batches.map(batch => pushUp(running.url, batch)))
    expect(filedSince(before)).toHaveLength(people.length)
    expect(new Set(desk.record.answers.map(({ key }) => key)).size).toBe(people.length)
    const gateway = new KeepingGateway()
    await sendAnswers(desk, gateway)
    expect(gateway.sent.map(({ to }) => to).sort()).toEqual(people.map(({ number }) => number).sort())
    for (const { text } of gateway.sent) expect(text).toMatch(/查询码：[A-Z0-9]{8}/)
  })

  test('while the database is away the provider is told to bring it again, and then all are heard once', async () => {
    let isAway = true
    const store = overlay(desk.line.store, {
      transact: work =>
        isAway ? Promise.reject(new AppError('store-unavailable')) : desk.line.store.transact(work),
    })
    const shaky = await startChannels(overlay(desk.line, { store }), SMS_SETTINGS)
    try {
      const batch = [someone().up('办身份证要带什么'), someone().up('办身份证要带什么')]
      const refused = await pushUp(shaky.url, batch)
      expect(refused).toMatchObject({ status: 503, body: expect.stringContaining('"code":1') })
      isAway = false
      expect((await pushUp(shaky.url, batch)).status).toBe(200)
      const gateway = new KeepingGateway()
      await sendAnswers(desk, gateway)
      expect(gateway.sent).toHaveLength(2)
    } finally {
      await shaky.stop()
    }
  })

  test('when the answer could not be put down, the repeat puts it down', async () => {
    const person = someone()
    let writes = 0
    const store = overlay(desk.line.store, {
      transact: work =>
        desk.line.store.transact(tx =>
          work(
            overlay(tx, {
              enqueue: jobs => {
                if (jobs.some(({ name }) => name === 'answer-sms') && writes++ === 0)
                  throw new AppError('store-unavailable')
                tx.enqueue(jobs)
              },
            }),
          ),
        ),
    })
    const shaky = await startChannels(overlay(desk.line, { store }), SMS_SETTINGS)
    try {
      const batch = [person.up('办身份证要带什么')]
      expect((await pushUp(shaky.url, batch)).status).toBe(503)
      expect((await pushUp(shaky.url, batch)).status).toBe(200)
      const gateway = new KeepingGateway()
      await sendAnswers(desk, gateway)
      expect(gateway.sent.map(({ to }) => to)).toEqual([person.number])
    } finally {
      await shaky.stop()
    }
  })
})

const jobsOf = ({ record }: Desk, name: string) => record.jobs.filter(job => job.name === name)

/** Works what is to be sent by SMS. */
async function sendNotices(own: Desk): Promise<KeepingGateway> {
  const gateway = new KeepingGateway()
  const jobs = new Map(jobsOf(own, 'send-sms').map(job => [job.key, job]))
  for (const job of jobs.values())
    await sendSms(own.line, { ...job, isLastTry: false }, { gateway, publicUrl: null, hearsReplies: true })
  own.record.jobs.splice(0)
  return gateway
}

/** A case filed on the page with this number, replied to and told by SMS; its owner is not on the page any more. */
async function told(phone: string, own = lines.fresh(), text = '灯泡已经换好。') {
  const filed = await fileOne(own)
  const caseId = filed.case.id
  const { line } = own
  await line.store.transact(async tx => tx.savePerson(caseId, { ...(await tx.personOf(caseId))!, phone }))
  line.clock.advance(HOUR)
  await act(line, handler, caseId, 'sign')
  await act(line, handler, caseId, 'reply', { ...replyInput(line), text })
  for (const job of jobsOf(own, 'notify-resident')) await deliverNotification(line, job, { hasSms: true })
  const gateway = await sendNotices(own)
  return { own, caseId, gateway, number: filed.case.number }
}

describe('rating by SMS', () => {
  const rated = async (own: Desk, caseId: string) => (await storedCase(own.line, caseId)).case
  const answering = async (own: Desk, phone: string, texts: readonly string[]) => {
    const channels = await startChannels(own.line, SMS_SETTINGS)
    try {
      const person = new SmsClient(channels.url, own, phone)
      const answers: string[] = []
      for (const text of texts) answers.push(await person.say(text))
      return answers
    } finally {
      await channels.stop()
    }
  }

  test.each<[string[], object]>([
    [['1 1 2'], { contacted: true, resolved: true, satisfied: 'satisfied' }],
    [['２，１，１'], { contacted: false, resolved: true, satisfied: 'very' }],
    [['115'], { contacted: true, resolved: true, satisfied: 'very-dissatisfied' }],
    [['1', '1', '3'], { contacted: true, resolved: true, satisfied: 'neutral' }],
    [['没人联系', '解决了', '满意'], { contacted: false, resolved: true, satisfied: 'satisfied' }],
    [['解决了，很满意', '1'], { contacted: true, resolved: true, satisfied: 'very' }],
    [['我要评价', '1 1 1'], { contacted: true, resolved: true, satisfied: 'very' }],
  ])('%j closes the case', async (texts, followUp) => {
    const phone = freshNumber()
    const { own, caseId, gateway } = await told(phone)
    expect(gateway.sent).toMatchObject([{ to: phone, text: expect.stringMatching(/“1 1 2”.*TD/) }])
    const answers = await answering(own, phone, texts)
    expect(answers.at(-1)).toContain('谢谢您的评价')
    expect(await rated(own, caseId)).toMatchObject({ state: 'closed', followUp })
  })

  test('"1 2" sends it back, with what is not solved', async () => {
    const phone = freshNumber()
    const { own, caseId } = await told(phone)
    const answers = await answering(own, phone, ['1 2 4', '还是不亮'])
    expect(answers[0]).toMatch(/已经退回.*哪里没解决/s)
    expect(await rated(own, caseId)).toMatchObject({
      state: 'dispatched',
      reworkCount: 1,
      followUp: { contacted: true, resolved: false },
    })
    const { events } = await storedCase(own.line, caseId)
    expect(events.at(-1)).toMatchObject({ type: 'information-added', data: { text: '还是不亮' } })
  })

  test('a wrong number is asked for once more', async () => {
    const phone = freshNumber()
    const { own, caseId } = await told(phone)
    const answers = await answering(own, phone, ['9', '1 1 7', '2'])
    expect(answers[0]).toContain('灯泡已经换好')
    expect(answers[0]).toMatch(/1\. 联系过\n2\. 没人联系/)
    expect(answers[1]).toContain('您满意吗')
    expect(await rated(own, caseId)).toMatchObject({ state: 'closed', followUp: { satisfied: 'satisfied' } })
  })

  test('of two cases the latest told is the one that a bare answer means, then the other', async () => {
    const phone = freshNumber()
    const first = await told(phone)
    const second = await told(phone, first.own)
    expect(second.gateway.sent[0]!.text).toContain('“1 1 2”')
    await answering(first.own, phone, ['1 1 1'])
    expect(await rated(first.own, second.caseId)).toMatchObject({ state: 'closed' })
    expect(await rated(first.own, first.caseId)).toMatchObject({ state: 'replied' })
    await answering(first.own, phone, ['我要评价', '1 1 5', '不说了'])
    expect(await rated(first.own, first.caseId)).toMatchObject({
      followUp: { satisfied: 'very-dissatisfied' },
    })
  })

  test('who is talking about something else is not interrupted, and rates when they say so', async () => {
    const phone = freshNumber()
    const own = lines.fresh()
    await answering(own, phone, ['路灯不亮了'])
    const { caseId, gateway } = await told(phone, own)
    expect(gateway.sent[0]!.text).toContain('回复“我要评价”')
    const answers = await answering(own, phone, ['1', '我要评价', '1 1 1'])
    expect(answers[0]).not.toContain('评价')
    expect(await rated(own, caseId)).toMatchObject({ state: 'closed', followUp: { satisfied: 'very' } })
  })

  test('after the end it is told so', async () => {
    const phone = freshNumber()
    const { own, caseId } = await told(phone)
    own.line.clock.set((await rated(own, caseId)).clocks['follow-up']!.dueAt)
    for (let sweeps = 0; sweeps < 5; sweeps++) await sweepClocks(own.line)
    expect(await rated(own, caseId)).toMatchObject({ state: 'closed' })
    const answers = await answering(own, phone, ['1 1 1', '1 1 1'])
    for (const answer of answers) expect(answer).toContain('已经办完了')
    expect(answers[1]).toContain('没明白')
    const other = freshNumber()
    const later = await told(other)
    later.own.line.clock.set((await rated(later.own, later.caseId)).clocks['follow-up']!.dueAt)
    for (let sweeps = 0; sweeps < 5; sweeps++) await sweepClocks(later.own.line)
    later.own.line.clock.advance(20 * DAY)
    expect((await answering(later.own, other, ['1 1 1']))[0]).toContain('不能再评价')
  })

  test('when the time runs out while they are being asked it is told so, too', async () => {
    const phone = freshNumber()
    const { own, caseId } = await told(phone)
    await answering(own, phone, ['1'])
    own.line.clock.set((await rated(own, caseId)).clocks['follow-up']!.dueAt)
    for (let sweeps = 0; sweeps < 5; sweeps++) await sweepClocks(own.line)
    own.line.clock.advance(20 * DAY)
    expect((await answering(own, phone, ['2']))[0]).toContain('时间已经过了')
    expect(await rated(own, caseId)).toMatchObject({ state: 'closed', reworkCount: 0 })
  })

  test('a stranger with another number rates nothing', async () => {
    const { own, caseId } = await told(freshNumber())
    expect((await answering(own, freshNumber(), ['我要评价']))[0]).not.toContain('有人给您打过电话')
    expect(await rated(own, caseId)).toMatchObject({ state: 'replied' })
  })

  test('a notice that is sent again after a crash asks once', async () => {
    const phone = freshNumber()
    const own = lines.fresh()
    const { caseId } = await told(phone, own)
    const { events } = await storedCase(own.line, caseId)
    const { seq } = events.findLast(({ type }) => type === 'replied')!
    await answering(own, phone, ['1'])
    const gateway = new KeepingGateway()
    const job = { data: { caseId, seq, event: 'replied' }, isLastTry: false }
    await sendSms(own.line, job, { gateway, publicUrl: null, hearsReplies: true })
    expect(gateway.sent).toHaveLength(1)
    expect((await answering(own, phone, ['1']))[0]).toContain('您满意吗')
  })

  test('TD ends the news of the cases that this number was told of', async () => {
    const phone = freshNumber()
    const { own, caseId } = await told(phone)
    await answering(own, phone, ['TD'])
    expect(await own.line.store.transact(tx => tx.notices.wants(caseId))).toBe('nothing')
  })

  test('where nobody can answer by SMS nobody is told to', async () => {
    const own = lines.fresh()
    const filed = await fileOne(own)
    own.line.clock.advance(HOUR)
    await act(own.line, handler, filed.case.id, 'sign')
    await act(own.line, handler, filed.case.id, 'reply', replyInput(own.line))
    for (const job of jobsOf(own, 'notify-resident'))
      await deliverNotification(own.line, job, { hasSms: true })
    const gateway = new KeepingGateway()
    for (const job of jobsOf(own, 'send-sms'))
      await sendSms(own.line, { ...job, isLastTry: false }, { gateway, publicUrl: null })
    expect(gateway.sent[0]!.text).not.toMatch(/1 1 2|TD|我要评价/)
  })
})
