import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chance, newCode, newId, newToken, seededChance, systemChance } from '../../../src/kernel/ids.ts'

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })

describe('an id', () => {
  it('is a UUID of version 7: version and variant bits, and its time in the first 48 bits', () => {
    fc.assert(
      fc.property(instant, fc.integer(), (at, seed) => {
        const id = newId(at, seededChance(seed))
        expect(id).toMatch(UUID_7)
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime())
      }),
    )
  })

  it('is the example of RFC 9562, appendix A.6', () => {
    // 2022-02-22 14:22:22.00 GMT-05:00, random parts 0xCC3 and 0x18C4DC0C0C07398F
    const bytes = [0, 0, 0, 0, 0, 0, 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]
    const chance: Chance = { bytes: () => Uint8Array.from(bytes), below: () => 0 }
    expect(newId(new Date('2022-02-22T19:22:22Z'), chance)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('sorts by time', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        fc.pre(a < b)
        expect(newId(a, systemChance) < newId(b, systemChance)).toBe(true)
      }),
    )
  })

  it('does not repeat within a millisecond', () => {
    const now = new Date('2026-11-24T02:00:00Z')
    expect(new Set(Array.from({ length: 10_000 }, () => newId(now, systemChance))).size).toBe(10_000)
  })
})

describe('a code that people type', () => {
  it('has no letters that look alike', () => {
    expect(newCode(5000, systemChance)).toMatch(/^[2-9A-HJKMNP-Z]+$/)
  })

  it('uses all of its 31 letters, none much more than another', () => {
    const letters = [...newCode(31_000, seededChance(8890))]
    const counts = Object.values(Object.groupBy(letters, letter => letter)).map(group => group!.length)
    expect(counts).toHaveLength(31)
    expect(Math.min(...counts)).toBeGreaterThan(800)
    expect(Math.max(...counts)).toBeLessThan(1200)
  })

  it.each([0, 1, 8])('is %i long when asked to', length => {
    expect(newCode(length, systemChance)).toHaveLength(length)
  })
})

describe('a token for machines', () => {
  it('holds its bytes as base64url', () => {
    const token = newToken(32, systemChance)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  })
})

describe('seeded chance', () => {
  it('repeats itself, and another seed is another chance', () => {
    const draw = (seed: number) => {
      const chance = seededChance(seed)
      return [...chance.bytes(8), ...Array.from({ length: 8 }, () => chance.below(1000))]
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('stays below its bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000_000 }), (seed, bound) => {
        const drawn = seededChance(seed).below(bound)
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true)
      }),
    )
  })
})
