import type { Understanding } from '../language/understanding.ts'
import { type AboutCase, mayBeOfCase } from './about-case.ts'
import { isTakenBack } from './alarm.ts'
import type { ArbitrationContext, Decision } from './decision.ts'
import { draftMatter, type Elements } from './elements.ts'
import type { Flow } from './flow.ts'
import { type ConversationState, type Frame, type Slots, topFrame } from './state.ts'

/** The flow of whoever says how it went without being asked. */
const TELLS_OUTCOME = 'tell-outcome'

/**
 * "解决了" and "没修好" answer what is asked of how it went, all of it that they say and in whatever order it is asked; out of the blue
 * they mean a case of the person's.
 */
export function toldOutcome(
  state: ConversationState,
  said: Understanding,
  { flows, question, elements }: Pick<ArbitrationContext, 'flows' | 'question' | 'elements'>,
  isAtRest: boolean,
): Decision | null {
  if (!said.outcome || isOfAlarm(state, said)) return null
  const frame = topFrame(state)
  // What is said where words are asked for are those words.
  if (question?.step.accepts === 'text') return null
  const flow = frame && flows.get(frame.flow)
  const isOther = frame?.slots.about !== undefined && !isAbout(said, frame.slots.about as AboutCase, elements)
  const isAsked = question?.step.accepts === 'choice' && flow && !isOther
  const told = isAsked ? outcomeFor(said, flow, frame) : {}
  if (question && told[question.step.ask] !== undefined)
    return { do: 'answer', answer: { is: 'filled', slots: told } }
  if (question && Object.keys(told).length > 0) return { do: 'note', slots: told }
  const isOneThing = (said.matters.length === 1 || !said.outcome.isMoreTold) && said.references.length === 0
  return said.outcome.resolved !== undefined && isOneThing && isAtRest
    ? { do: 'begin', flow: TELLS_OUTCOME, text: null }
    : null
}

function isAbout({ matters, outcome }: Understanding, about: AboutCase, elements: Elements): boolean {
  return matters.every(each => mayBeOfCase(draftMatter(each, elements), outcome?.isMoreTold === true, about))
}

/** "没事了" after an alarm takes the alarm back. */
function isOfAlarm(state: ConversationState, said: Understanding): boolean {
  return (
    isTakenBack(state, said) || (state.facts.emergency !== undefined && said.intent.label === 'all-clear')
  )
}

/**
 * What a message says of how a case went, as answers to the questions of `dialogs/rate-case.yaml`. Who says at once that it is not
 * solved and why is asked neither.
 */
export function outcomeIn({ outcome, text }: Pick<Understanding, 'outcome' | 'text'>): Slots {
  if (!outcome) return {}
  const { resolved, contacted, satisfied, isMoreTold } = outcome
  const isBad = resolved === false || satisfied === 'dissatisfied' || satisfied === 'very-dissatisfied'
  return {
    ...(resolved === undefined ? {} : { resolved: resolved ? 'resolved-yes' : 'resolved-no' }),
    ...(contacted === undefined ? {} : { contacted: contacted ? 'contacted-yes' : 'contacted-no' }),
    ...(satisfied === undefined ? {} : { satisfied }),
    ...(isBad && isMoreTold ? { why: text.trim() } : {}),
  }
}

/** Of what a message says of the outcome, that which the running flow asks for and does not know yet, and why it is so. */
function outcomeFor(said: Understanding, { steps }: Pick<Flow, 'steps'>, { slots }: Frame): Slots {
  const asked = new Set(steps.flatMap(step => ('ask' in step ? [step.ask] : [])))
  const { why, ...outcome } = outcomeIn(said)
  const told = Object.entries(outcome).filter(([slot]) => asked.has(slot) && slots[slot] === undefined)
  return { ...Object.fromEntries(told), ...(told.length > 0 && why !== undefined ? { why } : {}) }
}
