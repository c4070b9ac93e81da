import { beforeAll, describe, expect, test } from 'vitest'
import type { Content } from '../../../src/content/content.ts'
import type { CaseCard, Outgoing } from '../../../src/conversation/message.ts'
import { sayInSms } from '../../../src/usecases/say-in-sms.ts'
import { shippedContent } from '../../support/test-line.ts'

let content: Content
beforeAll(async () => {
  content = await shippedContent()
})
const say = (said: readonly Outgoing[]) =>
  sayInSms(said, (key, params) => content.texts.of('zh-Hans', key, params))

const bubble = (text: string, more: Partial<Outgoing> = {}): Outgoing => {
  return { key: 'k', text, choices: [], cards: [], expects: 'text', ...more }
}
const choices = ['没问题，提交', '要改一下', '不提交了'].map(title => ({ id: title, title, say: title }))
const card = (n: number) =>
  ({
    number: `26112400001${n}`,
    queryCode: `P2SZ9AZ${n}`,
    title: '夜间施工噪声',
    departmentName: '城市管理综合执法局',
    coHandlerNames: ['住房和城乡建设局'],
    statusText: '已派给城市管理综合执法局，12月8日周二 17:00前答复您。',
  }) as unknown as CaseCard

describe('one short message', () => {
  test('is what plain text says, as long as it fits', () => {
    const text = say([bubble('请看一下对不对', { choices, cards: [card(0)] })])
    expect(text).toContain('谁来办：城市管理综合执法局')
    expect(text).toContain('1. 没问题，提交\n2. 要改一下\n3. 不提交了')
  })

  test.each([500, 501, 2000, 20_000])(
    'of %i characters stays within 500, and its choices stay whole',
    length => {
      const text = say([bubble('字'.repeat(length)), bubble('这样对吗？', { choices })])
      expect([...text].length).toBeLessThanOrEqual(500)
      expect(text).toContain('这样对吗？\n\n1. 没问题，提交\n2. 要改一下\n3. 不提交了')
    },
  )

  test('the earlier words are cut first, at their ends', () => {
    const text = say([bubble(`甲${'字'.repeat(600)}`), bubble(`乙${'字'.repeat(300)}终`)])
    expect(text).toMatch(/^甲字+…\n\n乙字+终$/)
    expect([...text]).toHaveLength(500)
  })

  test('no query code is cut, however many cases and words there are', () => {
    const cards = Array.from({ length: 9 }, (_, i) => card(i))
    const text = say([bubble('字'.repeat(900), { cards, choices })])
    expect([...text].length).toBeLessThanOrEqual(500)
    for (const { queryCode } of cards) expect(text).toContain(`查询码${queryCode}`)
    expect(text).toContain('261124 00001 8')
    expect(text).toContain('3. 不提交了')
  })

  test('characters outside the first plane are not cut in two', () => {
    expect(say([bubble('𠮷'.repeat(700))]).isWellFormed()).toBe(true)
  })
})
