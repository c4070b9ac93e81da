import { describe, expect, it } from 'vitest'
import { createReader } from '../../../src/language/reader.ts'
import { lexiconSchema, placesSchema } from '../../../src/language/schemas.ts'
import { createPlaceFinder } from '../../../src/language/slots/places.ts'
import { findTimes } from '../../../src/language/slots/times.ts'
import { findValues, hideValues, isBareValue, isMark } from '../../../src/language/values.ts'

const read = createReader(lexiconSchema.parse({ words: ['锦绣花园'] }))
const findPlaces = createPlaceFinder(placesSchema.parse({ streets: [] }))
const now = new Date('2026-11-24T02:30:00Z')

function see(text: string) {
  const reading = read(text)
  const words = hideValues(reading, findValues(reading, findPlaces))
  return { reading, words, isBare: isBareValue(reading, words, findTimes(reading.normalised, now)) }
}
const topical = (text: string) =>
  see(text)
    .words.topical.map(token => token.text)
    .join('')
const pragmatic = (text: string) =>
  see(text)
    .words.pragmatic.map(token => (isMark(token) ? '□' : token.text))
    .join('')

describe('what classifiers see of values', () => {
  it.each([
    ['锦绣花园5号楼2单元301暖气不热', '暖气不热', '□暖气不热'],
    ['暖气不热，电话13800138000', '暖气不热,', '暖气不热,电话□'],
    ['暖气不热，我的手机号是138 0013 8000', '暖气不热,我的', '暖气不热,我的手机号是□'],
    ['育才小学食堂不干净', '小学食堂不干净', '□食堂不干净'],
    ['育才小学门口堵车', '堵车', '□堵车'],
    ['我叫李梅，暖气不热', '我,暖气不热', '我叫□,暖气不热'],
    ['查261124000123', '查', '查□'],
    ['暖气不热', '暖气不热', '暖气不热'],
  ])('%s', (text, about, wish) => {
    expect(topical(text)).toBe(about)
    expect(pragmatic(text)).toBe(wish)
  })

  it.each([
    '人民路3号',
    '我家住人民路3号',
    '13800138000',
    '电话：13800138000，我姓王',
    '昨天晚上8点',
    '单号261124000123',
    '就在人民路3号',
  ])('%s is a bare value', text => {
    expect(see(text).isBare).toBe(true)
  })

  it.each(['人民路3号停水', '停水', '投诉人民路3号', '昨天晚上停水', '13800138000这个号骗人', '是', '1'])(
    '%s is more, or none',
    text => {
      expect(see(text).isBare).toBe(false)
    },
  )
})
