import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base32, codeOfStep, fromBase32, keyUri, stepAt, stepOfCode } from '../../../src/kernel/totp.ts'

/** The secret of RFC 6238, appendix B, for SHA-1. */
const SECRET = Buffer.from('12345678901234567890')

describe('one-time passwords by time', () => {
  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at second %i are those of RFC 6238', (second, code) => {
    const step = stepAt(new Date(second * 1000))
    expect(codeOfStep(SECRET, step, 8)).toBe(code)
    expect(codeOfStep(SECRET, step)).toBe(code.slice(2))
  })

  test.each([
    [0, '755224'],
    [1, '287082'],
    [2, '359152'],
    [5, '254676'],
    [9, '520489'],
  ])('of step %i are those of RFC 4226', (step, code) => {
    expect(codeOfStep(SECRET, step)).toBe(code)
  })

  test('are taken of the step before and the one after, too, and of no other', () => {
    const at = new Date('2026-11-24T02:00:10Z')
    const now = stepAt(at)
    const taken = [-3, -2, -1, 0, 1, 2, 3].filter(
      by => stepOfCode(SECRET, codeOfStep(SECRET, now + by), at) === now + by,
    )
    expect(taken).toEqual([-1, 0, 1])
    const code = codeOfStep(SECRET, now)
    expect(stepOfCode(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, at)).toBe(now)
    expect(stepOfCode(SECRET, '', at)).toBeNull()
  })

  test.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('secrets are written as RFC 4648 says: %j', (plain, written) => {
    expect(base32(Buffer.from(plain))).toBe(written)
    expect(Buffer.from(fromBase32(written)).toString()).toBe(plain)
  })

  test('secrets that are written are read as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        expect([...fromBase32(base32(bytes).toLowerCase())]).toEqual([...bytes])
      }),
    )
    expect(() => fromBase32('0189')).toThrow(RangeError)
  })

  test('the key URI says whose it is and where', () => {
    expect(keyUri({ secret: 'MZXW6', issuer: '一号', login: 'li.wei' })).toBe(
      'otpauth://totp/%E4%B8%80%E5%8F%B7:li.wei?secret=MZXW6&issuer=%E4%B8%80%E5%8F%B7&algorithm=SHA1&digits=6&period=30',
    )
  })
})
