import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { formatCaseNumber } from '../cases/case-number.ts'
import { type ChoiceRef, type Params, type Reply, reply } from '../conversation/reply.ts'
import { type ConversationState, expectAnswer } from '../conversation/state.ts'
import type { Locale } from '../language/understanding.ts'
import { aboutOf } from './about-of.ts'
import { stepName } from './application-words.ts'
import { caseCard } from './case-card.ts'
import type { Line } from './line.ts'

/** What is told: an event in its case, as the case is now. */
export interface Told {
  case: Case
  /** The case that is handled for this one, when it has joined another. */
  handled: Case | null
  event: CaseEvent
}

/** What a notice asks of the resident, so that whoever simply answers is understood. */
export interface Question {
  flow: string
  step: string
  slots: Record<string, unknown>
  done: Record<string, string>
  /** Taps that answer it. */
  answers: string[]
  /** Said at the end of the notice. */
  asks: string | null
  /** What to tap when something else is under way: it begins the flow by its intent. */
  otherwise: string
}

const FOUND = { 'find-case.find': 'one' }
const INFORMATION = {
  flow: 'add-information',
  step: 'add-information.ask-what',
  slots: { isBare: true },
  done: { ...FOUND, 'add-information.check': 'open' },
  answers: [],
  asks: null,
  otherwise: 'add',
}
const RATING = { flow: 'rate-case', done: { ...FOUND, 'rate-case.check': 'open' }, otherwise: 'rate' }

const QUESTIONS: Readonly<Record<string, Question>> = {
  'resident-asked': INFORMATION,
  'more-asked': INFORMATION,
  replied: {
    ...RATING,
    step: 'rate-case.contacted',
    slots: {},
    answers: ['contacted-yes', 'contacted-no'],
    asks: 'notify.asks-contacted',
  },
  // The centre answered at once: nobody could have come or called.
  answered: {
    ...RATING,
    step: 'rate-case.resolved',
    slots: { contacted: null },
    answers: ['resolved-yes', 'resolved-no'],
    asks: 'notify.asks-resolved',
  },
  // An application ends with a decision: somebody could have come or called.
  concluded: {
    ...RATING,
    step: 'rate-case.contacted',
    slots: {},
    answers: ['contacted-yes', 'contacted-no'],
    asks: 'notify.asks-contacted',
  },
}

/** A shared answer asks what the answer itself asks of whoever it was given to. */
export function questionOf({ type, data }: CaseEvent): Question | undefined {
  return QUESTIONS[type === 'reply-shared' ? (data.reply ? 'replied' : 'answered') : type]
}

/** One message for all that is told, with the question of the latest event that asks one. */
export function noticeReply(
  line: Line,
  told: readonly Told[],
  state: ConversationState,
  locale: Locale,
): { reply: Reply; state: ConversationState } {
  const asking = told.findLast(({ event }) => questionOf(event))
  const question = asking && questionOf(asking.event)!
  const isFree = state.frames.length === 0
  const asks: Params[string] =
    isFree && question?.asks
      ? { is: 'text', key: 'notify.asks', params: { question: textOf(question.asks) } }
      : ''
  const cases = [...new Set(told.map(each => each.case.id))].map(caseId => ({ caseId }))
  const choices = question && asking ? choicesOf(question, asking.event.type, isFree) : []
  const rest = { choices, cases }
  const [only] = told
  const said =
    told.length === 1
      ? reply(`notify.${only!.event.type}`, { ...valuesOf(line, only!, locale), asks }, rest)
      : reply('notify.several', { count: told.length, list: listOf(line, told, locale), asks }, rest)
  if (!question || !asking) return { reply: said, state }
  const { flow, step, slots, done } = question
  return {
    reply: said,
    state: expectAnswer(state, { flow, step, slots: { ...slots, ...askedAbout(asking.case) }, done }),
  }
}

/** What a question about a case is asked again with. */
export function askedAbout(current: Case): Record<string, unknown> {
  const { id: caseId, reply: replied, answer } = current
  return { caseId, about: aboutOf(current), params: { answer: replied?.text ?? answer ?? '' } }
}

function choicesOf({ step, answers, otherwise }: Question, event: string, isFree: boolean): ChoiceRef[] {
  const begins = { id: otherwise, label: textOf(`notify.${event}.choices.${otherwise}`) }
  if (!isFree || answers.length === 0) return [begins]
  return answers.map(id => ({ id, label: textOf(`${step}.choices.${id}`) }))
}

function listOf(line: Line, told: readonly Told[], locale: Locale): Params[string] {
  const items = told.map(each => ({
    is: 'text' as const,
    key: `notify.${each.event.type}`,
    params: { ...valuesOf(line, each, locale), asks: '' },
  }))
  return { is: 'list', items, separator: '\n' }
}

function valuesOf(line: Line, { case: current, handled, event }: Told, locale: Locale): Params {
  const { dueBy, department, statusText } = caseCard(line, current, locale, { handled })
  const { text = '', number = '' } = event.data as { text?: string; number?: string }
  return {
    summary: current.summary,
    department: { is: 'department', id: department },
    due: dueBy ? { is: 'due', at: dueBy } : textOf('due.none'),
    answer: text,
    question: text,
    part: text,
    number: number && formatCaseNumber(number),
    reason: event.reason ?? '',
    status: statusText,
    step: event.type === 'step-passed' ? stepDone(line, current, event, locale) : '',
  }
}

function stepDone(line: Line, { application }: Case, { data }: CaseEvent, locale: Locale): string {
  const step = application?.steps[Number((data as { step?: number }).step)]
  if (!application || !step) return ''
  return line.content.texts.of(locale, 'case.step-passed-named', {
    step: stepName(line, application, step, locale),
  })
}

function textOf(key: string) {
  return { is: 'text' as const, key }
}
