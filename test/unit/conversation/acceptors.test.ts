import { describe, expect, test } from 'vitest'
import { type Answer, acceptAnswer, isDialogueAct, valuesIn } from '../../../src/conversation/acceptors.ts'
import { type Elements, elementsSchema } from '../../../src/conversation/elements.ts'
import type { AcceptorName, AskStep } from '../../../src/conversation/flow.ts'
import type { ChoiceRef } from '../../../src/conversation/reply.ts'
import { type Sense, saying } from './saying.ts'

const elements: Elements = elementsSchema.parse({
  rules: [{ needs: ['place'] }],
  bare: [],
  shared: { types: [], place: [], building: [], days: 60 },
  confidential: { types: [], words: [] },
})

function accept(
  accepts: AcceptorName,
  text: string,
  sense: Sense,
  options: { isOptional?: boolean; isOtherRequest?: boolean; picked?: string } = {},
): Answer {
  const step: AskStep = {
    id: 'ask',
    ask: 'slot',
    accepts,
    choices: [],
    optional: options.isOptional ?? false,
    expects: 'text',
    changeable: false,
    lapses: false,
    resets: [],
  }
  const picked: ChoiceRef | null = options.picked ? { id: options.picked, label: options.picked } : null
  return acceptAnswer(saying(text, sense), {
    elements,
    step,
    picked,
    isOtherRequest: options.isOtherRequest ?? false,
  })
}

const place = (text: string) => ({ place: text, street: null, community: null, at: null, spot: null })

describe('what answers a question', () => {
  test.each<[AcceptorName, string, Sense, Answer]>([
    ['phone', '13800138000', { phone: '13800138000' }, { is: 'filled', slots: { slot: '13800138000' } }],
    ['phone', '1380013800', {}, { is: 'invalid', params: {} }],
    ['phone', '四位数1234', {}, { is: 'none' }],
    ['phone', '什么意思', {}, { is: 'none' }],
    ['place', '人民路3号', { place: '人民路3号' }, { is: 'filled', slots: place('人民路3号') }],
    ['place', '我家后院', {}, { is: 'filled', slots: place('我家后院') }],
    ['place', '你好', { intent: 'greeting' }, { is: 'none' }],
    ['place', '长'.repeat(81), {}, { is: 'none' }],
    ['time', '昨天半夜', { time: '昨天半夜' }, { is: 'filled', slots: { slot: '昨天半夜' } }],
    ['time', '有一阵子了', {}, { is: 'filled', slots: { slot: '有一阵子了' } }],
    ['time', '谢谢', { intent: 'thanks' }, { is: 'none' }],
    ['text', ' 灯不亮 ', {}, { is: 'filled', slots: { slot: '灯不亮' } }],
    ['text', '取消', { intent: 'cancel' }, { is: 'none' }],
    [
      'case-number',
      '编号261124000010',
      { caseNumber: '261124000010' },
      { is: 'filled', slots: { slot: '261124000010' } },
    ],
    ['case-number', '26112400', {}, { is: 'invalid', params: {} }],
    ['case-number', '不记得了', { intent: 'dont-know' }, { is: 'none' }],
    ['query-code', 'K7MP2QRS', { queryCode: 'K7MP2QRS' }, { is: 'filled', slots: { slot: 'K7MP2QRS' } }],
    ['query-code', 'K7MP2', {}, { is: 'invalid', params: {} }],
    [
      'query-code',
      '261124000010',
      { caseNumber: '261124000010' },
      { is: 'filled', slots: { caseNumber: '261124000010' } },
    ],
    ['choice', '随便', {}, { is: 'none' }],
  ])('%s: “%s”', (accepts, text, sense, answer) => {
    expect(accept(accepts, text, sense)).toEqual(answer)
  })

  test.each<AcceptorName>(['choice', 'subject', 'case'])('%s takes what was picked', accepts => {
    expect(accept(accepts, '第一个', {}, { picked: 'first' })).toEqual({
      is: 'filled',
      slots: { slot: 'first' },
    })
  })

  test.each([
    ['skip', 'phone'],
    ['dont-know', 'place'],
    ['deny', 'time'],
  ] as const)('“%s” declines an optional question and no other', (intent, accepts) => {
    expect(accept(accepts, '不', { intent }, { isOptional: true })).toEqual({ is: 'declined' })
    expect(accept(accepts, '不', { intent: intent === 'deny' ? 'cancel' : 'help' })).toEqual({ is: 'none' })
  })

  test('the choice to skip declines whatever is asked', () => {
    expect(accept('text', '不说了', {}, { picked: 'skip' })).toEqual({ is: 'declined' })
  })

  test('a request of its own is not the answer in free words, but a place that is recognised is', () => {
    expect(accept('place', '我要查进度', {}, { isOtherRequest: true })).toEqual({ is: 'none' })
    expect(accept('place', '人民路3号', { place: '人民路3号' }, { isOtherRequest: true }).is).toBe('filled')
    expect(accept('text', '我要查进度', {}, { isOtherRequest: true })).toEqual({ is: 'none' })
  })

  test('any message may carry phone, number and code along', () => {
    const sense = { phone: '13800138000', caseNumber: '261124000010', queryCode: 'K7MP2QRS' }
    expect(valuesIn(saying('都在这了', sense))).toEqual(sense)
    expect(valuesIn(saying('没有'))).toEqual({})
  })

  test('a move in the conversation is no content', () => {
    expect(isDialogueAct(saying('你好', { intent: 'greeting' }))).toBe(true)
    expect(isDialogueAct(saying('', { isBlank: true }))).toBe(true)
    expect(isDialogueAct(saying('路灯坏了', { intent: 'file-matter' }))).toBe(false)
  })
})
