import { describe, expect, it } from 'vitest'
import { normalise } from '../../../src/language/normalise.ts'
import { findTimes } from '../../../src/language/slots/times.ts'
import { NO_TIMES, NOW, TIME_SAYINGS } from './time-sayings.ts'

const local = (instant: Date) =>
  new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

describe('times as people say them', () => {
  it.each(TIME_SAYINGS)('%s', (saying, words, kind, from, to) => {
    const [time] = findTimes(normalise(saying), NOW)
    expect(time && [time.text, time.kind, local(time.from), local(time.to)]).toEqual([words, kind, from, to])
  })

  it.each(NO_TIMES)('%s names no time', saying => {
    expect(findTimes(normalise(saying), NOW)).toEqual([])
  })

  it.each([
    ['no water since yesterday at 5pm', 'yesterday at 5pm', '2026-11-23 17:00'],
    ['it has been noisy for 3 days', 'for 3 days', '2026-11-21 10:30'],
    ['the lift broke last Monday', 'last Monday', '2026-11-16 00:00'],
    ['the lift broke last Friday', 'last Friday', '2026-11-20 00:00'],
    ['2 hours ago a tree fell', '2 hours ago', '2026-11-24 08:30'],
  ])('in English: %s', (saying, words, from) => {
    const [time] = findTimes(normalise(saying), NOW)
    expect(time && [time.text, local(time.from)]).toEqual([words, from])
  })
})
