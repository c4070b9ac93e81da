import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Finishes, judgeForecasts, learnLateness, STEPS } from '../../../src/followup/lateness.ts'

const done = (step: number, cases: number, department = 'housing', topic = 'water'): Finishes => ({
  department,
  topic,
  step,
  cases,
})
const late = (cases: number, department?: string, topic?: string) => done(STEPS, cases, department, topic)

describe('how likely a case is to be late', () => {
  test('without any history it is even', () => {
    const forecast = learnLateness([])
    expect(forecast({ department: 'housing', topic: 'water', share: 0.5 })).toEqual({
      chance: 0.5,
      basis: { group: 'all', reached: 0, late: 0 },
    })
  })

  test('only those count that were not done either when as much of the time was used up', () => {
    const forecast = learnLateness([done(2, 900), late(100)])
    const at = (share: number) => forecast({ department: 'housing', topic: 'water', share })
    expect(at(0).basis).toEqual({ group: 'department-topic', reached: 1000, late: 100 })
    expect(at(0).chance).toBeCloseTo(0.1, 1)
    expect(at(0.5).basis).toEqual({ group: 'department-topic', reached: 100, late: 100 })
    expect(at(0.5).chance).toBeGreaterThan(0.9)
  })

  test('a department that has little history is taken to be like the others', () => {
    const forecast = learnLateness([done(3, 900, 'many'), late(100, 'many'), late(3, 'few', 'gas')])
    const few = forecast({ department: 'few', topic: 'gas', share: 0 })
    expect(few.basis.group).toBe('all')
    expect(few.chance).toBeGreaterThan(0.1)
    expect(few.chance).toBeLessThan(0.25)
    // Of one that nobody has heard of, what holds for all.
    const unheard = forecast({ department: 'new', topic: '', share: 0 })
    expect(unheard.chance).toBeLessThan(few.chance)
  })

  test('is always a chance, and never sinks while time runs and nothing else is known', () => {
    const finishes = fc.record({
      department: fc.constantFrom('a', 'b'),
      topic: fc.constantFrom('', 'x', 'y'),
      step: fc.integer({ min: 0, max: STEPS }),
      cases: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(
        fc.array(finishes, { maxLength: 30 }),
        fc.constantFrom('a', 'b', 'c'),
        (history, department) => {
          const forecast = learnLateness(history)
          const chances = Array.from(
            { length: STEPS },
            (_, step) => forecast({ department, topic: 'x', share: step / STEPS }).chance,
          )
          for (const [step, chance] of chances.entries()) {
            expect(chance).toBeGreaterThanOrEqual(0)
            expect(chance).toBeLessThanOrEqual(1)
            if (step > 0) expect(chance).toBeGreaterThanOrEqual(chances[step - 1]! - 1e-9)
          }
        },
      ),
    )
  })
})

describe('the judgement of forecasts', () => {
  test('knows a perfect one, and one that says the share of all', () => {
    const unseen = [done(10, 75), late(25)]
    const knows = judgeForecasts(({ share }) => certain(share > 0.5 ? 1 : 0.25), unseen)
    const always = judgeForecasts(() => certain(0.25), [done(1, 75), late(25, 'housing')])
    expect(knows.late).toBe(25 * 5)
    expect(knows.brier).toBeLessThan(knows.brierOfShare)
    expect(always.classes.map(({ from }) => from)).toEqual([0.2])
    expect(always.brierOfShare).toBeCloseTo((125 / 200) * (75 / 200))
  })

  test('calibration is the distance between what was said and what came', () => {
    const { calibrationError, classes } = judgeForecasts(() => certain(0.6), [late(10)])
    expect(calibrationError).toBeCloseTo(0.4)
    expect(classes).toEqual([{ from: 0.6, forecasts: 50, said: expect.closeTo(0.6), happened: 1 }])
  })
})

function certain(chance: number) {
  return { chance, basis: { group: 'all' as const, reached: 1, late: 0 } }
}
