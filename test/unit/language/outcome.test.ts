import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { normalise } from '../../../src/language/normalise.ts'
import { createOutcomeFinder } from '../../../src/language/outcome.ts'
import { outcomesSchema } from '../../../src/language/schemas.ts'

const file = resolve(import.meta.dirname, '../../../intents/outcomes.yaml')
const find = createOutcomeFinder(outcomesSchema.parse(parse(readFileSync(file, 'utf8'))))
const outcomeOf = (text: string) => find(normalise(text).text)

describe('what is said of how a case went', () => {
  it.each([
    '解决了',
    '解决了，谢谢',
    '都弄好了',
    '嗯，好了',
    '整利索了',
    '上次没修好，这次修好了',
    '没有，都好了',
    '没啥问题了',
    '解決了，謝謝',
    'it is fixed, thank you',
  ])('is solved: %s', text => expect(outcomeOf(text)).toMatchObject({ resolved: true }))

  it.each([
    '没解决',
    '还没修好',
    '修好了，又坏了',
    '回复说解决了，根本没解决',
    '处理了，但不彻底',
    '灯还是不亮',
    '又出问题了',
    '還沒修好',
    'still not fixed',
    '还没修好，什么时候来啊',
    'it is leaking again',
  ])('is not solved: %s', text => expect(outcomeOf(text)).toMatchObject({ resolved: false }))

  it.each([
    '解决了吗',
    '解決了沒有？',
    '什么时候能修好',
    '要是修好了就告诉我',
    'is it fixed?',
    '可以',
    '没水',
    '我要投诉',
  ])('is nothing of the kind: %s', text => expect(outcomeOf(text)).toBeUndefined())

  it('has several answers in one message', () => {
    expect(outcomeOf('没人联系我，路灯还是黑的，很不满意')).toEqual({
      contacted: false,
      resolved: false,
      satisfied: 'very-dissatisfied',
      isMoreTold: true,
    })
    expect(outcomeOf('师傅来过，修好了，非常满意')).toMatchObject({
      contacted: true,
      resolved: true,
      satisfied: 'very',
    })
    expect(outcomeOf('nobody called me, still broken')).toMatchObject({ contacted: false, resolved: false })
  })

  it('tells more, or only that it is so', () => {
    expect(outcomeOf('还没解决，又堵了')).toMatchObject({ isMoreTold: true })
    expect(outcomeOf('又丢了，上次没修好')).toMatchObject({ isMoreTold: true })
    expect(outcomeOf('又出问题了')).toMatchObject({ isMoreTold: false })
    expect(outcomeOf('根本没解决啊，我不满意')).toMatchObject({ isMoreTold: false })
  })

  it('is not looked for in what is told at length', () => {
    expect(outcomeOf(`我们小区的暖气从上个月开始就不热，${'物业一直没修好，'.repeat(10)}`)).toBeUndefined()
  })
})
