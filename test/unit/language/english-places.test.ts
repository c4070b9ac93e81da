import { describe, expect, it } from 'vitest'
import { normalise } from '../../../src/language/normalise.ts'
import { placesSchema } from '../../../src/language/schemas.ts'
import { createEnglishPlaceFinder } from '../../../src/language/slots/english-places.ts'

const find = createEnglishPlaceFinder(
  placesSchema.parse({
    streets: [
      {
        id: 'lishi',
        name: '李石街道',
        en: 'Lishi Street',
        department: 'lishi-street',
        centre: [123.7, 41.8],
      },
    ],
    landmarks: [
      { name: '建设路', kind: 'road', street: 'lishi', at: [123.71, 41.81], english: ['Jianshe Road'] },
      { name: '万达广场', kind: 'mall', street: 'lishi', at: [123.72, 41.82], english: ['Wanda Plaza'] },
      {
        name: '锦绣花园',
        kind: 'compound',
        street: 'lishi',
        at: [123.73, 41.83],
        english: ['Jinxiu Garden'],
      },
    ],
  }),
)
const street = { id: 'lishi', name: '李石街道' }

describe('places in English', () => {
  it.each([
    ['The lamp on Jianshe Road is out', { text: 'Jianshe Road', road: '建设路', street }],
    ['a hole in jianshe rd.', { text: 'jianshe rd.', road: '建设路' }],
    ['No. 3 Jianshe Lu', { text: 'No. 3 Jianshe Lu', road: '建设路', detail: 'No. 3' }],
    ['at 12 Jianshe Road', { text: '12 Jianshe Road', detail: '12' }],
    ['garbage near Wanda Plaza', { text: 'near Wanda Plaza', landmark: '万达广场', relation: 'near' }],
    ['in front of the Wanda Square', { landmark: '万达广场', relation: 'in front of' }],
    [
      'Water leaks in Building 5, Jinxiu Garden',
      { text: 'Building 5, Jinxiu Garden', landmark: '锦绣花园', detail: 'Building 5' },
    ],
    [
      'no water at jin xiu gardens building 5 unit 2 room 301',
      { landmark: '锦绣花园', detail: 'building 5 unit 2 room 301' },
    ],
    [
      'Room 301, Building 5, Jinxiu Garden, Lishi Street',
      { landmark: '锦绣花园', detail: 'Room 301 Building 5', street },
    ],
    ['the path in Maple Leaf Park', { text: 'Maple Leaf Park', landmark: 'Maple Leaf Park' }],
    ['Noise at Sunny Village', { community: 'Sunny Village' }],
    ['it is Building 7 Unit 3', { text: 'Building 7 Unit 3', detail: 'Building 7 Unit 3' }],
  ])('%s', (text, expected) => {
    const found = find(normalise(text))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject(expected)
  })

  it.each([
    'the road is full of holes',
    'The Street is dirty',
    'my bus station',
    'street lamp broken',
    'the Bus Station is dirty',
    'an apartment without heating',
    'I park my car',
    'hello',
  ])('%s names none', text => {
    expect(find(normalise(text))).toEqual([])
  })

  it('two places stay two', () => {
    expect(find(normalise('from Jianshe Road to Wanda Plaza')).map(place => place.text)).toEqual([
      'Jianshe Road',
      'Wanda Plaza',
    ])
  })

  it('spans index the text as written', () => {
    const text = '  near   Wanda  Plaza!'
    const [place] = find(normalise(text))
    expect(text.slice(place!.start, place!.end)).toBe('near   Wanda  Plaza')
  })

  it.each(['road '.repeat(20_000), 'A '.repeat(50_000), 'Building 5, '.repeat(8_000)])(
    'survives 100 kB of %.12s',
    text => {
      const before = process.cpuUsage()
      find(normalise(text))
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000)
    },
  )
})
