import { describe, expect, test } from 'vitest'
import { placeEntity, placeEvent, placeInActivity } from '../../../../src/adapters/chat/place-sent.ts'
import { mutationsOf } from '../../../support/mutations.ts'

const near = (at: unknown) => (at as number[]).map(each => Number(each.toFixed(3)))

describe('a location of a vendor in China', () => {
  test.each([
    ['numbers', 123.763, 41.8243],
    ['texts', '123.763', '41.8243'],
  ])('is its name, and its point by WGS-84, whether written as %s', (_as, longitude, latitude) => {
    const event = placeEvent('m1', ' 老王家常菜馆 ', { longitude, latitude })
    expect(event).toMatchObject({ kind: 'said', externalId: 'm1', text: '老王家常菜馆' })
    expect(near('sentPlace' in event && event.sentPlace?.at)).toEqual([123.757, 41.822])
  })

  test.each([undefined, '', ' '])('that has no name (%j) is asked for in words', name => {
    expect(placeEvent('m1', name, { longitude: 1, latitude: 1 })).toEqual({
      kind: 'unnamed-place',
      externalId: 'm1',
    })
  })

  test.each([
    [{}],
    [{ longitude: '', latitude: '41' }],
    [{ longitude: 'east', latitude: 41 }],
    [{ longitude: 181, latitude: 41 }],
    [{ longitude: [123], latitude: Number.NaN }],
  ])('whose point is none (%j) is its name alone', point => {
    expect(placeEvent('m1', '老王家常菜馆', point)).toMatchObject({ sentPlace: { at: null } })
  })
})

describe('a location in an activity', () => {
  const geo = { type: 'GeoCoordinates', longitude: 123.757, latitude: 41.822 }

  test.each([
    ['a place', { type: 'Place', name: '老王家常菜馆', address: '人民路3号', geo }, '人民路3号 老王家常菜馆'],
    ['coordinates', { ...geo, name: '老王家常菜馆' }, '老王家常菜馆'],
  ])('is read of %s', (_what, entity, label) => {
    const read = placeInActivity('', [{ type: 'ClientCapabilities' }, entity])
    expect(read).toEqual({ text: label, sentPlace: { at: [123.757, 41.822] } })
  })

  test('may stand in the text once more', () => {
    expect(placeInActivity(' 老王家常菜馆', [{ type: 'Place', name: '老王家常菜馆' }])).toEqual({
      text: '老王家常菜馆',
      sentPlace: { at: null },
    })
  })

  test('that only says where somebody speaks does not take their words for a place', () => {
    expect(placeInActivity('路灯不亮了', [{ type: 'Place', name: '人民路3号', geo }])).toBeNull()
  })

  test.each([[null], [[]], [[null, 1, 'x', { type: 'mention' }, { type: ['Place'] }]]])(
    'is not made of %j',
    entities => {
      expect(placeInActivity('', entities)).toBeNull()
    },
  )

  test('goes through the pipeline as it is', () => {
    const sent = { at: [123.757, 41.822] as [number, number] }
    expect(placeInActivity('', [placeEntity(sent)])?.sentPlace).toEqual(sent)
    expect(placeInActivity('', [placeEntity({ at: null })])?.sentPlace).toEqual({ at: null })
  })
})

test('of 100,000 broken locations none breaks the reader, and what it still reads is whole', () => {
  const geo = { type: 'GeoCoordinates', longitude: 123.757, latitude: 41.822 }
  const samples = [
    { type: 'Place', name: '老王家常菜馆', address: '人民路3号', geo },
    { ...geo, name: '老王家常菜馆' },
    { type: 'Place', geo: { longitude: '123.7', latitude: '41.8' } },
  ].map(each => JSON.stringify([each]))
  let read = 0
  for (const text of mutationsOf(samples, 100_000)) {
    const entities = parsed(text)
    const place = placeInActivity('', Array.isArray(entities) ? entities : null)
    if (!place) continue
    read++
    const { at } = place.sentPlace
    const isWhole = typeof place.text === 'string' && (at === null || at.every(Number.isFinite))
    if (!isWhole) throw new Error(`no place: ${JSON.stringify(place)}`)
  }
  expect(read).toBeGreaterThan(1000)
}, 120_000)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
