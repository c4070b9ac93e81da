import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLEARLY_BETTER, type Ranked, steady } from '../../../src/assist/steady.ts'
import type { Standing, Suggested } from '../../../src/assist/suggestions.ts'

const suggested = (value: string, confidence: number): Suggested => ({ value, confidence, evidence: [] })
const ranked = (...candidates: [string, number][]): Ranked => ({
  candidates: candidates.map(([value, confidence]) => suggested(value, confidence)),
  bar: 0.45,
})
const standing = (is: Standing['is'], value: string | null, confidence = 0.6): Standing => ({
  is,
  value,
  confidence,
})

describe('what a field shows next', () => {
  test.each<[string, Standing | undefined, Ranked, string | null]>([
    ['the best, where nothing was shown', undefined, ranked(['noise', 0.7], ['dust', 0.2]), 'noise'],
    ['nothing that is not sure enough', undefined, ranked(['noise', 0.4]), null],
    [
      'what was shown, beside a little better',
      standing('shown', 'dust'),
      ranked(['noise', 0.6], ['dust', 0.5]),
      'dust',
    ],
    ['what is clearly better', standing('shown', 'dust'), ranked(['noise', 0.7], ['dust', 0.5]), 'noise'],
    ['what was shown, also below the bar', standing('shown', 'dust'), ranked(['dust', 0.3]), 'dust'],
    ['nothing whose words are gone', standing('shown', 'dust'), ranked(), null],
    [
      'the same said more exactly',
      standing('shown', '康宁家园'),
      ranked(['康宁家园七号楼', 0.94], ['康宁家园', 0.9]),
      '康宁家园七号楼',
    ],
    ['what was accepted, whatever is better', standing('accepted', 'dust'), ranked(['noise', 1]), 'dust'],
    ['what was written', standing('edited', '西门'), ranked(['东门', 1]), '西门'],
    ['what was emptied by hand', standing('edited', null), ranked(['东门', 1]), null],
    ['not what was refused', standing('refused', '东门'), ranked(['东门', 0.9]), null],
    [
      'another than what was refused',
      standing('refused', '东门'),
      ranked(['东门', 0.9], ['西门', 0.6]),
      '西门',
    ],
  ])('%s', (_, before, now, value) => {
    expect(steady(before, now).value).toBe(value)
  })

  test('where two are nearly equal, neither', () => {
    expect(steady(undefined, { ...ranked(['noise', 0.6], ['dust', 0.55]), lead: 1.25 }).value).toBeNull()
  })
})

const values = fc.constantFrom('a', 'b', 'c', 'd')
const shares = fc.integer({ min: 0, max: 100 }).map(percent => percent / 100)
const candidates = fc
  .uniqueArray(fc.tuple(values, shares), { selector: ([value]) => value })
  .map(all => ranked(...all.toSorted(([, one], [, other]) => other - one)))

describe('however the talk goes on', () => {
  test('what a person settled stays for ever', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Standing['is']>('accepted', 'edited'),
        values,
        fc.array(candidates),
        (is, value, talk) => talk.every(now => steady(standing(is, value), now).value === value),
      ),
    )
  })

  test('a value changes only for one that is clearly surer, or when nothing speaks for it any more', () => {
    fc.assert(
      fc.property(values, candidates, (shown, now) => {
        const next = steady(standing('shown', shown), now)
        const same = now.candidates.find(({ value }) => value === shown)
        return (
          next.value === shown ||
          !same ||
          same.confidence < 0.15 ||
          next.confidence >= same.confidence + CLEARLY_BETTER
        )
      }),
      { numRuns: 500 },
    )
  })

  test('asked again with the same, it shows the same', () => {
    fc.assert(
      fc.property(candidates, now => {
        const first = steady(undefined, now)
        if (first.value === null) return true
        return steady(standing('shown', first.value, first.confidence), now).value === first.value
      }),
    )
  })
})
