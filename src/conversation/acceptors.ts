import type { Understanding } from '../language/understanding.ts'
import { draftMatter, type Elements, isVague, placeAnswer } from './elements.ts'
import type { AcceptorName, AskStep } from './flow.ts'
import type { ChoiceRef } from './reply.ts'
import type { Slots } from './state.ts'

/** What an answer comes to: values for slots, a refusal to tell, something of the right kind but wrong, or no answer at all. */
export type Answer =
  | { is: 'filled'; slots: Slots }
  | { is: 'declined' }
  | { is: 'invalid'; params: Record<string, string> }
  | { is: 'none' }

export interface AnswerContext {
  elements: Elements
  step: AskStep
  /** The choice that the message picks, by its title, its number, or a plain yes or no. */
  picked: ChoiceRef | null
  /** Would free text here be a request of its own (a strong other intent)? */
  isOtherRequest: boolean
}

type Acceptor = (said: Understanding, context: AnswerContext) => Answer

const NONE: Answer = { is: 'none' }
const DECLINED: Answer = { is: 'declined' }
const DECLINING = ['skip', 'dont-know', 'deny']
const DIALOGUE_ACTS = [
  'affirm',
  'deny',
  'cancel',
  'go-back',
  'repeat',
  'help',
  'skip',
  'dont-know',
  'greeting',
  'thanks',
  'abuse',
  'restart',
  'talk-to-person',
  'complain-about-line',
  'change-language',
]
const LONGEST_PLACE = 80
const WITHOUT_PHONE = /没(?:有)?(?:电话|手机|号码)|不(?:想|方便|愿意?)?(?:留|给|说)|no (?:phone|number)/iu

/** Reads a message as the answer to a question. */
export function acceptAnswer(said: Understanding, context: AnswerContext): Answer {
  if (context.picked?.id === 'skip') return DECLINED
  const answer = acceptors[context.step.accepts](said, context)
  if (answer.is !== 'none') return answer
  return context.step.optional && DECLINING.includes(said.intent.label ?? '') ? DECLINED : NONE
}

const filled = (slots: Slots): Answer => ({ is: 'filled', slots })

const acceptChoice: Acceptor = (_said, { step, picked }) =>
  picked ? filled({ [step.ask]: picked.id }) : NONE

const acceptors: Record<AcceptorName, Acceptor> = {
  matter: (said, { elements, step }) => {
    if (isDialogueAct(said)) return NONE
    return filled({ [step.ask]: said.matters.map(matter => draftMatter(matter, elements)) })
  },
  choice: acceptChoice,
  subject: acceptChoice,
  case: acceptChoice,
  offered: acceptChoice,
  place: (said, { isOtherRequest }) => {
    if (isVague(said.text)) return NONE
    if (said.places.length > 0) return filled(placeAnswer(said))
    if (isOtherRequest || isDialogueAct(said) || [...said.text].length > LONGEST_PLACE) return NONE
    return filled(placeAnswer(said))
  },
  phone: (said, { step }) => {
    const phone = said.phones[0]
    if (phone)
      return filled({ [step.ask]: phone.number, ...(said.personName ? { personName: said.personName } : {}) })
    // A case's number is no phone that is not whole.
    if (valuesIn(said).caseNumber) return NONE
    if (digitsIn(said) >= 5) return { is: 'invalid', params: {} }
    return step.optional && WITHOUT_PHONE.test(said.normalised) ? DECLINED : NONE
  },
  time: (said, { step, picked, isOtherRequest }) => {
    if (picked) return filled({ [step.ask]: picked.id })
    const time = said.times[0]?.text ?? (isOtherRequest || isDialogueAct(said) ? null : said.text.trim())
    return time ? filled({ [step.ask]: time }) : NONE
  },
  text: (said, { step, isOtherRequest }) =>
    isOtherRequest || isDialogueAct(said) ? NONE : filled({ [step.ask]: said.text.trim() }),
  'case-number': (said, { step }) => {
    const found = said.references.find(reference => reference.caseNumber)?.caseNumber
    if (found) return filled({ [step.ask]: found, ...queryCodeIn(said) })
    return digitsIn(said) >= 5 ? { is: 'invalid', params: {} } : NONE
  },
  'query-code': (said, { step }) => {
    // Another number instead of the code: that one is looked for.
    const number = said.references.find(reference => reference.caseNumber)?.caseNumber
    if (number) return filled({ caseNumber: number, ...queryCodeIn(said) })
    const found = queryCodeIn(said)
    if (found.queryCode) return filled({ [step.ask]: found.queryCode })
    return /^[0-9a-z]{5,12}$/i.test(said.normalised.replace(/\s/g, '')) ? { is: 'invalid', params: {} } : NONE
  },
}

/** Values that any message may carry along, whatever was asked. */
export function valuesIn(said: Understanding): Slots {
  const number = said.references.find(reference => reference.caseNumber)?.caseNumber
  return {
    ...(said.phones[0] ? { phone: said.phones[0].number } : {}),
    ...(said.personName ? { personName: said.personName } : {}),
    ...(number ? { caseNumber: number } : {}),
    ...queryCodeIn(said),
  }
}

/** Is the message only a move in the conversation, not content? */
export function isDialogueAct(said: Understanding): boolean {
  return said.isBlank || DIALOGUE_ACTS.includes(said.intent.label ?? '')
}

function queryCodeIn(said: Understanding): { queryCode?: string } {
  const code = said.references.find(reference => reference.queryCode)?.queryCode
  return code ? { queryCode: code } : {}
}

function digitsIn(said: Understanding): number {
  return said.normalised.replace(/\D/g, '').length
}
