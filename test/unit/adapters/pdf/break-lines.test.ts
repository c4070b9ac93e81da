import { describe, expect, it } from 'vitest'
import { breakLines } from '../../../../src/adapters/pdf/break-lines.ts'

/** Every ideograph is as wide as two Latin letters. */
const measure = (text: string) => [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0)

describe('lines are broken as Chinese is set', () => {
  it.each([
    ['between any two ideographs', '办事不用跑', 6, ['办事不', '用跑']],
    ['no stop begins a line: it takes its ideograph along', '办事不，用跑', 6, ['办事', '不，用', '跑']],
    ['no opening mark ends a line', '办事（不用）跑', 6, ['办事', '（不', '用）跑']],
    ['a word of another script stays whole', '办事 registration 好', 14, ['办事', 'registration', '好']],
    ['a word longer than a line is cut', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['a line break stays one', '一\n二', 10, ['一', '二']],
    ['nothing is one empty line', '', 10, ['']],
  ])('%s', (_what, text, width, lines) => {
    expect(breakLines(text, width, measure)).toEqual(lines)
  })
})
