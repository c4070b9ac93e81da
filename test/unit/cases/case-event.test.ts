import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CaseEvent, canonical, chain, findBrokenLink, NO_HASH } from '../../../src/cases/case-event.ts'
import { Life } from './sample-case.ts'

const life = new Life()
  .does('agent', 'accept')
  .does('agent', 'dispatch')
  .does('lead', 'sign', { at: '2026-11-24 15:00' })
  .does('lead', 'ask-resident')
  .does('resident', 'resident-answer', { at: '2026-11-25 09:00' })
  .does('lead', 'reply', { at: '2026-11-30 11:00' })
  .does('resident', 'follow-up', { at: '2026-12-01 09:00' })

/** As they come back from the store: instants are text again. */
const stored = (): CaseEvent[] => JSON.parse(JSON.stringify(life.events))
const steps = life.events.length
const index = fc.integer({ min: 0, max: steps - 1 })

/** Paths of every value within an event, however deep. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) return [path]
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
}

function change(event: CaseEvent, path: readonly string[]): void {
  let at = event as unknown as Record<string, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  const key = path.at(-1)!
  const old = at[key]
  at[key] =
    typeof old === 'number'
      ? old + 1
      : typeof old === 'boolean'
        ? !old
        : old === null
          ? 'x'
          : `${JSON.stringify(old)}x`
}

describe('the chain of a case’s events', () => {
  it('is whole as written and as it comes back from the store', () => {
    expect(findBrokenLink(life.events)).toBeNull()
    expect(findBrokenLink(stored())).toBeNull()
    expect(findBrokenLink([])).toBeNull()
  })

  it('starts from nothing and each link holds the one before', () => {
    expect(life.events[0]?.previousHash).toBe(NO_HASH)
    expect(life.events.map(event => event.seq)).toEqual(life.events.map((_, i) => i + 1))
    for (const [i, event] of life.events.slice(1).entries())
      expect(event.previousHash).toBe(life.events[i]!.hash)
  })

  it('breaks when any value of any event is changed, and the place is named', () => {
    let changes = 0
    for (const [i, event] of stored().entries()) {
      for (const path of leaves(event)) {
        const events = stored()
        change(events[i]!, path)
        const broken = findBrokenLink(events)
        expect(broken, `event ${i + 1}, ${path.join('.')}`).not.toBeNull()
        expect(broken!.seq).toBe(i + 1)
        changes++
      }
    }
    expect(changes).toBeGreaterThan(200)
  })

  it('breaks when an event is taken out of the middle or from the start', () => {
    for (let i = 0; i < steps - 1; i++) {
      expect(findBrokenLink(stored().toSpliced(i, 1))).toEqual({ seq: i + 1, because: 'missing' })
    }
  })

  it('when the last events are cut off, the head kept with the case does not fit any more', () => {
    const cut = stored().slice(0, -1)
    expect(findBrokenLink(cut)).toBeNull() // the links alone cannot show it…
    expect([cut.length, cut.at(-1)!.hash]).not.toEqual([life.case.version, life.case.hash]) // …the head does
    expect([steps, life.events.at(-1)!.hash]).toEqual([life.case.version, life.case.hash])
  })

  it('breaks when an event is put in, even one that is chained by the rules', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: steps - 2 }), index, fc.boolean(), (after, what, isChained) => {
        const events = stored()
        const fact = events[what]!
        const forged = isChained ? chain('case-1', events[after]!, fact) : { ...fact, seq: after + 2 }
        expect(findBrokenLink(events.toSpliced(after + 1, 0, forged))).not.toBeNull()
      }),
    )
  })

  it('breaks when two events are swapped, with their numbers or without', () => {
    fc.assert(
      fc.property(index, index, fc.boolean(), (a, b, isRenumbered) => {
        fc.pre(a !== b)
        const events = stored()
        const [first, second] = [events[a]!, events[b]!]
        events[a] = isRenumbered ? { ...second, seq: a + 1 } : second
        events[b] = isRenumbered ? { ...first, seq: b + 1 } : first
        expect(findBrokenLink(events)).not.toBeNull()
      }),
    )
  })

  it('breaks when an event is replaced and rehashed but its successors are not', () => {
    const events = stored()
    events[3] = chain('case-1', events[2]!, { ...events[3]!, reason: 'another one' })
    expect(findBrokenLink(events)).toEqual({ seq: 5, because: 'unchained' })
  })

  it('an event of another case does not fit, though it says the same', () => {
    const events = stored()
    events[0] = { ...chain('case-2', null, events[0]!), caseId: 'case-1' }
    expect(findBrokenLink(events)).toEqual({ seq: 1, because: 'changed' })
  })
})

describe('canonical JSON', () => {
  const json = fc.jsonValue({ maxDepth: 4 })

  it('survives a JSON round trip', () => {
    fc.assert(
      fc.property(json, value => canonical(JSON.parse(JSON.stringify(value))) === canonical(value)),
      {
        numRuns: 1000,
      },
    )
  })

  it('is JSON and means the same value', () => {
    fc.assert(
      fc.property(json, value => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { noNullPrototype: true }), value => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        expect(canonical(turned)).toBe(canonical(value))
      }),
    )
  })

  it.each([
    [{ b: 1, a: [2, { d: null, c: '施工' }] }, '{"a":[2,{"c":"施工","d":null}],"b":1}'],
    [{ at: new Date('2026-11-24T02:00:00Z') }, '{"at":"2026-11-24T02:00:00.000Z"}'],
    [{ gone: undefined, here: 1 }, '{"here":1}'], // as JSON leaves it out
    [[undefined, 1], '[null,1]'], // as JSON writes it
    [null, 'null'],
  ])('%j is written %s', (value, text) => {
    expect(canonical(value)).toBe(text)
  })

  it('instants and their text are the same, so an event has one hash before and after the store', () => {
    const event = life.events[1]!
    expect(canonical(JSON.parse(JSON.stringify(event)))).toBe(canonical(event))
  })
})
