import { describe, expect, test } from 'vitest'
import { inputs } from '../../../src/cases/case-inputs.ts'
import { isPaused } from '../../../src/clocks/stage-clock.ts'
import { WorkingCalendar } from '../../../src/clocks/working-calendar.ts'
import type { Outgoing } from '../../../src/conversation/message.ts'
import { DAY } from '../../../src/kernel/clock.ts'
import { deliverNotification } from '../../../src/usecases/deliver-notification.ts'
import { sweepClocks } from '../../../src/usecases/sweep-clocks.ts'
import { recordingStore } from '../../support/test-line.ts'
import { accountOf, act, fileOne, storedCase, useTestLine } from '../../support/use-test-line.ts'
import { calendarContent, hours, shown } from '../clocks/shenfu.ts'

const lines = useTestLine()

describe('sweeping the clocks', () => {
  test('nothing rings before its time', async () => {
    const desk = lines.fresh()
    await fileOne(desk)
    expect(await sweepClocks(desk.line)).toBe(0)
  })

  test('two instances at once ring every alarm once', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    await act(desk.line, accountOf('handler', 'urban-management'), filed.id, 'sign')
    desk.line.clock.advance(15 * DAY)
    const second = recordingStore(await lines.home().another())
    second.record.caseIds.push(filed.id)
    const other = { ...desk.line, store: second.store }
    for (let sweeps = 0; sweeps < 12; sweeps++)
      await Promise.all([sweepClocks(desk.line), sweepClocks(other)])
    const { case: swept, events } = await storedCase(desk.line, filed.id)
    const rung = events
      .filter(event => event.type === 'clock-warned' || event.type === 'clock-breached')
      .map(event => `${event.data.clock} ${event.data.dueAt} ${event.data.percent}`)
    expect(new Set(rung).size).toBe(rung.length)
    expect(rung.filter(alarm => alarm.startsWith('handle'))).toHaveLength(3)
    expect(events.filter(event => event.type === 'supervision-ordered')).toHaveLength(1)
    expect(swept.supervision?.cause).toBe('overdue')
  })

  test('unsigned and then overdue too: one supervision order is open at a time', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    desk.line.clock.advance(15 * DAY)
    for (let sweeps = 0; sweeps < 12; sweeps++) await sweepClocks(desk.line)
    const { case: swept, events } = await storedCase(desk.line, filed.id)
    expect(events.filter(event => event.type === 'clock-breached').map(event => event.data.clock)).toEqual(
      expect.arrayContaining(['sign', 'handle']),
    )
    expect(events.filter(event => event.type === 'supervision-ordered')).toHaveLength(1)
    expect(swept.supervision?.cause).toBe('unsigned')
  })

  test('an order that nobody answers goes up a step, and the department is looked at again', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    for (let day = 0; day < 40; day++) {
      desk.line.clock.advance(DAY)
      while ((await sweepClocks(desk.line)) > 0);
    }
    const { case: swept, events } = await storedCase(desk.line, filed.id)
    const orders = events
      .filter(event => event.type === 'supervision-ordered')
      .map(event => `${event.data.level} ${event.data.cause} (${event.reason})`)
    expect(orders).toEqual([
      'remind unsigned (逾期未签收)',
      'order unsigned (逾期未签收)',
      'notice unsigned (逾期未签收)',
    ])
    expect(events.filter(event => event.type === 'clock-chased').map(event => event.data.after)).toEqual([
      { amount: 1, unit: 'd' },
      { amount: 5, unit: 'wd' },
    ])
    expect([swept.state, swept.supervision?.answer]).toEqual(['dispatched', null])
  })

  test('a resident who does not answer is not waited for longer than the limit', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const handler = accountOf('handler', 'urban-management')
    await act(desk.line, handler, filed.id, 'sign')
    await act(desk.line, handler, filed.id, 'ask-resident', { text: '哪一盏灯？' })
    desk.line.clock.advance(5 * DAY)
    while ((await sweepClocks(desk.line)) > 0);
    const { case: swept } = await storedCase(desk.line, filed.id)
    expect([swept.state, isPaused(swept.clocks.handle!)]).toEqual(['handling', false])
  })

  test('a suspended case goes on by itself on its review date', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    await act(desk.line, accountOf('handler', 'urban-management'), filed.id, 'sign')
    const reviewAt = new Date(desk.line.clock.now().getTime() + 30 * DAY).toISOString()
    await act(desk.line, accountOf('supervisor'), filed.id, 'suspend', { reviewAt }, '待路灯改造')
    desk.line.clock.advance(30 * DAY - 1)
    while ((await sweepClocks(desk.line)) > 0);
    expect((await storedCase(desk.line, filed.id)).case.state).toBe('suspended')
    desk.line.clock.advance(1)
    while ((await sweepClocks(desk.line)) > 0);
    expect((await storedCase(desk.line, filed.id)).case.state).toBe('handling')
  })

  test('two instances count again by a corrected calendar once, and one with the old calendar changes nothing', async () => {
    const desk = lines.fresh()
    const { case: filed, conversation } = await fileOne(desk)
    const content = structuredClone(calendarContent)
    content.version = '2026-12-1'
    content.years['2026']!.holidays.push({ date: '2026-12-02', name: '临时放假' })
    const policy = { ...desk.line.policy, calendar: new WorkingCalendar(content, hours) }
    const second = recordingStore(await lines.home().another())
    second.record.caseIds.push(filed.id)
    const [one, other] = [
      { ...desk.line, policy },
      { ...desk.line, policy, store: second.store },
    ]
    await Promise.all([sweepClocks(one), sweepClocks(other)])
    for (const line of [one, other, desk.line]) expect(await sweepClocks(line)).toBe(0)
    const { case: swept, events } = await storedCase(desk.line, filed.id)
    expect(events.filter(event => event.type === 'clock-recomputed')).toHaveLength(1)
    expect(shown(filed.clocks.handle!.dueAt)).toBe('2026-12-08 17:00 Tue')
    expect(shown(swept.clocks.handle!.dueAt)).toBe('2026-12-09 17:00 Wed')
    const { dueBefore, dueAfter } = inputs.recomputation
      .parse(events.at(-1)!.data)
      .clocks.find(each => each.clock === 'handle')!
    expect([dueBefore, dueAfter]).toEqual([
      filed.clocks.handle!.dueAt.toISOString(),
      swept.clocks.handle!.dueAt.toISOString(),
    ])
    // What was promised has changed, so the resident is told.
    const jobs = [...desk.record.jobs, ...second.record.jobs]
    const [job, ...others] = jobs.filter(({ name }) => name === 'notify-resident')
    expect([job?.data.event, others]).toEqual(['clock-recomputed', []])
    await deliverNotification(desk.line, job!)
    const entries = await desk.line.store.transcriptAfter(conversation.id, 0, 50)
    expect((entries.at(-1)!.body as Outgoing).text).toContain('12月9日周三 17:00前')
  })

  test('what rang is published so that desks see the light change', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    const heard: unknown[] = []
    desk.line.bus.subscribe(message => void heard.push(message))
    desk.line.clock.advance(2 * DAY)
    await sweepClocks(desk.line)
    const { case: swept } = await storedCase(desk.line, filed.id)
    expect(heard).toEqual([{ topic: 'case', caseId: filed.id, version: swept.version }])
  })
})
