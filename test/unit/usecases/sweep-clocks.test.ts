import { describe, expect, test } from 'vitest'
import { DAY } from '../../../src/kernel/clock.ts'
import { sweepClocks } from '../../../src/usecases/sweep-clocks.ts'
import { recordingStore } from '../../support/test-line.ts'
import { accountOf, act, fileOne, storedCase, useTestLine } from '../../support/use-test-line.ts'

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
