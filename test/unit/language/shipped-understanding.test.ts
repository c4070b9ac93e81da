import { beforeAll, describe, expect, it } from 'vitest'
import { judge } from '../../../src/language/judgement.ts'
import type { Understander } from '../../../src/language/understander.ts'
import { shippedUnderstander } from '../../support/shipped-understander.ts'

// With the shipped content: what residents meet.
const now = new Date('2026-11-24T02:30:00Z')
let line: Understander
beforeAll(async () => {
  line = await shippedUnderstander()
}, 60_000)
const understand = (text: string) => line.understand(text, { now })

describe('a subject', () => {
  it.each([
    ['我家暖气不热三天了没人管，李石街道锦绣花园5号楼2单元301', 'urban-construction/utilities/heating-cold'],
    ['锦绣花园5号楼2单元暖气不热', 'urban-construction/utilities/heating-cold'],
    ['我叫李梅，电话13800138000，楼道灯坏了', 'urban-construction/old-compound/stairwell-lights-doors'],
    ['My heating is cold', 'urban-construction/utilities/heating-cold'],
    ['No water at home since yesterday', 'urban-construction/utilities/water-outage'],
    ['my boss has not paid me for three months', 'labour-security/wage-arrears/enterprise-wages'],
  ])('is what is told, not where or by whom: %s', (text, leaf) => {
    expect(understand(text).matters.map(matter => matter.subject.label)).toEqual([leaf])
  })

  it('is asked for when two are nearly equally likely', () => {
    const shares = [
      ['street-light', 0.5],
      ['garbage-collection', 0.4],
    ] as const
    const { label, candidates } = judge(shares, { threshold: 0.45, lead: 1.5 })
    expect(label).toBeNull()
    expect(candidates.map(candidate => candidate.label)).toEqual(['street-light', 'garbage-collection'])
    expect(judge(shares, { threshold: 0.45, lead: 1.2 }).label).toBe('street-light')
  })
})

describe('what officials do that they must not', () => {
  it.each([
    ['红包，别让别人知道是我', 'petty-extortion'],
    ['举报村干部收钱', 'village-cadre'],
    ['舉報村幹部收錢，別說是我說的', 'village-cadre'],
    ['举报镇上的干部吃拿卡要', 'petty-extortion'],
    ['要举报一个干部收钱', 'bribery-embezzlement'],
    ['I want to report that the village head takes money, keep it secret', 'village-cadre'],
  ])('is a report about officials: %s', (text, leaf) => {
    const [matter, ...others] = understand(text).matters
    expect(others).toEqual([])
    expect([matter?.subject.label?.split('/').at(-1), matter?.requestType.label]).toEqual([leaf, 'report'])
  })
})

describe('a text that only answers a question', () => {
  it.each([
    '13800138000',
    '电话13800138000，姓王',
    '人民路3号',
    '拉古街道四方台村',
    '我住在金枫家园5号楼',
    '万达广场对面',
    '昨天半夜',
    '我叫李梅',
    'i live at 12 Heping Rd.',
    'Building 7 Unit 3',
  ])('%s weighs for no intent and no subject', text => {
    const { intent, matters } = understand(text)
    expect(intent.candidates).toEqual([])
    expect(matters[0]!.subject.candidates).toEqual([])
    expect(matters[0]!.requestType.candidates).toEqual([])
  })

  it.each([
    ['提交', 'affirm'],
    ['没问题，提交', 'affirm'],
    ['好的', 'affirm'],
    ['不知道', 'dont-know'],
    ['thanks a lot', 'thanks'],
  ])('%s means %s and is about nothing', (text, act) => {
    const { intent, matters } = understand(text)
    expect(intent.label).toBe(act)
    expect(matters[0]!.subject.candidates).toEqual([])
    expect(matters[0]!.requestType.candidates).toEqual([])
  })
})

describe('an intent', () => {
  it.each([
    ['My heating is cold', 'file-matter'],
    ['I want to complain about a noisy restaurant', 'file-matter'],
    ['How do I get a passport', 'ask-item'],
    ['Is there any subsidy for having a second child', 'ask-policy'],
    ['I want to check my case', 'check-case'],
    ["I'd like to talk to a human", 'talk-to-person'],
    ['where is my report 261124000123', 'check-case'],
  ])('of English: %s → %s', (text, intent) => {
    expect(understand(text).intent.label).toBe(intent)
  })

  it.each(['清楚了', '知道了', '明白了', 'My heating is cold', '我家快冻死了', '出大事了', '我受不了了'])(
    '%s is no emergency, as no danger is named',
    text => {
      const { intent, dangers } = understand(text)
      expect(dangers).toEqual([])
      expect(intent.candidates.map(({ label }) => label)).not.toContain('emergency')
    },
  )

  it.each(['救命啊', '我家着火了快来人', 'there is a smell of gas in my kitchen'])(
    '%s keeps the emergency in sight',
    text => {
      const { intent, dangers } = understand(text)
      expect(intent.candidates.map(({ label }) => label)).toContain('emergency')
      expect(dangers.length).toBeGreaterThan(0)
    },
  )
})

describe('one message', () => {
  it.each([
    ['人民路3号半夜施工太吵了，楼道灯也坏了', ['人民路3号半夜施工太吵了，', '楼道灯也坏了']],
    ['1、暖气不热 2、楼道灯坏了 3、垃圾没人收', ['1、暖气不热 ', '2、楼道灯坏了 ', '3、垃圾没人收']],
    [
      '金枫家园这边暖气不热，另外门口的井盖没了，还有楼下饭店油烟呛得没法开窗',
      ['金枫家园这边暖气不热，', '另外门口的井盖没了，', '还有楼下饭店油烟呛得没法开窗'],
    ],
  ])('%s is parted', (text, parts) => {
    expect(understand(text).matters.map(matter => matter.words)).toEqual(parts)
  })

  it.each([
    '高龄补贴怎么领，需要带什么材料',
    '盲道上停满共享单车，让盲人咋走',
    '人民路3号门口路灯不亮了，电话13800138000',
    '暖气不热，打电话没人管，孩子都冻感冒了',
    '人民路3号楼下下水道堵了，污水都冒到路上了，电话13800138000',
  ])('%s stays whole', text => {
    expect(understand(text).matters).toHaveLength(1)
  })
})
