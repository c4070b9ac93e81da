import { describe, expect, test } from 'vitest'
import { arbitrate } from '../../../src/conversation/arbitrate.ts'
import type { ArbitrationContext, Decision } from '../../../src/conversation/decision.ts'
import { elementsSchema } from '../../../src/conversation/elements.ts'
import type { AcceptorName, AskStep } from '../../../src/conversation/flow.ts'
import { pickChoice } from '../../../src/conversation/pick-choice.ts'
import type { ChoiceRef } from '../../../src/conversation/reply.ts'
import { type ConversationState, freshState } from '../../../src/conversation/state.ts'
import { type Sense, saying } from './saying.ts'

const TITLES: Record<string, string> = {
  submit: '没问题，提交',
  change: '要改一下',
  'not-well': '不满意',
  well: '满意',
  'file-matter.ask-place': '改地点',
  'place-names': '地点、地址、地方',
  'phone-names': '电话、手机',
  'file-matter': '反映一件事',
  'check-case': '查进度',
}

interface Situation {
  flow?: string
  accepts?: AcceptorName
  choices?: ChoiceRef[]
  isOptional?: boolean
  isLapsing?: boolean
  known?: (string | null)[]
  clarifying?: string[]
  isChoosingChange?: boolean
}

function decide(text: string, sense: Sense, situation: Situation = {}): Decision {
  const { flow, accepts, known = ['urban/lamp/street'] } = situation
  const matters = known.map(subject => ({ subject }))
  const state: ConversationState = {
    ...freshState(),
    frames: flow ? [{ flow, slots: { matters }, done: {}, answered: [] }] : [],
    clarifying: situation.clarifying ? { text: '那个', intents: situation.clarifying } : null,
    isChoosingChange: situation.isChoosingChange ?? false,
  }
  const step: AskStep = {
    id: 'ask',
    ask: 'slot',
    accepts: accepts ?? 'choice',
    choices: [],
    optional: situation.isOptional ?? false,
    expects: 'text',
    changeable: false,
    lapses: situation.isLapsing ?? false,
    resets: [],
  }
  const context: ArbitrationContext = {
    elements: elementsSchema.parse({
      rules: [{ needs: [] }],
      bare: [],
      shared: { types: [], place: [], building: [], days: 60 },
      confidential: { types: [], words: [] },
    }),
    flowOfIntent: new Map([
      ['file-matter', 'file-matter'],
      ['check-case', 'check-case'],
      ['ask-policy', 'ask-guidance'],
      ['emergency', 'emergency'],
      ['talk-to-person', 'talk-to-person'],
    ]),
    repairOfIntent: new Map([
      ['greeting', 'greeting'],
      ['cancel', 'cancel'],
      ['change-answer', 'change-answer'],
    ]),
    question: accepts ? { step, choices: situation.choices ?? [] } : null,
    changeable: [
      { step: 'file-matter.ask-place', label: 'file-matter.ask-place', named: 'place-names' },
      { step: 'file-matter.ask-phone', label: 'file-matter.ask-phone', named: 'phone-names' },
    ],
    flows: new Map(),
    titleOf,
  }
  return arbitrate(state, saying(text, sense), context)
}

function titleOf({ id, label }: ChoiceRef): string {
  const key = typeof label === 'object' && label !== null && 'key' in label ? label.key : id
  return TITLES[key] ?? key
}

const LAMP: Sense = { intent: 'file-matter', subject: 'urban/lamp/street' }
const NOISE: Sense = { intent: 'file-matter', subject: 'environment/noise/night' }
const CONFIRM: Situation = {
  flow: 'file-matter',
  accepts: 'choice',
  choices: [
    { id: 'submit', label: 'submit', means: 'affirm' },
    { id: 'change', label: 'change', means: 'deny' },
  ],
}
const PLACE: Situation = { flow: 'file-matter', accepts: 'place', isOptional: true }

describe('what a message is to the conversation', () => {
  test.each<[string, string, Sense, Situation, object]>([
    ['danger comes before everything', '着火了', { danger: 'fire' }, CONFIRM, { do: 'emergency' }],
    [
      'danger amid an emergency is told there',
      '着火了，在三楼',
      { danger: 'fire' },
      { flow: 'emergency', accepts: 'place' },
      { do: 'answer' },
    ],
    [
      'a danger that no cue names is not guessed',
      '井盖丢了好几天了',
      { intent: 'emergency', subject: 'urban/road/manhole' },
      {},
      { do: 'begin', flow: 'file-matter' },
    ],
    ['nothing readable', '😡', { isBlank: true }, {}, { do: 'repair', repair: 'blank' }],
    ['a tap', '没问题，提交', {}, CONFIRM, { do: 'answer' }],
    ['a plain yes', '嗯', { intent: 'affirm' }, CONFIRM, { do: 'answer' }],
    ['a small talk repair', '你好', { intent: 'greeting' }, PLACE, { do: 'repair', repair: 'greeting' }],
    ['giving up nothing', '取消', { intent: 'cancel' }, {}, { do: 'repair', repair: 'nothing-to-cancel' }],
    ['giving up', '取消', { intent: 'cancel' }, PLACE, { do: 'repair', repair: 'cancel' }],
    ['an answer', '人民路3号', { place: '人民路3号' }, PLACE, { do: 'answer' }],
    [
      'a short telling is an answer to "where"',
      '小区后门那条巷子',
      { ...NOISE, subjectConfidence: 0.7 },
      PLACE,
      { do: 'answer' },
    ],
    ['an announced matter is not', '对了，楼上半夜装修', NOISE, PLACE, { do: 'add-matter' }],
    [
      'another request interrupts',
      '查进度',
      { intent: 'check-case' },
      PLACE,
      { do: 'begin', flow: 'check-case' },
    ],
    [
      'an unsure one does not',
      '查查吧',
      { intent: 'check-case', confidence: 0.5 },
      CONFIRM,
      { do: 'not-understood' },
    ],
    [
      'the same request again has its question repeated',
      '查进度',
      { intent: 'check-case' },
      { flow: 'check-case', accepts: 'case-number' },
      { do: 'repair', repair: 'repeat' },
    ],
    ['a number half said', '123456', {}, { flow: 'check-case', accepts: 'case-number' }, { do: 'invalid' }],
    ['another subject while confirming', '楼上半夜装修太吵了', NOISE, CONFIRM, { do: 'add-matter' }],
    ['the same subject again', '路灯还是不亮啊', LAMP, CONFIRM, { do: 'tell-more' }],
    [
      'another while the first is not understood',
      '就是路灯不亮，天天黑',
      LAMP,
      { ...CONFIRM, known: [null] },
      { do: 'tell-more' },
    ],
    [
      'an order to change with what',
      '地址写错了',
      { intent: 'change-answer' },
      CONFIRM,
      { do: 'change', step: 'file-matter.ask-place' },
    ],
    [
      'the same where the intent is not heard',
      '地址不对劲',
      {},
      CONFIRM,
      { do: 'change', step: 'file-matter.ask-place' },
    ],
    [
      'an order to change with the value',
      '地址是建设路8号',
      { intent: 'change-answer', place: '建设路8号' },
      CONFIRM,
      { do: 'repair', repair: 'change-answer' },
    ],
    [
      'the value corrected where it is asked for',
      '写错了，是138',
      { intent: 'change-answer', phone: '13800138000' },
      { ...PLACE, accepts: 'phone' },
      { do: 'answer' },
    ],
    ['changing nothing', '改一下', { intent: 'change-answer' }, {}, { do: 'not-understood' }],
    ['a bare matter', '路灯坏了好几天', LAMP, {}, { do: 'begin', flow: 'file-matter' }],
    [
      'a question is looked up first',
      '高龄补贴怎么领',
      { intent: 'file-matter', subject: 'a/b/c', type: 'consultation' },
      {},
      { do: 'begin', flow: 'ask-guidance' },
    ],
    [
      'told at length without an intent',
      '路灯坏了好几天了没人修',
      { subject: 'urban/lamp/street' },
      {},
      { do: 'begin', flow: 'file-matter' },
    ],
    [
      'a guess worth offering',
      '那个事',
      { candidates: [{ label: 'check-case', confidence: 0.3 }] },
      {},
      { do: 'clarify', intents: ['check-case'] },
    ],
    [
      'a guess not worth offering',
      '那个事',
      { candidates: [{ label: 'check-case', confidence: 0.1 }] },
      {},
      { do: 'not-understood' },
    ],
    [
      'filing is never offered alone',
      '那个事',
      { candidates: [{ label: 'file-matter', confidence: 0.4 }] },
      {},
      { do: 'not-understood' },
    ],
    [
      'danger is never offered',
      '那个事',
      { candidates: [{ label: 'emergency', confidence: 0.4 }] },
      {},
      { do: 'not-understood' },
    ],
    [
      'after a courtesy question even an unsure request begins',
      '查查吧',
      { intent: 'check-case', confidence: 0.5 },
      { flow: 'ask-guidance', accepts: 'choice', isLapsing: true },
      { do: 'begin', flow: 'check-case' },
    ],
    [
      'after a courtesy question the same flow begins again',
      '那养老金呢',
      { intent: 'ask-policy' },
      { flow: 'ask-guidance', accepts: 'choice', isLapsing: true },
      { do: 'begin', flow: 'ask-guidance' },
    ],
  ])('%s: “%s”', (_, text, sense, situation, decision) => {
    expect(decide(text, sense, situation)).toMatchObject(decision)
  })

  test('of what was offered one is picked, with the text that it was about', () => {
    const clarifying = ['file-matter', 'check-case']
    expect(decide('查进度', {}, { clarifying })).toEqual({ do: 'begin', flow: 'check-case', text: '那个' })
    expect(decide('2', {}, { clarifying })).toEqual({ do: 'begin', flow: 'check-case', text: '那个' })
  })

  test.each([
    ['改地点', {}, { do: 'change', step: 'file-matter.ask-place' }],
    ['1', {}, { do: 'change', step: 'file-matter.ask-place' }],
    ['手机', {}, { do: 'change', step: 'file-matter.ask-phone' }],
    ['建设路8号', { place: '建设路8号' }, { do: 'repair', repair: 'change-answer' }],
  ] as [string, Sense, object][])('which answer to change: “%s”', (text, sense, decision) => {
    expect(decide(text, sense, { ...CONFIRM, isChoosingChange: true })).toEqual(decision)
  })
})

describe('which choice a message picks', () => {
  const choices: ChoiceRef[] = [
    { id: 'well', label: 'well' },
    { id: 'not-well', label: 'not-well' },
    { id: 'submit', label: 'submit', means: 'affirm' },
  ]
  test.each<[string, Sense, string | null]>([
    ['满意', {}, 'well'],
    ['不满意！', {}, 'not-well'],
    ['不是很满意', {}, null],
    ['2', {}, 'not-well'],
    ['第二个', {}, 'not-well'],
    ['两', {}, 'not-well'],
    ['9', {}, null],
    ['submit', {}, 'submit'],
    ['嗯', { intent: 'affirm' }, 'submit'],
    ['好了，没问题，提交', {}, 'submit'],
    ['先别没问题提交', {}, null],
    ['没有', { intent: 'deny' }, null],
  ])('“%s”', (text, sense, id) => {
    expect(pickChoice(saying(text, sense), choices, titleOf)?.id ?? null).toBe(id)
  })
})
