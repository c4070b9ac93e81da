import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from '../../../src/language/normalise.ts'
import { createRewriter } from '../../../src/language/rewriting.ts'

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '對',
        '著',
        '　',
        '\u200b',
        '\u0301',
        'Ａ',
        '①',
        '\n',
        ' ',
        'ﬁ',
        '\ud800',
        '噪',
        '，',
        '👩‍👧',
        '가',
        '\u1100',
        '\u202e',
      ),
      { maxLength: 40 },
    )
    .map(parts => parts.join('')),
)

describe('normalise', () => {
  it.each([
    ['full width becomes half width', 'ＡＢ１２３，！', 'AB123,!'],
    ['Traditional becomes Simplified', '樓道燈壞了，沒人管', '楼道灯坏了,没人管'],
    ['the particle 著 becomes 着 but 著名 stays', '睡不著，著名景點', '睡不着,著名景点'],
    ['invisible and bidi characters go', 'a\u200bb\u202ec\ufeff', 'abc'],
    ['white space is folded, line breaks kept', '  一\t 二 \r\n\n 三 ', '一 二\n三'],
    ['lone surrogates go', '坏\ud800了', '坏了'],
  ])('%s', (_, text, expected) => {
    expect(normalise(text).text).toBe(expected)
  })

  it.each([
    ['樓道燈壞了', 'zh-Hant'],
    ['楼道灯坏了', 'zh-Hans'],
    ['the light is broken', 'en'],
    ['wifi 信号不好', 'zh-Hans'],
  ])('%s is %s', (text, locale) => {
    expect(normalise(text).locale).toBe(locale)
  })

  it.each(['', '   ', '😀😀', '？！。', '\u200b'])('nothing can be read in %j', text => {
    expect(normalise(text).isBlank).toBe(true)
  })

  it('normalised once more, a text stays as it is', () => {
    fc.assert(
      fc.property(anything, text => {
        const once = normalise(text).text
        expect(normalise(once).text).toBe(once)
      }),
    )
  })

  it('every span leads back into the original, in order', () => {
    fc.assert(
      fc.property(anything, text => {
        const normalised = normalise(text)
        let before = 0
        for (let i = 0; i < normalised.text.length; i++) {
          const { start, end } = normalised.toOriginal({ start: i, end: i + 1 })
          expect(start).toBeGreaterThanOrEqual(before)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          before = start
        }
      }),
    )
  })

  it('typos and dialect are mapped and still lead back to what was written', () => {
    const rewrite = createRewriter({ dialect: { 埋汰: '脏' }, typos: { 物页: '物业' } })
    const text = '這物页太埋汰了'
    const rewritten = rewrite(normalise(text))
    expect(rewritten.text).toBe('这物业太脏了')
    const span = rewritten.toOriginal({
      start: rewritten.text.indexOf('脏'),
      end: rewritten.text.indexOf('脏') + 1,
    })
    expect(text.slice(span.start, span.end)).toBe('埋汰')
  })
})
