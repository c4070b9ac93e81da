import { describe, expect, test } from 'vitest'
import { promiseOf } from '../../src/cases/case.ts'
import { findBrokenLink } from '../../src/cases/case-event.ts'
import { DAY, HOUR } from '../../src/kernel/clock.ts'
import { sweepClocks } from '../../src/usecases/sweep-clocks.ts'
import { accountOf, act, type Desk, fileOne, storedCase, useTestLine } from '../support/use-test-line.ts'

const lines = useTestLine()
const handler = accountOf('handler', 'urban-management')

describe("when the machine's clock jumps", () => {
  test('forward by days and back by an hour: every alarm has rung once, and the promise stands', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    await act(desk.line, handler, filed.id, 'sign')
    const promised = promiseOf((await storedCase(desk.line, filed.id)).case)!.dueAt
    for (const jump of [15 * DAY, -HOUR, HOUR, -DAY, DAY]) {
      desk.line.clock.advance(jump)
      await sweepToRest(desk)
    }
    const { case: swept, events } = await storedCase(desk.line, filed.id)
    expect(promiseOf(swept)!.dueAt).toEqual(promised)
    const rung = events
      .filter(({ type }) => ['clock-warned', 'clock-breached', 'clock-chased'].includes(type))
      .map(({ type, data }) => JSON.stringify([type, data]))
    expect(rung.length).toBeGreaterThanOrEqual(3)
    expect(new Set(rung).size).toBe(rung.length)
    expect(events.filter(({ type }) => type === 'supervision-ordered')).toHaveLength(1)
    expect(findBrokenLink(events)).toBeNull()
  })

  test('a day too early rings nothing that is not due by the clock, and back again nothing twice', async () => {
    const desk = lines.fresh()
    const { case: filed } = await fileOne(desk)
    desk.line.clock.advance(DAY)
    await sweepToRest(desk)
    const { events: early } = await storedCase(desk.line, filed.id)
    desk.line.clock.advance(-DAY)
    await sweepToRest(desk)
    expect((await storedCase(desk.line, filed.id)).events).toEqual(early)
    desk.line.clock.advance(DAY)
    await sweepToRest(desk)
    expect((await storedCase(desk.line, filed.id)).events).toEqual(early)
  })

  test('cases can be filed and handled across the jump, and no number or id is given twice', async () => {
    const desk = lines.fresh()
    const numbers: string[] = []
    const ids: string[] = []
    for (const jump of [0, -HOUR, DAY, -DAY, -DAY, 2 * DAY, -HOUR]) {
      desk.line.clock.advance(jump)
      for (let each = 0; each < 20; each++) {
        const { case: filed } = await fileOne(desk, { place: `人民路${numbers.length + 1}号` })
        numbers.push(filed.number)
        ids.push(filed.id)
      }
    }
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(new Set(ids).size).toBe(ids.length)

    const last = ids.at(-1)!
    desk.line.clock.advance(-HOUR)
    await act(desk.line, handler, last, 'sign')
    const { case: signed, events } = await storedCase(desk.line, last)
    expect(signed.state).toBe('handling')
    expect(findBrokenLink(events)).toBeNull()
  })
})

async function sweepToRest({ line }: Desk): Promise<void> {
  for (let sweeps = 0; (await sweepClocks(line)) > 0; sweeps++) expect(sweeps).toBeLessThan(40)
}
