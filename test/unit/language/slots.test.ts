import { describe, expect, it } from 'vitest'
import { normalise } from '../../../src/language/normalise.ts'
import { createReader } from '../../../src/language/reader.ts'
import { lexiconSchema, placesSchema } from '../../../src/language/schemas.ts'
import { findPersonName, findPhones, findReferences } from '../../../src/language/slots/contacts.ts'
import { createPlaceFinder } from '../../../src/language/slots/places.ts'

const read = createReader(lexiconSchema.parse({ words: [] }))
const findPlaces = createPlaceFinder(
  placesSchema.parse({
    streets: [
      {
        id: 'lishi',
        name: '李石街道',
        aliases: ['李石寨'],
        en: 'Lishi',
        department: 'lishi-street',
        centre: [123.7, 41.8],
        communities: [{ name: '青台子村', aliases: ['青台子'] }],
      },
    ],
    landmarks: [
      { name: '人民路', aliases: [], kind: 'road', street: 'lishi', at: [123.71, 41.81] },
      { name: '万达广场', aliases: ['万达'], kind: 'mall', street: 'lishi', at: [123.72, 41.82] },
    ],
  }),
)

describe('phones', () => {
  it.each([
    ['我电话13812345678', '13812345678'],
    ['138 1234 5678', '13812345678'],
    ['138-1234-5678找我', '13812345678'],
    ['１３８１２３４５６７８', '13812345678'],
    ['+86 13812345678', '13812345678'],
    ['138****5678', '138****5678'],
    ['座机024-23456789', '02423456789'],
    ['一三八一二三四五六七八', '13812345678'],
    ['幺三八 一二三四 五六七八', '13812345678'],
  ])('%s', (text, number) => {
    expect(findPhones(normalise(text)).map(phone => phone.number)).toEqual([number])
  })

  it.each(['身份证210102199001011234', '261124000123', '交了1380元'])('%s holds no phone', text => {
    expect(findPhones(normalise(text))).toEqual([])
  })
})

describe('references', () => {
  it.each([
    ['查一下261124000123', { caseNumber: '261124000123' }],
    ['单号 261124 000123', { caseNumber: '261124000123' }],
    ['查询码A7K9M2QX', { queryCode: 'A7K9M2QX' }],
    ['a7k9-m2qx', { queryCode: 'A7K9M2QX' }],
  ])('%s', (text, expected) => {
    const found = findReferences(normalise(text))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject(expected)
  })

  it.each(['building', 'my building', '20261124', '13812345678'])('%s is none', text => {
    expect(findReferences(normalise(text))).toEqual([])
  })
})

describe('own names', () => {
  it.each([
    ['我叫李梅，住人民路', '李梅'],
    ['我姓王', '王'],
    ['13800138000，姓王', '王'],
    ['本人叫张伟，', '张伟'],
    ['姓名：欧阳丽', '欧阳丽'],
    ['my name is Anna Lee', 'Anna Lee'],
  ])('%s', (text, name) => {
    expect(findPersonName(normalise(text))).toBe(name)
  })

  it.each(['我是高中老师', '我是康宁家园业主', '他叫李梅', '我叫不醒他'])('%s gives none', text => {
    expect(findPersonName(normalise(text))).toBeUndefined()
  })
})

describe('places', () => {
  it.each([
    ['人民路3号半夜施工', '人民路3号', { road: '人民路', detail: '3号', street: { id: 'lishi' } }],
    ['我住李石街道青台子社区', '李石街道青台子社区', { community: '青台子村', street: { id: 'lishi' } }],
    ['建设大街与和平路交叉口', '建设大街与和平路交叉口', { road: '建设大街与和平路', relation: '交叉口' }],
    ['锦绣花园小区5号楼2单元301漏水', '锦绣花园小区5号楼2单元301', { detail: '5号楼2单元301' }],
    ['万达广场对面油烟大', '万达广场对面', { landmark: '万达广场', relation: '对面' }],
    ['榆树村三组没路灯', '榆树村三组', { community: '榆树村', detail: '三组' }],
    ['萬達廣場旁邊', '萬達廣場旁邊', { landmark: '万达广场', relation: '旁边' }],
    ['人民路18号楼上漏水', '人民路18号楼上', { detail: '18号', relation: '楼上' }],
    ['建设路菜市场门口没井盖', '建设路菜市场门口', { road: '建设路', landmark: '菜市场', relation: '门口' }],
    ['人民路的加油站插队', '人民路的加油站', { road: '人民路', landmark: '加油站' }],
    ['榆树村卫生室没大夫', '榆树村卫生室', { community: '榆树村', landmark: '卫生室' }],
    ['李石街道办事处后面', '李石街道办事处后面', { street: { id: 'lishi' }, relation: '后面' }],
    ['沈抚第一小学食堂', '沈抚第一小学', { landmark: '沈抚第一小学' }],
    ['翰林府邸3号楼电梯坏了', '翰林府邸3号楼', { landmark: '翰林府邸', detail: '3号楼' }],
    ['投诉翰林府邸2期5栋停水', '翰林府邸2期5栋', { landmark: '翰林府邸', detail: '2期5栋' }],
    ['阳光家园6#楼1-502没暖气', '阳光家园6#楼1-502', { detail: '6#楼1-502' }],
    ['万达广场往东走大概两百米，井没盖', '万达广场往东走大概两百米', { relation: '往东走大概两百米' }],
    ['五号楼电梯坏了，万达广场的', '万达广场五号楼', { landmark: '万达广场', detail: '五号楼' }],
    ['3号楼和5号楼之间被人种菜了，榆树村的', '榆树村3号楼和5号楼之间', { relation: '之间' }],
    ['小区停水了3号楼', '3号楼', { detail: '3号楼' }],
    ['楼上3号楼漏水', '3号楼', { detail: '3号楼' }],
    ['第二中学门口太堵', '第二中学门口', { landmark: '第二中学', relation: '门口' }],
  ])('%s', (text, words, expected) => {
    const [place] = findPlaces(read(text))
    expect(place?.text).toBe(words)
    expect(place).toMatchObject(expected)
  })

  it.each([
    '走路摔了',
    '马路坏了',
    '思路不清',
    '网路不通',
    '这条路坑多',
    '我们小区停水了',
    '家门口那条街',
    '楼道灯坏了',
    '假期期间公园锁着',
  ])('%s names no place', text => {
    expect(findPlaces(read(text))).toEqual([])
  })
})
