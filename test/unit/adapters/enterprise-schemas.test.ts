import fc from 'fast-check'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import {
  caseBody,
  caseQuery,
  followUpBody,
  toQuery,
  toSubmission,
  webhookBody,
} from '../../../src/adapters/http/enterprise/enterprise-schemas.ts'
import { fieldErrors, WRONG } from '../../../src/adapters/http/enterprise/field-errors.ts'

const RUNS = 100_000

/** Text as programs send it: plain, Chinese, with half a character, with control characters, long. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '路灯不亮了',
    '\ud800',
    '\u0000',
    'x'.repeat(4001),
    '138 0013 8000',
    'report',
    'GCJ-02',
  ),
)
const number = fc.oneof(fc.double(), fc.integer({ min: -200, max: 200 }))
const anything = fc.oneof(text, number, fc.jsonValue({ maxDepth: 2 }))
const maybe = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, value, fc.constant(null), anything)

/** Bodies that are nearly right: each field is there or not, as it should be or anything. */
const wanted = fc.record(
  {
    words: fc.oneof(text, text, anything),
    externalId: maybe(text),
    subject: maybe(text),
    type: maybe(fc.constantFrom('help', 'report')),
    time: maybe(text),
    place: maybe(text),
    at: maybe(
      fc.record(
        { latitude: maybe(number), longitude: maybe(number), system: maybe(text) },
        { requiredKeys: [] },
      ),
    ),
    contact: maybe(fc.record({ name: maybe(text), phone: maybe(text) }, { requiredKeys: [] })),
    other: anything,
  },
  { requiredKeys: [] },
)

/** What the server makes of a body, as it runs it. */
function judge<S extends z.ZodType>(schema: S, context: 'body' | 'querystring', sent: unknown) {
  const { error, value } = validatorCompiler({ schema, method: 'POST', url: '/' } as never)(sent) as {
    error?: unknown
    value?: z.output<S>
  }
  if (!error) return { value: value as z.output<S>, wrong: [] }
  const request = { body: sent, query: sent, params: {} } as never
  return {
    value: null,
    wrong: fieldErrors({ validation: error as never, validationContext: context }, request),
  }
}

describe('whatever is sent', () => {
  test('a case is either taken, whole and clean, or each wrong field is named', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: wanted }, { weight: 1, arbitrary: anything }), sent => {
        const { value, wrong } = judge(caseBody, 'body', sent)
        for (const { field, code } of wrong)
          expect([field !== '', WRONG.includes(code)]).toEqual([true, true])
        expect(wrong.length > 0).toBe(value === null)
        if (!value) return
        taken++
        const { words, at, externalId, contact } = toSubmission(value)
        expect(words.trim() === words && words.length > 0 && words.length <= 4000).toBe(true)
        expect(at === null || at.every(Number.isFinite)).toBe(true)
        expect(externalId === null || /^[\x21-\x7e]{1,100}$/.test(externalId)).toBe(true)
        expect(contact.phone === null || /^\d{5,17}$/.test(contact.phone)).toBe(true)
      }),
      { numRuns: RUNS },
    )
    expect(taken).toBeGreaterThan(100)
  }, 120_000)

  test.each([
    ['a follow-up', followUpBody],
    ['a webhook', webhookBody],
  ])(
    '%s is taken or its wrong fields are named',
    (_, schema) => {
      const fields = ['resolved', 'contacted', 'satisfied', 'text', 'url', 'events']
      const body = fc.dictionary(
        fc.constantFrom(...fields),
        fc.oneof(anything, fc.boolean(), fc.webUrl(), fc.array(text)),
      )
      fc.assert(
        fc.property(fc.oneof(body, anything), sent => {
          const { value, wrong } = judge(schema, 'body', sent)
          expect(wrong.length > 0).toBe(value === null)
        }),
        { numRuns: RUNS / 10 },
      )
    },
    120_000,
  )

  test('a query is taken with limits that hold, or its wrong parameters are named', () => {
    const value = fc.oneof(
      text,
      fc.constantFrom('20', '101', '0', 'closed,replied', '2026-11-24T00:00:00Z'),
      fc.array(text),
    )
    const query = fc.dictionary(
      fc.constantFrom('state', 'filedSince', 'changedSince', 'limit', 'cursor', 'page'),
      value,
    )
    fc.assert(
      fc.property(query, sent => {
        const { value: taken, wrong } = judge(caseQuery, 'querystring', sent)
        expect(wrong.length > 0).toBe(taken === null)
        if (!taken) return
        const { limit, filedSince, states } = toQuery(taken)
        expect(limit >= 1 && limit <= 100 && !Number.isNaN(filedSince?.getTime() ?? 0)).toBe(true)
        expect(states === null || states.length > 0).toBe(true)
      }),
      { numRuns: RUNS },
    )
  }, 120_000)
})
