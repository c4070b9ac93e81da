import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { FieldReader } from '../../../src/adapters/open311/field-reader.ts'
import { findClient } from '../../../src/adapters/open311/find-client.ts'
import { collect, type Fields, readForm, readJson } from '../../../src/adapters/open311/read-fields.ts'
import { readDate, readQuery } from '../../../src/adapters/open311/read-query.ts'
import { readSubmission } from '../../../src/adapters/open311/read-submission.ts'
import { type Tree, writeXml } from '../../../src/adapters/open311/write-xml.ts'
import { localTimestampOf } from '../../../src/clocks/working-calendar.ts'
import { DAY } from '../../../src/kernel/clock.ts'
import { isAppError } from '../../../src/kernel/errors.ts'
import type { PublicSubmission } from '../../../src/usecases/file-public-request.ts'
import type { ServiceAttribute } from '../../../src/usecases/public-services.ts'

const bytes = (text: string) => Buffer.from(text)
const ATTRIBUTES: ServiceAttribute[] = [
  {
    code: 'TYPE',
    type: 'singlevaluelist',
    isRequired: false,
    description: '',
    values: [{ key: 'help', name: '' }],
  },
  { code: 'TIME', type: 'string', isRequired: true, description: '', values: [] },
]
const read = (fields: Fields): PublicSubmission => readSubmission(fields, 'app', () => ATTRIBUTES)
const form = (fields: Record<string, string>) =>
  readForm(
    bytes(
      new URLSearchParams({
        service_code: 'x',
        address_string: 'a',
        'attribute[TIME]': 't',
        ...fields,
      }).toString(),
    ),
  )

describe('a form', () => {
  test('is read as it was encoded, attributes by their codes', () => {
    const { named, attributes } = readForm(
      bytes('a=1+%2B%20%E8%B7%AF&a=2&b=&c&attribute[X]=1&attribute%5BX%5D%5B%5D=2&=z'),
    )
    expect([...named]).toEqual([
      ['a', ['1 + 路', '2']],
      ['', ['z']],
    ])
    expect([...attributes]).toEqual([['X', ['1', '2']]])
  })

  test('in JSON has the same fields', () => {
    const json = {
      a: 1,
      b: true,
      c: null,
      d: '',
      e: ['x', 'y'],
      attribute: { X: ['1', 2] },
      'attribute[Y]': 'z',
    }
    const { named, attributes } = readJson(bytes(JSON.stringify(json)))
    expect([...named]).toEqual([
      ['a', ['1']],
      ['b', ['true']],
      ['e', ['x', 'y']],
    ])
    expect([...attributes]).toEqual([
      ['X', ['1', '2']],
      ['Y', ['z']],
    ])
  })

  test('names of the language’s own are names like others', () => {
    const { named, attributes } = readJson(
      bytes('{"__proto__":"a","attribute":{"__proto__":"b","constructor":"c"}}'),
    )
    expect([[...named], [...attributes]]).toEqual([
      [['__proto__', ['a']]],
      [
        ['__proto__', ['b']],
        ['constructor', ['c']],
      ],
    ])
  })
})

describe('a submission', () => {
  test.each([
    ['138 0013 8000', '13800138000'],
    ['+86-13800138000', '13800138000'],
    ['008613800138000', '13800138000'],
    ['024-88889999', '02488889999'],
    ['+1 (617) 555-0100', '0016175550100'],
  ])('the phone %s is %s', (said, digits) => {
    expect(read(form({ phone: said })).phone).toBe(digits)
  })

  test.each([
    [{ first_name: '梅', last_name: '李' }, '李梅'],
    [{ first_name: 'Mary Ann', last_name: 'Lee' }, 'Mary Ann Lee'],
    [{ last_name: 'Lee' }, 'Lee'],
    [{}, null],
  ])('%j is %s', (names, name) => {
    expect(read(form({ ...names } as Record<string, string>)).personName).toBe(name)
  })

  test('the same value twice is one, two are none', () => {
    const twice = (a: string, b: string) =>
      read(
        collect([
          ['service_code', 'x'],
          ['lat', a],
          ['lat', b],
          ['long', '1'],
          ['attribute[TIME]', 't'],
        ]),
      )
    expect(twice('1', '1').at).toEqual([1, 1])
    expect(() => twice('1', '2')).toThrow(/repeated/)
  })
})

describe('a date', () => {
  const dateOf = (said: string, endMs = 0) => readDate(new FieldReader(collect([['d', said]])), 'd', endMs)

  test.each([
    ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.000Z'],
    ['2026-11-24T10:00+08:00', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T10:00:00 08:00', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T10:00:00.5-05:00', '2026-11-24T15:00:00.500Z'],
    ['2026-11-24', '2026-11-23T16:00:00.000Z'],
    ['2028-02-29', '2028-02-28T16:00:00.000Z'],
  ])('%s is %s', (said, at) => {
    expect(dateOf(said)?.toISOString()).toBe(at)
  })

  test('that ends a span is its last moment', () => {
    expect(dateOf('2026-11-24', DAY - 1)?.toISOString()).toBe('2026-11-24T15:59:59.999Z')
  })

  test.each([
    '2026',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-24T24:00:00Z',
    '24/11/2026',
    '1e3',
    'now',
  ])('%s is none', said => {
    expect(dateOf(said)).toBeNull()
  })

  test('is written with its zone', () => {
    expect(localTimestampOf(new Date('2026-11-24T16:30:00.999Z'))).toBe('2026-11-25T00:30:00+08:00')
  })
})

test('a key is its program’s and nobody else’s', () => {
  const clients = [
    { name: 'a', key: 'key-of-a' },
    { name: 'b', key: 'key-of-b' },
  ]
  expect(['key-of-b', 'key-of-', '', 'key-of-bb'].map(key => findClient(key, clients))).toEqual([
    'b',
    null,
    null,
    null,
  ])
})

const reader = new XMLParser({ parseTagValue: false, trimValues: false })

describe('XML', () => {
  test('has the protocol’s names and escapes what it must', () => {
    const tree: Tree = [
      { a: `<&>"'\r\n\t`, b: null, c: true, d: 1.5, values: [{ key: '\u0000\ud800\ufffe' }], formats: [] },
    ]
    expect(writeXml('services', tree)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<services><service><a>&lt;&amp;&gt;&quot;&apos;&#13;\n\t</a><b/><c>true</c>' +
        '<d>1.5</d><values><value><key>\ufffd</key></value></values><formats/></service></services>\n',
    )
  })

  test('is valid whatever the texts are, and another reader finds them in it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...']]><!--&;\'"x \r\n\u0001') }),
    )
    fc.assert(
      fc.property(text, said => {
        const xml = writeXml('errors', [{ code: 400, description: said }])
        expect(XMLValidator.validate(xml)).toBe(true)
        const isHoldable = (char: string) =>
          (char >= ' ' || '\t\n\r'.includes(char)) && !'\ufffe\uffff'.includes(char)
        const holdable = [...said.toWellFormed()].filter(isHoldable).join('')
        const { description } = reader.parse(xml).errors.error
        expect(String(description).replaceAll('&#13;', '\r')).toBe(holdable)
      }),
      { numRuns: 10_000 },
    )
  })
})

/** Each parser answers with a value or with the protocol's refusal, whatever comes: never with another error. */
describe('a hundred thousand inputs', () => {
  const tries = { numRuns: 100_000 }
  const PATIENCE_MS = 60_000
  const refusedOr = (parse: () => unknown): void => {
    try {
      parse()
    } catch (error) {
      if (!isAppError(error, 'body-invalid')) throw error
      const { problems } = error.details as { problems: { field: string; because: string }[] }
      expect(problems.length).toBeGreaterThan(0)
    }
  }
  const NAMES = [
    'service_code',
    'lat',
    'long',
    'address_string',
    'address_id',
    'description',
    'phone',
    'email',
    'media_url',
    'first_name',
    'coordinate_system',
    'attribute[TYPE]',
    'attribute[TIME][]',
    'attribute[__proto__]',
    'start_date',
    'end_date',
    'status',
    'page',
    'page_size',
    'service_request_id',
  ]
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'0123456789-+.:TZ eE,'), maxLength: 25 }),
    fc.constantFrom(
      '41.8',
      '123.7',
      'open',
      'closed',
      '2026-11-24',
      'WGS-84',
      '人民路3号',
      '1e9',
      'x'.repeat(5000),
    ),
  )
  const pairs = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 8 })

  test(
    'of bytes, as forms',
    () => {
      const escaped = fc.string({ unit: fc.constantFrom(...'%&=+[]aE4B8AD0\u0000路'), maxLength: 30 })
      const body = fc.oneof(fc.uint8Array({ maxLength: 30 }), escaped.map(bytes))
      fc.assert(
        fc.property(body, sent => refusedOr(() => readForm(sent))),
        tries,
      )
    },
    PATIENCE_MS,
  )

  test(
    'of bytes, as JSON',
    () => {
      const almost = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0 1ntrue-e.'), maxLength: 20 })
      const body = fc.oneof(fc.json({ maxDepth: 3 }), almost)
      fc.assert(
        fc.property(body, sent => refusedOr(() => readJson(bytes(sent)))),
        tries,
      )
    },
    PATIENCE_MS,
  )

  test(
    'of fields, as submissions',
    () => {
      fc.assert(
        fc.property(pairs, sent =>
          refusedOr(() => {
            const { serviceCode, at, address, addressId, phone, description } = read(collect(sent))
            expect(serviceCode).not.toBe('')
            expect(at ?? address ?? addressId).not.toBeNull()
            if (at) expect(Math.abs(at[0]) <= 181 && Math.abs(at[1]) <= 91).toBe(true)
            if (phone) expect(phone).toMatch(/^\d{5,17}$/)
            if (description) expect([...description].length).toBeLessThanOrEqual(4000)
          }),
        ),
        tries,
      )
    },
    PATIENCE_MS,
  )

  test(
    'of fields, as questions for a list',
    () => {
      fc.assert(
        fc.property(pairs, sent =>
          refusedOr(() => {
            const { from, to, page, pageSize } = readQuery(collect(sent))
            for (const date of [from, to]) if (date) expect(Number.isNaN(date.getTime())).toBe(false)
            expect(page >= 1 && pageSize >= 1 && pageSize <= 1000).toBe(true)
          }),
        ),
        tries,
      )
    },
    PATIENCE_MS,
  )
})
