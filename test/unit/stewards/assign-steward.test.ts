import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignSteward } from '../../../src/stewards/assign-steward.ts'

const of = (login: string, sectors: string[], most: number) => ({
  login,
  name: login,
  phone: '1',
  sectors,
  most,
})
const ALL = [of('li', ['factory'], 2), of('wang', ['shop'], 4), of('zhao', [], 4)]
const load = (counts: Record<string, number>) => new Map(Object.entries(counts))
const loginFor = (sector: string, counts: Record<string, number>) =>
  assignSteward(sector, ALL, load(counts))?.login ?? null

describe('an enterprise', () => {
  test('goes to whoever knows its sector', () => {
    expect(loginFor('shop', { wang: 3 })).toBe('wang')
  })
  test('goes to whoever takes any when they have no room, and to anybody when those have none either', () => {
    expect(loginFor('factory', { li: 2 })).toBe('zhao')
    expect(loginFor('factory', { li: 2, zhao: 4 })).toBe('wang')
  })
  test('has nobody when all are full', () => {
    expect(loginFor('shop', { li: 2, wang: 4, zhao: 4 })).toBeNull()
  })
  test('never goes to somebody who has no room, and always to somebody while there is some', () => {
    const counts = fc.record({ li: fc.nat(3), wang: fc.nat(5), zhao: fc.nat(5) })
    fc.assert(
      fc.property(fc.constantFrom('factory', 'shop', 'farm'), counts, (sector, taken) => {
        const given = assignSteward(sector, ALL, load(taken))
        const hasRoom = ALL.some(({ login, most }) => taken[login as keyof typeof taken] < most)
        expect(given !== null).toBe(hasRoom)
        if (given) expect(taken[given.login as keyof typeof taken]).toBeLessThan(given.most)
      }),
    )
  })
})
