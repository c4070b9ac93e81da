import { expect, it } from 'vitest'
import { DAY, HOUR, ManualClock, MINUTE } from '../../../src/kernel/clock.ts'

it('a manual clock stands still until it is moved', () => {
  const clock = new ManualClock('2026-11-24T10:00:00Z')
  expect([clock.now(), clock.now()]).toEqual(Array(2).fill(new Date('2026-11-24T10:00:00Z')))
  clock.advance(DAY + HOUR + MINUTE)
  expect(clock.now()).toEqual(new Date('2026-11-25T11:01:00Z'))
  clock.advance(-HOUR)
  expect(clock.now()).toEqual(new Date('2026-11-25T10:01:00Z'))
  clock.set(new Date('2027-01-01T00:00:00Z'))
  expect(clock.now()).toEqual(new Date('2027-01-01T00:00:00Z'))
})

it('what it hands out cannot move it', () => {
  const clock = new ManualClock('2026-11-24T10:00:00Z')
  clock.now().setFullYear(1999)
  expect(clock.now()).toEqual(new Date('2026-11-24T10:00:00Z'))
})
