import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLimit, LIMIT_UNITS, limitSchema } from '../../../src/clocks/limit.ts'

describe('a time limit in content', () => {
  it.each([
    ['15min', { amount: 15, unit: 'min' }],
    ['2h', { amount: 2, unit: 'h' }],
    ['14d', { amount: 14, unit: 'd' }],
    ['5wd', { amount: 5, unit: 'wd' }],
    ['9999min', { amount: 9999, unit: 'min' }],
  ])('%s is read', (text, limit) => {
    expect(limitSchema.parse(text)).toEqual(limit)
  })

  it.each([
    '',
    '5',
    'wd',
    '5 wd',
    ' 5wd',
    '5wd\n',
    '5WD',
    '5w',
    '5days',
    '-5wd',
    '1.5h',
    '10000min',
    '1h30min',
    '５wd',
    '0wd', // due before it starts, on a Sunday even on a Sunday
    '0min',
    '05wd',
    5,
    null,
  ])('%j is refused with an example of what a limit looks like', text => {
    const result = limitSchema.safeParse(text)
    expect(result.success).toBe(false)
    if (typeof text === 'string') expect(result.error?.issues[0]?.message).toContain('15min')
  })

  it('says the same when written and read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(...LIMIT_UNITS), (amount, unit) => {
        expect(limitSchema.parse(formatLimit({ amount, unit }))).toEqual({ amount, unit })
      }),
    )
  })
})
