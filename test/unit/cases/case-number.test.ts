import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseNumber, formatCaseNumber, isCaseNumber, MAX_SEQUENCE } from '../../../src/cases/case-number.ts'

const DIGITS = [...'0123456789']
const date = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map(day => day.toISOString().slice(0, 10))
const number = fc
  .tuple(date, fc.integer({ min: 1, max: MAX_SEQUENCE }))
  .map(([day, seq]) => caseNumber(day, seq))

describe('a case number', () => {
  it.each([
    ['2026-11-24', 1, '261124000010'],
    ['2026-11-24', 2, '261124000028'],
    ['2026-11-24', 99_999, '261124999997'],
    ['2027-01-01', 10, '270101000105'],
  ])('of %s, case %i of the day, is %s', (day, sequence, expected) => {
    expect(caseNumber(day, sequence)).toBe(expected)
    expect(isCaseNumber(expected)).toBe(true)
  })

  it('has the check digit of ISO/IEC 7064 MOD 11,10: known numbers of that kind pass', () => {
    const passing = DIGITS.filter(digit => isCaseNumber(`00200667308${digit}`))
    expect(passing).toEqual(['5'])
  })

  it('with any one digit wrong is found out', () => {
    fc.assert(
      fc.property(number, text => {
        for (const [i, right] of [...text].entries()) {
          for (const wrong of DIGITS) {
            if (wrong !== right)
              expect(isCaseNumber(text.slice(0, i) + wrong + text.slice(i + 1))).toBe(false)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('with two neighbours swapped is found out nearly always', () => {
    let swapped = 0
    let missed = 0
    for (let sequence = 1; sequence <= MAX_SEQUENCE; sequence += 7) {
      const text = caseNumber('2026-11-24', sequence)
      for (let i = 0; i + 1 < text.length; i++) {
        if (text[i] === text[i + 1]) continue
        swapped++
        if (isCaseNumber(text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2))) missed++
      }
    }
    expect(swapped).toBeGreaterThan(100_000)
    expect(missed / swapped).toBeLessThan(0.025)
  })

  it.each([
    '',
    '26112400001',
    '2611240000100',
    '26112400001x',
    '２61124000010',
    ' 61124000010',
    '261124 00001 0',
  ])('%j is none', text => {
    expect(isCaseNumber(text)).toBe(false)
  })

  it('is shown in three groups', () => {
    expect(formatCaseNumber('261124000010')).toBe('261124 00001 0')
  })

  it.each([0, -1, MAX_SEQUENCE + 1])('there is no case %i of a day', sequence => {
    expect(() => caseNumber('2026-11-24', sequence)).toThrow(RangeError)
  })
})
