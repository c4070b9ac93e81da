import { describe, expect, test } from 'vitest'
import { shippedUnderstander } from '../../support/shipped-understander.ts'

const understander = await shippedUnderstander()
const spotIn = (text: string) =>
  understander.understand(text, { now: new Date('2026-11-24T02:00:00Z') }).places[0]?.spot ?? null

describe('the spot that a place names', () => {
  test.each<[string, string[]]>([
    ['锦绣花园', ['锦绣花园暖气不热', '锦绣花园小区的暖气', '李石街道锦绣花园门口', '錦繡花園暖氣不熱']],
    [
      '人民路3号',
      ['人民路3号门口路灯不亮', '人民路三号路灯', '李石街道人民路3号院', 'the lamp at 3 Renmin Road'],
    ],
    ['人民路与建设路', ['人民路与建设路交叉口红绿灯坏了', '建设路和人民路路口']],
    ['人民路与和平路', ['人民路和平路口井盖坏了', '和平路人民路交叉口红绿灯坏了']],
    ['和平路18号', ['和平路18号工地半夜施工', '和平路十八号那个工地后半夜还打桩', '和平路18号夜间施工扰民']],
    ['和平路12号', ['No light at Heping Road 12.', '和平路12号饭店油烟大']],
    ['人民路工地', ['人民路的工地太吵']],
    ['幸福里', ['No water in Xingfuli compound since this morning', '幸福里小区停水']],
    ['锦绣花园b区', ['锦绣花园B区3号楼停水了']],
    ['锦绣花园2期', ['锦绣花园二期停水了', '锦绣花园2期8栋停水']],
    ['浑河大桥南头', ['浑河大桥南头路灯不亮']],
    ['翰林府邸', ['翰林府邸3号楼电梯坏了', '住在翰林府邸3号楼，停水了']],
    ['万科城2期', ['万科城2期8栋电梯坏了']],
    ['青台子村', ['青台子村路灯不亮', '青台子社区路灯不亮']],
    ['滨河公园', ['滨河公园路灯不亮', '河滨公园里面路灯不亮']],
  ])('is %s, however it is said', (key, sayings) => {
    expect(sayings.map(saying => spotIn(saying)?.key)).toEqual(sayings.map(() => key))
  })

  test.each<[string, string | undefined]>([
    ['锦绣花园5号楼楼道灯坏了', '5'],
    ['锦绣花园五栋楼道灯坏了', '5'],
    ['锦绣花园5-2-301楼道灯坏了', '5'],
    ['锦绣花园5#楼1-502楼道灯坏了', '5'],
    ['五号楼楼道灯坏了，锦绣花园小区的', '5'],
    ['锦绣花园楼道灯坏了', undefined],
  ])('in “%s” the building is %s', (text, building) => {
    expect(spotIn(text)).toEqual(building ? { key: '锦绣花园', building } : { key: '锦绣花园' })
  })

  test.each(['人民路路灯不亮', '李石街道路灯不亮', '5号楼楼道灯坏了'])(
    '“%s” is too wide or hangs in the air',
    text => {
      expect(spotIn(text)).toBeNull()
    },
  )
})
