import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { elementsSchema } from '../../../src/conversation/elements.ts'
import { step } from '../../../src/conversation/engine.ts'
import type { EngineContext, EngineInput, StepResult } from '../../../src/conversation/engine-context.ts'
import { assembleFlow, flowSchema } from '../../../src/conversation/flow.ts'
import {
  type ConversationState,
  conversationStateSchema,
  freshState,
} from '../../../src/conversation/state.ts'
import { shippedContent } from '../../support/test-line.ts'
import { type Sense, saying } from './saying.ts'

/** The shipped dialogs, without a model: messages come as they are understood. */
let shipped: EngineContext

beforeAll(async () => {
  const content = await shippedContent()
  const repairs = [...content.repairs.values()]
  shipped = {
    flows: content.flows,
    repairs: content.repairs,
    elements: content.elements,
    flowOfIntent: new Map(content.intents.flatMap(({ id, flow }) => (flow ? [[id, flow] as const] : []))),
    repairOfIntent: new Map(
      repairs.flatMap(({ id, intents }) => intents.map(intent => [intent, id] as const)),
    ),
    titleOf: choice => choice.id,
    understand: text => saying(text),
  }
})

/** A context of one flow, as it would stand in `dialogs/`. */
function contextOf(steps: object[]): EngineContext {
  const flow = assembleFlow(flowSchema.parse({ id: 'try', about: 'test', steps }), new Map())
  return {
    flows: new Map([['try', flow]]),
    repairs: new Map(),
    elements: elementsSchema.parse({
      rules: [{ needs: [] }],
      bare: [],
      shared: { types: [], place: [], building: [], days: 60 },
      confidential: { types: [], words: [] },
    }),
    flowOfIntent: new Map([['try', 'try']]),
    repairOfIntent: new Map(),
    titleOf: choice => choice.id,
    understand: text => saying(text),
  }
}

const said = (text: string, sense: Sense = {}): EngineInput => ({ is: 'said', said: saying(text, sense) })
const keys = ({ replies }: StepResult) => replies.map(reply => reply.key)

describe('when a step is taken', () => {
  /** The key that is asked first when a flow with this condition begins; `end` is asked when it does not hold. */
  const askedWhen = (when: object, facts: object = {}) => {
    const context = contextOf([
      { id: 'maybe', ask: 'maybe', accepts: 'text', when },
      { id: 'end', ask: 'end', accepts: 'text' },
    ])
    return keys(
      step(freshState(facts as ConversationState['facts']), said('开始', { intent: 'try' }), context),
    )
  }

  test.each<[string, object, object, boolean]>([
    ['a text', { colour: 'red' }, { colour: 'red' }, true],
    ['another text', { colour: 'red' }, { colour: 'blue' }, false],
    ['a boolean', { isOpen: true }, { isOpen: true }, true],
    ['null stands for what is not there', { colour: null }, {}, true],
    ['null stands for what was not told', { colour: null }, { colour: null }, true],
    ['one of several', { colour: ['red', 'blue'] }, { colour: 'blue' }, true],
    ['none of several', { colour: ['red', 'blue'] }, { colour: 'green' }, false],
    ['one of several may be null', { colour: ['red', null] }, {}, true],
    ['filled', { colour: { filled: true } }, { colour: 'red' }, true],
    ['not filled', { colour: { filled: true } }, { colour: null }, false],
    ['wanted empty', { colour: { filled: false } }, {}, true],
    ['over', { 'list.length': { over: 1 } }, { list: [1, 2] }, true],
    ['not over', { 'list.length': { over: 2 } }, { list: [1, 2] }, false],
    ['over what is not there', { 'list.length': { over: 0 } }, {}, false],
    ['a path', { 'box.colour': 'red' }, { box: { colour: 'red' } }, true],
    ['a path that ends early', { 'box.lid.colour': 'red' }, { box: null }, false],
    ['all must hold', { colour: 'red', size: 1 }, { colour: 'red', size: 2 }, false],
  ])('%s', (_, when, facts, holds) => {
    expect(askedWhen(when, facts)).toEqual([holds ? 'try.maybe' : 'try.end'])
  })

  test('an outcome decides what comes next, and a silent one says nothing', () => {
    const context = contextOf([
      { id: 'look', do: 'look', outcomes: { found: 'said', lost: 'silent' } },
      { id: 'again', ask: 'again', accepts: 'text', when: { 'outcome.look': 'lost' } },
      { id: 'done', say: true, when: { 'outcome.look': 'found' } },
    ])
    const begun = step(freshState(), said('开始', { intent: 'try' }), context)
    expect(begun.effect).toMatchObject({ name: 'look', flow: 'try' })
    const outcome = (name: string) => step(begun.state, { is: 'outcome', outcome: { name } }, context)
    expect(keys(outcome('found'))).toEqual(['try.look.found', 'try.done'])
    expect(keys(outcome('lost'))).toEqual(['try.again'])
  })

  test('a question of which the answer makes an outcome void asks for the effect again', () => {
    const context = contextOf([
      { id: 'look', do: 'look', outcomes: { found: 'silent', lost: 'silent' } },
      { id: 'where', ask: 'where', accepts: 'text', when: { 'outcome.look': 'lost' }, resets: ['look'] },
    ])
    const begun = step(freshState(), said('开始', { intent: 'try' }), context)
    const lost = step(begun.state, { is: 'outcome', outcome: { name: 'lost' } }, context)
    const again = step(lost.state, said('在柜子里'), context)
    expect(again.effect).toMatchObject({ name: 'look', slots: { where: '在柜子里' } })
  })

  test('an optional question is passed over when it is missed twice, another is not', () => {
    const steps = (optional: boolean) => [
      { id: 'phone', ask: 'phone', accepts: 'phone', optional },
      { id: 'end', ask: 'end', accepts: 'text' },
    ]
    const missTwice = (optional: boolean) => {
      const context = contextOf(steps(optional))
      const begun = step(freshState(), said('开始', { intent: 'try' }), context)
      return step(step(begun.state, said('啥'), context).state, said('啥'), context).state.awaiting?.step
    }
    expect(missTwice(true)).toBe('try.end')
    expect(missTwice(false)).toBe('try.phone')
  })
})

describe('a step is pure', () => {
  const senses: Sense[] = [
    { intent: 'file-matter', subject: 'environment/noise/construction-night' },
    { intent: 'file-matter', subject: 'urban-construction/utilities/heating-cold', place: '人民路3号' },
    { intent: 'file-matter', subject: 'civil-affairs/elderly-care/elderly-allowance', type: 'consultation' },
    { danger: 'fire' },
    { danger: 'fire', place: '人民路3号' },
    { place: '建设路8号' },
    { phone: '13800138000' },
    { caseNumber: '261124000010' },
    { queryCode: 'K7MP2QRS' },
    { isBlank: true },
    {},
    ...[
      'affirm',
      'deny',
      'skip',
      'dont-know',
      'cancel',
      'go-back',
      'restart',
      'repeat',
      'help',
      'greeting',
      'thanks',
      'abuse',
      'change-answer',
      'change-language',
      'check-case',
      'urge-case',
      'add-information',
      'withdraw-case',
      'rate-case',
      'ask-policy',
      'ask-item',
      'talk-to-person',
      'appointment',
      'complain-about-line',
      'out-of-scope',
      'emergency',
    ].map(intent => ({ intent })),
  ]
  const texts = [
    '1',
    '2',
    'submit',
    'change',
    'skip',
    'none',
    '楼上半夜装修，吵得睡不着',
    '对了，暖气也不热',
    '地址不对',
  ]
  const moves = fc.array(fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...senses), fc.nat(5)), {
    maxLength: 14,
  })

  /** Plays on to where the line waits for the person; every effect comes out in one of its ways. */
  function play(
    steps: readonly [string, Sense, number][],
    look: (before: ConversationState, input: EngineInput) => StepResult,
  ): ConversationState {
    let state = freshState()
    for (const [text, sense, turn] of steps) {
      let input: EngineInput = said(text, sense)
      for (let effects = 0; ; effects++) {
        const result = look(state, input)
        state = result.state
        if (!result.effect) break
        // Twenty in a turn is where the line itself calls it a circle.
        expect(effects).toBeLessThan(20)
        input = { is: 'outcome', outcome: outcomeOf(state, result.effect.name, turn + effects) }
      }
    }
    return state
  }

  function outcomeOf(state: ConversationState, name: string, turn: number) {
    const flow = shipped.flows.get(state.frames.at(-1)!.flow)!
    const act = flow.steps.find(each => 'do' in each && each.do === name) as {
      outcomes: Record<string, string>
    }
    const names = Object.keys(act.outcomes)
    const cases = [{ id: 'c1', number: '261124000010', summary: '路灯' }]
    const chosen = names[turn % names.length]!
    // Whoever cannot wait in a queue wants to be called.
    const wish = chosen === 'by-letter' ? { wish: 'callback' } : {}
    const slots = name === 'find-case' ? { cases, caseId: 'c1' } : wish
    return { name: chosen, slots: chosen === 'several' ? { cases } : slots, params: { summary: '路灯' } }
  }

  test('the same state and input give the same result, and neither is changed', () => {
    fc.assert(
      fc.property(moves, steps => {
        play(steps, (before, input) => {
          deepFreeze(before)
          deepFreeze(input)
          const first = step(before, input, shipped)
          const second = step(structuredClone(before), structuredClone(input), shipped)
          expect(second).toEqual(first)
          return structuredClone(first)
        })
      }),
      { numRuns: 200 },
    )
  })

  test('every state that can come about is plain data and survives the store', () => {
    fc.assert(
      fc.property(moves, steps => {
        const state = play(steps, (before, input) => step(before, input, shipped))
        const stored = JSON.parse(JSON.stringify(state))
        expect(conversationStateSchema.parse(stored)).toEqual(stored)
      }),
      { numRuns: 200 },
    )
  })

  test('who tells the matter anew and goes back then is asked again, as the old one is gone', () => {
    const noise: Sense = { intent: 'file-matter', subject: 'environment/noise/construction-night' }
    const replies: string[][] = []
    const anew: [string, Sense, number][] = [
      ['楼上半夜装修，吵得睡不着', noise, 0],
      ['1', noise, 0],
      ['none', { intent: 'change-answer' }, 0],
      ['1', noise, 0],
      ['none', { intent: 'go-back' }, 0],
    ]
    play(anew, (before, input) => {
      const result = step(before, input, shipped)
      replies.push(keys(result))
      return result
    })
    expect(replies.at(-1)).toEqual(['repair.nothing-to-go-back', 'file-matter.ask-what'])
  })

  test('the line is never silent, except where a question is given up after the deed', () => {
    fc.assert(
      fc.property(moves, steps => {
        let replies = 0
        let isQuiet = false
        for (let at = 1; at <= steps.length; at++) {
          replies = 0
          play(steps.slice(0, at), (before, input) => {
            if (input.is === 'said') [replies, isQuiet] = [0, before.frames.at(-1)?.flow === 'emergency']
            const result = step(before, input, shipped)
            replies += result.replies.length
            return result
          })
          if (!isQuiet) expect(replies).toBeGreaterThan(0)
        }
      }),
      { numRuns: 80 },
    )
  })
})

function deepFreeze(value: unknown): void {
  if (value === null || typeof value !== 'object' || value instanceof Date || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const each of Object.values(value)) deepFreeze(each)
}
