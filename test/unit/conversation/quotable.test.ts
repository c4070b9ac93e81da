import { describe, expect, it } from 'vitest'
import { quotable } from '../../../src/conversation/reply.ts'

describe('words as they are quoted', () => {
  it.each([
    ['1、阳光家园电梯坏了，', '阳光家园电梯坏了'],
    ['2. 楼道灯坏了', '楼道灯坏了'],
    ['有三件事：一是和平路12号路灯不亮，', '和平路12号路灯不亮'],
    ['我要投訴三件事：第一，滨河新城停車位被私佔；', '滨河新城停車位被私佔'],
    ['另外门口的井盖没了，', '门口的井盖没了'],
    ['還有樓下油煙大', '樓下油煙大'],
    ['对了，育才小学门口乱停车', '育才小学门口乱停车'],
    ["Besides, my employer hasn't paid", "my employer hasn't paid"],
    ['and the bus 302 never stops', 'the bus 302 never stops'],
  ])('%s: without what only joined the parts', (words, quoted) => {
    expect(quotable(words)).toBe(quoted)
  })

  it.each([
    '还有人乱停车',
    '一中门口堵车',
    '第一中学食堂不干净',
    '3号楼停水',
    '12.5元乱收费',
    '另外',
    'Andy hit my car',
  ])('%s stays', words => {
    expect(quotable(words)).toBe(words)
  })
})
