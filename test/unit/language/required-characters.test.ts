import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { requiredCharacters } from '../../../src/language/required-characters.ts'
import { emergencySchema } from '../../../src/language/schemas.ts'

const required = (source: string) => requiredCharacters(source).map(set => [...set].sort().join(''))

describe('the characters that an expression requires', () => {
  it.each([
    ['着火', ['着', '火']],
    ['着了?火', ['着', '火']],
    ['(楼|屋)着火', ['屋楼', '着', '火']],
    ['(楼房|屋子)着', ['屋楼', '着']],
    ['(楼|屋)?着', ['着']],
    ['火.{0,4}人', ['火', '人']],
    ['火{0,2}人', ['人']],
    ['火{1,2}人+', ['火', '人']],
    ['[烟火]大', ['火烟', '大']],
    ['[^。]{0,3}大', ['大']],
    ['(?<!没)漏(?=气)', ['漏']],
    ['(?:\\d+|几)楼', ['楼']],
    ['真的\\?', ['真', '的', '?']],
    ['烟|\\S+', []],
    ['^(?:您好)[\\s\\S]{90,}', ['您', '好']],
  ])('%s: of each of %j one', (source, sets) => {
    expect(required(source)).toEqual(sets)
  })

  it('never rules out a text that a pattern of the content matches', () => {
    const file = resolve(import.meta.dirname, '../../../intents/emergency.yaml')
    const { kinds } = emergencySchema.parse(parse(readFileSync(file, 'utf8')))
    const texts = kinds.flatMap(kind => kind.examples)
    let matches = 0
    for (const source of kinds.flatMap(kind => kind.patterns)) {
      const sets = requiredCharacters(source)
      for (const text of texts.filter(one => new RegExp(source, 'u').test(one))) {
        matches++
        expect(
          sets.every(set => [...set].some(char => text.includes(char))),
          `${source}: ${text}`,
        ).toBe(true)
      }
    }
    expect(matches).toBeGreaterThan(300)
  })
})
