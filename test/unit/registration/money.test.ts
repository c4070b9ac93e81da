import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountInWords, fenOfWan, wanOfFen } from '../../../src/registration/money.ts'
import { basisPoints, percentText } from '../../../src/registration/percent.ts'

describe('money is whole 分', () => {
  it.each([
    [100_000_000, '壹佰万元整'],
    [10_050_050, '壹拾万零伍佰元伍角整'],
    [10_000_000_000, '壹亿元整'],
    [10_000_100, '壹拾万零壹元整'],
    [1_000_000_050, '壹仟万元伍角整'],
    [100_000_010_000, '壹拾亿零壹佰元整'],
    [2_005_000, '贰万零伍拾元整'],
    [120_000, '壹仟贰佰元整'],
    [100_005, '壹仟元零伍分'],
    [30, '叁角整'],
    [7, '柒分'],
    [0, '零元整'],
  ])('%i 分 is %s', (fen, words) => {
    expect(amountInWords(fen)).toBe(words)
  })

  it('no amount in words has two 零 together or one before a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_000_000 }), fen => {
        expect(amountInWords(fen)).not.toMatch(/零零|零[元万亿拾佰仟角]|undefined|^零/)
      }),
    )
  })

  it('an amount in 万元 comes back as it was typed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999_999 }), fen => {
        expect(fenOfWan(wanOfFen(fen))).toBe(fen)
      }),
    )
    expect(fenOfWan('1,000')).toBe(1_000_000_000)
    for (const wrong of ['', 'abc', '-5', '1.0000001', '1e5']) expect(fenOfWan(wrong), wrong).toBeNull()
  })

  it('shares in percent add up to 100 exactly, whatever they are of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000_000_000 }), { minLength: 1, maxLength: 50 }),
        parts => {
          const points = basisPoints(parts)
          expect(points.reduce((sum, each) => sum + each, 0)).toBe(10_000)
          const whole = parts.reduce((sum, each) => sum + each, 0)
          for (const [i, each] of points.entries())
            expect(Math.abs(each - (parts[i]! / whole) * 10_000)).toBeLessThanOrEqual(1)
        },
      ),
    )
    expect(basisPoints([1, 1, 1]).map(percentText)).toEqual(['33.34%', '33.33%', '33.33%'])
  })
})
