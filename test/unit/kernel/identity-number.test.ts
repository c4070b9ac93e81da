import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isIdentityNumber } from '../../../src/kernel/identity-number.ts'

/** Written apart from the code, as the standard writes it: weights 7, 9, 10, 5 … over the first seventeen digits. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const check = (digits: string) =>
  '10X98765432'[[...digits].reduce((sum, digit, i) => sum + Number(digit) * WEIGHTS[i]!, 0) % 11]!

const numbers = fc
  .record({
    region: fc.constantFrom('110105', '210112', '440106', '650102', '810000'),
    born: fc.date({
      min: new Date('1900-01-01'),
      max: new Date('2026-11-24'),
      noInvalidDate: true,
    }),
    order: fc.integer({ min: 0, max: 999 }),
  })
  .map(({ region, born, order }) => {
    const digits = `${region}${born.toISOString().slice(0, 10).replaceAll('-', '')}${String(order).padStart(3, '0')}`
    return digits + check(digits)
  })

describe('the number of an identity card', () => {
  it.each([
    ['11010519491231002X', true, 'the example of the standard'],
    ['440524188001010014', true, 'the other one'],
    ['11010519491231002x', false, 'a small x'],
    ['110105194912310021', false, 'another check character'],
    ['990105194912310026', false, 'no such region'],
    ['11010519490231002X', false, '31 February'],
    ['1101051949123100', false, 'too short'],
    ['', false, 'nothing'],
  ])('%s is %s: %s', (number, isOne) => {
    expect(isIdentityNumber(number)).toBe(isOne)
  })

  it('whoever is not born yet has none', () => {
    const digits = '21011220261125001'
    expect(isIdentityNumber(digits + check(digits), '2026-11-25')).toBe(true)
    expect(isIdentityNumber(digits + check(digits), '2026-11-24')).toBe(false)
  })

  it('every number that the standard makes is one, and none with one digit changed or two neighbours exchanged', () => {
    fc.assert(
      fc.property(numbers, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
        expect(isIdentityNumber(number)).toBe(true)
        const changed = [...number]
        changed[at] = String((Number(number[at]) + by) % 10)
        expect(isIdentityNumber(changed.join(''))).toBe(false)
        if (at > 15 || number[at] === number[at + 1]) return
        const exchanged = [...number]
        exchanged[at] = number[at + 1]!
        exchanged[at + 1] = number[at]!
        expect(isIdentityNumber(exchanged.join(''))).toBe(false)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
