import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSmsBatch } from '../../../../src/adapters/sms/sms-message.ts'

const GOOD = {
  phone_number: '13800138000',
  content: '楼道灯坏了',
  send_time: '2026-11-24 10:00:00',
  dest_code: '1234',
  sequence_id: '1234567890',
}
const read = (...items: unknown[]) => readSmsBatch(JSON.stringify(items))

describe("the provider's list", () => {
  test('is read as the documentation shows it', () => {
    expect(read(GOOD)).toEqual({
      messages: [{ from: '13800138000', text: '楼道灯坏了', externalId: '1234567890' }],
      useless: 0,
    })
  })

  test.each(['+8613800138000', '8613800138000', '008613800138000', ' 13800138000 '])(
    'a number written as %j is the same person',
    phone_number => {
      expect(read({ ...GOOD, phone_number })?.messages[0]?.from).toBe('13800138000')
    },
  )

  test('a sequence given as a number stays as it was written, however long', () => {
    const body = (id: string) => JSON.stringify([GOOD]).replace('"1234567890"', id)
    const ids = ['9007199254740993', '9007199254740992'].map(
      id => readSmsBatch(body(id))!.messages[0]!.externalId,
    )
    expect(ids).toEqual(['9007199254740993', '9007199254740992'])
  })

  test.each([[undefined], [''], [null], ['a b'], ['x'.repeat(300)]])(
    'with %j as its sequence a message is known by who said what when',
    sequence_id => {
      const [first] = read({ ...GOOD, sequence_id })!.messages
      const [same] = read({ ...GOOD, sequence_id })!.messages
      const [other] = read({ ...GOOD, sequence_id, send_time: '2026-11-24 10:00:01' })!.messages
      expect(same).toEqual(first)
      expect(other!.externalId).not.toBe(first!.externalId)
    },
  )

  test.each<[string, unknown]>([
    ['a text', 'hello'],
    ['null', null],
    ['a list', []],
    ['nothing', {}],
    ['no number', { ...GOOD, phone_number: undefined }],
    ['the number of a service', { ...GOOD, phone_number: '106912345678' }],
    ['our own extension', { ...GOOD, phone_number: '1234' }],
    ['a number of another country', { ...GOOD, phone_number: '+14155550100' }],
    ['a number as an object', { ...GOOD, phone_number: { a: 1 } }],
    ['no words', { ...GOOD, content: '  \n' }],
    ['words as a list', { ...GOOD, content: ['a'] }],
    ['words without end', { ...GOOD, content: '长'.repeat(2001) }],
  ])('%s is passed over, and the good ones beside it are heard', (_what, bad) => {
    const batch = read(GOOD, bad, { ...GOOD, sequence_id: '2' })
    expect(batch?.useless).toBe(1)
    expect(batch?.messages.map(({ externalId }) => externalId)).toEqual(['1234567890', '2'])
  })

  test.each(['', 'hello', '{}', '{"code":0}', '"text"', '7', 'null', '[', '[{"phone_number":', '<xml/>'])(
    '%j is no list',
    body => {
      expect(readSmsBatch(body)).toBeNull()
    },
  )

  test('what the store cannot keep does not reach it', () => {
    const [message] = read({ ...GOOD, content: '灯\0坏\ud83d了' })!.messages
    expect(message!.text).toBe('灯坏\ufffd了')
  })

  test('deep nesting is no list of messages, and no crash', () => {
    const body = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    expect(readSmsBatch(body)?.messages ?? []).toEqual([])
  })

  test('nothing makes the reader throw, and what it reads is always whole', () => {
    const value = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('13800138000', '+8613900139000', '10086', '1 2 1', 'TD', '\0'),
      },
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    )
    const fields = ['phone_number', 'content', 'send_time', 'dest_code', 'sequence_id', '__proto__', 'x']
    const item = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 6 })
    const list = fc.array(fc.oneof({ weight: 4, arbitrary: item }, { weight: 1, arbitrary: value }), {
      maxLength: 4,
    })
    const broken = fc
      .tuple(list, fc.nat({ max: 200 }), fc.constantFrom('', '}', ']', '"', '\\', '\u0000'))
      .map(([whole, cut, put]) => JSON.stringify(whole).slice(0, -cut || undefined) + put)
    let heard = 0
    fc.assert(
      fc.property(
        fc.oneof(
          list.map(whole => JSON.stringify(whole)),
          broken,
        ),
        body => {
          for (const { from, text, externalId } of readSmsBatch(body)?.messages ?? []) {
            heard++
            expect(from).toMatch(/^1[3-9]\d{9}$/)
            expect(externalId).toMatch(/^[\w.:-]{1,100}$/)
            expect(text.trim()).toBe(text)
            expect(text).not.toContain('\0')
            expect(text.isWellFormed() && text !== '').toBe(true)
          }
        },
      ),
      { numRuns: 100_000 },
    )
    expect(heard).toBeGreaterThan(1000)
  }, 120_000)
})
