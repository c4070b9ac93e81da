import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../../src/cases/clock-outcome.ts'
import { clockName } from '../../../src/clocks/stage-clock.ts'
import { Life } from './sample-case.ts'

/** Filed on Tuesday 24 November 2026 at 10:00; to be signed within a working day, answered within ten. */
const dispatched = () =>
  new Life()
    .does('agent', 'accept', { at: '2026-11-24 10:20' })
    .does('agent', 'dispatch', { at: '2026-11-24 11:00' })
const signed = (at = '2026-11-24 14:00') => dispatched().does('lead', 'sign', { at })

/** How each clock ended. */
const outcomes = ({ case: current, events }: Life) =>
  Object.fromEntries(Object.values(current.clocks).map(clock => [clockName(clock), outcomeOf(clock, events)]))

describe('how a clock ended', () => {
  it('what was done in time was, and what still runs has not ended', () => {
    expect(outcomes(signed())).toMatchObject({
      acceptance: 'in-time',
      dispatch: 'in-time',
      sign: 'in-time',
      handle: null,
    })
  })

  it('what was done late was done late', () => {
    expect(outcomes(signed('2026-11-27 14:00'))).toMatchObject({ sign: 'late', handle: null })
    const life = signed().does('partner', 'finish-part', { at: '2026-11-26 09:00' })
    expect(outcomes(life.does('lead', 'reply', { at: '2026-12-21 11:00' }))).toMatchObject({
      handle: 'late',
    })
  })

  it('a return was made in time, but nobody signed', () => {
    expect(outcomes(dispatched().does('lead', 'return', { at: '2026-11-24 15:00' }))).toMatchObject({
      sign: 'superseded',
      return: 'in-time',
      handle: null,
      arbitration: null,
    })
  })

  it('a withdrawal ends what nobody has done, and leaves what was done', () => {
    const life = signed().does('agent', 'withdraw', { at: '2026-11-25 09:00' })
    expect(outcomes(life)).toMatchObject({ acceptance: 'in-time', sign: 'in-time', handle: 'superseded' })
  })
})
