import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFlatXml, writeFlatXml } from '../../../../src/adapters/chat/flat-xml.ts'

describe('XML of vendors', () => {
  test('is read field by field, ids with all their digits', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>1714112445</CreateTime>
<Content><![CDATA[ 你好 <b> & ]]></Content><MsgId>12345678901234567890</MsgId><Empty></Empty>
<Escaped>a &amp; b</Escaped><Inner><Deep>1</Deep></Inner></xml>`
    expect({ ...readFlatXml(text) }).toEqual({
      ToUserName: 'gh_1',
      CreateTime: '1714112445',
      Content: ' 你好 <b> & ',
      MsgId: '12345678901234567890',
      Empty: '',
      Escaped: 'a & b',
    })
  })

  test.each([
    ['not well-formed', '<xml><a>1</xml>'],
    ['another root', '<html><a>1</a></html>'],
    ['no XML', '{"a":1}'],
    ['nothing', ''],
    ['a document type', '<!DOCTYPE xml [<!ENTITY e "x">]><xml><a>&e;</a></xml>'],
    ['an outer entity', '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><a>1</a></xml>'],
    ['too deep', `<xml>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</xml>`],
    ['too long', `<xml><a>${'x'.repeat(10 * 1024 * 1024)}</a></xml>`],
    ['a text alone', '<xml>words</xml>'],
  ])('is refused: %s', (_what, text) => {
    expect(readFlatXml(text)).toBeNull()
  })

  test.each(['__proto__', 'constructor', 'prototype'])(
    'a field named %s is refused or only a field',
    name => {
      const fields = readFlatXml(`<xml><${name}>1</${name}><b>2</b></xml>`)
      expect(Object.keys({})).toEqual([])
      expect(fields === null || Object.getPrototypeOf(fields) === null).toBe(true)
    },
  )

  test('what is written is read again, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), text => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not know them
        fc.pre(!/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(text))
        expect(readFlatXml(writeFlatXml({ Content: text, CreateTime: 7 }))).toMatchObject({
          Content: text,
          CreateTime: '7',
        })
      }),
      { numRuns: 5000 },
    )
  })

  test('nothing makes the reader throw', () => {
    const pieces = [
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&#x0;',
      '<!--',
      '-->',
      '<?',
      '?>',
      '<a b="',
      '"',
      '>',
      '<',
      '&',
      '1',
      '你',
      '\0',
      '__proto__',
      '<__proto__>',
      '</__proto__>',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), parts => {
        const read = readFlatXml(parts.join(''))
        expect(read === null || typeof read === 'object').toBe(true)
      }),
      { numRuns: 100_000 },
    )
  }, 120_000)
})
