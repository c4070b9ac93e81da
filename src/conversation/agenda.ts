import { isAnswered } from './changing.ts'
import { holds } from './conditions.ts'
import type { AskStep, Flow, Step } from './flow.ts'
import { type Awaiting, type ConversationState, type Frame, type Slots, topFrame } from './state.ts'

/** A question of a flow, and for which item of its list it is asked. */
export interface Question {
  step: AskStep & { key: string }
  item: number | null
}

/** The next step whose need is not met; null when the flow is over. */
export function firstUnmet(flow: Flow, frame: Frame): { step: Step; item: number | null } | null {
  for (const candidate of flow.steps) {
    if ('ask' in candidate && candidate.each) {
      const list = (frame.slots[candidate.each] as Slots[] | undefined) ?? []
      const item = list.findIndex(
        each => each[candidate.ask] === undefined && holds(candidate.when, frame, each),
      )
      if (item >= 0) return { step: candidate, item }
      continue
    }
    const isMet =
      'ask' in candidate ? frame.slots[candidate.ask] !== undefined : frame.done[candidate.key] !== undefined
    if (!isMet && holds(candidate.when, frame, null)) return { step: candidate, item: null }
  }
  return null
}

/** The question that is waited for, when there is one. */
export function questionOf(flow: Flow, awaiting: Awaiting | null): Question | null {
  const asked = flow.steps.find(each => each.key === awaiting?.step)
  return awaiting && asked && 'ask' in asked ? { step: asked, item: awaiting.item } : null
}

/** Keeps answers to other questions than the open one. Is that one still the next to be asked? */
export function takeAlong(
  state: ConversationState,
  answers: Slots,
  flows: ReadonlyMap<string, Flow>,
): boolean {
  const frame = topFrame(state)!
  Object.assign(frame.slots, answers)
  return firstUnmet(flows.get(frame.flow)!, frame)?.step.key === state.awaiting?.step
}

/** Waits for the answer to a question; one that is asked again remembers how often it was missed. */
export function awaitingAnswer(step: string, item: number | null, before: Awaiting | null): Awaiting {
  return before?.step === step && before.item === item ? before : { step, item, misses: 0 }
}

/** Steps whose answers may be changed now, with the reply keys of what they are called. */
export function changeableSteps(flow: Flow, frame: Frame): { step: string; label: string; named: string }[] {
  return flow.steps.flatMap(each =>
    'ask' in each && each.changeable && isAnswered(frame, each)
      ? [{ step: each.key, label: `${each.key}.change`, named: `${each.key}.named` }]
      : [],
  )
}

/** Did the flow already do something that it told? */
export function hasActed(flow: Flow, frame: Frame): boolean {
  return flow.steps.some(each => 'do' in each && each.outcomes[frame.done[each.key] ?? ''] === 'said')
}
