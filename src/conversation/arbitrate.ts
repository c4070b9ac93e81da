import { areNearSubjects } from '../kernel/subject-path.ts'
import type { Matter, Understanding } from '../language/understanding.ts'
import { acceptAnswer, isDialogueAct } from './acceptors.ts'
import { isAlarm, isInEmergency, isTakenBack } from './alarm.ts'
import type { ArbitrationContext, Decision } from './decision.ts'
import { isVague } from './elements.ts'
import type { AskStep } from './flow.ts'
import { isGivenUp } from './giving-up.ts'
import { isMerePlace, isSure, SURE } from './hearing.ts'
import { pickChoice, plain } from './pick-choice.ts'
import type { ChoiceRef, MatterDraft } from './reply.ts'
import { sentPlace } from './sent-place.ts'
import { type ConversationState, topFrame } from './state.ts'
import { toldOutcome } from './told-outcome.ts'

/** From this confidence on, another request interrupts the running flow. */
const INTERRUPTS = 0.6
/** Nothing shorter than this adds a matter on its own. */
const SHORTEST_TOLD = 6
/** Below this, an intent is not even offered. */
const OFFERED = 0.2
/** Nothing shorter is another matter; a name or a place is. */
const LONGER_THAN_NAME = 8
/** An unannounced other matter in place of an answer is told at more length than an answer, or in several clauses. */
const LONGER_THAN_ANSWER = 20
/** A correction that only names what is wrong is short. */
const SHORT = 20
/** "水停了", "灯坏了": short, and all is said. */
const BROKEN = /[停坏断漏堵塌]/u
const VERY_SURE = 0.9
/** So much is told of a matter only, whatever it is about. */
const TOLD_AT_LENGTH = 30
/** How people begin with another matter. */
const ANNOUNCES =
  /^(?:哎|哦|噢|啊|诶|唉|那个)?[,，\s]*(?:对了|另外|还有|再有|再就是|顺便|此外|我还想|还想|also\b|another\b|besides\b)/iu

/** How people go on about the same. */
const GOES_ON =
  /^(?:天天|每天|每晚|整天|整夜|半夜|晚上|白天|早上|一到|动不动|老是|总是|一直|而且|并且|弄得|搞得|害得|吵得|熏得|导致|结果|他们|它|这|那)/u

/**
 * Decides what a message is to the conversation. In order: a location that was sent; danger to life; a tap on what was offered; repairs; the answer to the
 * open question; another request; a guess worth offering; nothing understood.
 */
export function arbitrate(
  state: ConversationState,
  said: Understanding,
  context: ArbitrationContext,
): Decision {
  if (said.isSentPlace) return sentPlace(state, said, context)
  if (isAlarm(said) && !isInEmergency(state)) return { do: 'emergency' }
  if (said.isBlank) return { do: 'repair', repair: 'blank' }
  return (
    pickClarified(state, said, context) ??
    pickChange(state, said, context) ??
    toldOutcome(state, said, context, isAtRest(state, context)) ??
    answerByTap(said, context) ??
    repairOf(state, said, context) ??
    (isTakenBack(state, said) ? { do: 'begin', flow: 'all-clear', text: null } : null) ??
    notedPlace(state, said, context) ??
    answerOf(said, context) ??
    criedAgain(said) ??
    namedChange(said, context) ??
    otherRequest(state, said, context) ??
    toldMore(state, said, context) ??
    placedAnew(state, said, context) ??
    guess(state, said, context)
  )
}

function answerByTap(said: Understanding, context: ArbitrationContext): Decision | null {
  if (!context.question) return null
  const picked = pickChoice(said, context.question.choices, context.titleOf)
  if (!picked) return null
  const answer = acceptAnswer(said, answerContext(said, context, picked))
  return answer.is === 'filled' || answer.is === 'declined' ? { do: 'answer', answer } : null
}

function repairOf(
  state: ConversationState,
  said: Understanding,
  context: ArbitrationContext,
): Decision | null {
  const repair = isGivenUp(state, said) ? 'cancel' : context.repairOfIntent.get(said.intent.label ?? '')
  if (!repair) return null
  // "我不知道" and "不用了" are answers where a question is open; "取消" is not.
  // "算了，电话138…" gives up the argument, not the matter.
  if (repair === 'cancel' && context.question && isWithValue(said)) return null
  if (repair === 'cancel' && state.frames.length === 0) return { do: 'repair', repair: 'nothing-to-cancel' }
  if (repair === 'change-answer') {
    if (!context.question || isAnsweredAnew(said, context.question.step)) return null
    const named = isWithValue(said) ? null : pickNamed(said, context)
    if (named) return { do: 'change', step: named }
  }
  return { do: 'repair', repair }
}

/** "写错了，是138…" where the phone is asked for is the answer itself. */
function isAnsweredAnew(said: Understanding, { accepts }: AskStep): boolean {
  if (accepts === 'place') return said.places.length > 0
  if (accepts === 'phone') return said.phones.length > 0
  return accepts === 'matter' && [...said.text].length >= LONGER_THAN_NAME
}

/** "雷锋路5号" and nothing else: where something is the matter, and not what. */
function notedPlace(
  state: ConversationState,
  said: Understanding,
  { question }: ArbitrationContext,
): Decision | null {
  const isAwaited = question
    ? question.step.accepts === 'matter' || (question.step.lapses && question.step.accepts === 'choice')
    : state.frames.length === 0
  return isAwaited && isMerePlace(said) && !isVague(said.text) ? { do: 'note-place' } : null
}

function answerOf(said: Understanding, context: ArbitrationContext): Decision | null {
  if (!context.question || isChoiceElsewhere(said, context)) return null
  const answer = acceptAnswer(said, answerContext(said, context, null))
  if (answer.is === 'filled' || answer.is === 'declined') return { do: 'answer', answer }
  return answer.is === 'invalid' ? { do: 'invalid', params: answer.params } : null
}

/** Danger told again while it is being filed belongs to the same emergency, whatever is asked just then. */
function criedAgain(said: Understanding): Decision | null {
  return isAlarm(said) ? { do: 'emergency' } : null
}

/**
 * "不留电话" where the place is asked for: what may be tapped at another question is no text of one's own. A plain "不用了" is an
 * answer anywhere.
 */
function isChoiceElsewhere(said: Understanding, { flows, titleOf }: ArbitrationContext): boolean {
  const spoken = plain(said.text)
  const titles = [...flows.values()].flatMap(({ steps }) =>
    steps.flatMap(step =>
      'ask' in step
        ? step.choices
            .filter(({ id }) => id === 'skip' || !isDialogueAct(said))
            .map(({ id }) => titleOf({ id, label: { is: 'text', key: `${step.key}.choices.${id}` } }))
        : [],
    ),
  )
  return titles.some(title => plain(title) === spoken)
}

function answerContext(said: Understanding, context: ArbitrationContext, picked: ChoiceRef | null) {
  const { step } = context.question!
  return { elements: context.elements, step, picked, isOtherRequest: isOtherRequest(said, context) }
}

/** A confident wish for something other than telling a matter; a told matter is one only when it is told at length. */
function isOtherRequest(said: Understanding, context: ArbitrationContext): boolean {
  const { label, confidence } = said.intent
  if (label === null || confidence < INTERRUPTS || !context.flowOfIntent.has(label)) return false
  // "不满意，一个电话都没接到" where it is asked what was bad is just that.
  if (said.outcome && context.question?.step.accepts === 'text') return false
  if (label !== 'file-matter' && label !== 'emergency') return true
  // What is told while details are asked for is the detail.
  if (context.question?.step.accepts === 'text') return false
  if (ANNOUNCES.test(said.normalised)) return true
  const length = [...said.text].length
  const isClauses = length >= LONGER_THAN_NAME && /[,，。;；!！?？]/u.test(said.text.trim().slice(0, -1))
  return said.places.length === 0 && said.matters.some(isSure) && (length >= LONGER_THAN_ANSWER || isClauses)
}

function otherRequest(
  state: ConversationState,
  said: Understanding,
  context: ArbitrationContext,
): Decision | null {
  const flow = numberOf(state, said, context) ?? flowFor(state, said, context)
  if (!flow) return null
  if (isAtRest(state, context)) return { do: 'begin', flow, text: null }
  if (said.intent.confidence < INTERRUPTS) return null
  if (flow !== topFrame(state)?.flow) return { do: 'begin', flow, text: null }
  // Asked again for what is being done: the open question stands.
  return flow === 'file-matter' ? null : { do: 'repair', repair: 'repeat' }
}

/** A case number said out of the blue asks how the case stands. */
function numberOf(state: ConversationState, said: Understanding, context: ArbitrationContext): string | null {
  const isNumber = said.references.some(reference => reference.caseNumber)
  return isNumber && said.intent.label === null && isAtRest(state, context) ? 'check-case' : null
}

/** The flow that a message asks for. */
function flowFor(
  { facts }: ConversationState,
  said: Understanding,
  { flowOfIntent }: ArbitrationContext,
): string | undefined {
  const flow = flowOfIntent.get(said.intent.label ?? '')
  // Whether there is danger is never a guess: only its cues say so, and they came first.
  // "没有危险，就是路灯坏了": where no alarm was raised it only says how urgent the matter is.
  const isTelling =
    flow === 'all-clear' &&
    !facts.emergency &&
    said.matters.some(isSure) &&
    [...said.text].length >= LONGER_THAN_NAME
  return flow === 'emergency' || flow === 'file-matter' || isTelling ? filingOf(said) : flow
}

/** A question is looked up in the knowledge before it is filed. */
function filingOf({ matters }: Understanding): string {
  const isQuestion = matters.every(
    ({ requestType }) => requestType.label === 'consultation' && requestType.confidence >= SURE,
  )
  return isQuestion ? 'ask-guidance' : 'file-matter'
}

/** Nothing runs that the person would have to come back to. */
function isAtRest(state: ConversationState, { question }: ArbitrationContext): boolean {
  return state.frames.length === 0 || question?.step.lapses === true
}

/** While something is being filed, more is told: another matter, or more of the same. */
function toldMore(
  state: ConversationState,
  said: Understanding,
  context: ArbitrationContext,
): Decision | null {
  const frame = topFrame(state)
  // Told in other words instead of choosing: what is said together may be clear.
  const isAskedForSubject = context.question?.step.accepts === 'subject' && said.places.length === 0
  const isToldAnew =
    !isDialogueAct(said) && said.phones.length === 0 && [...said.text].length >= LONGER_THAN_NAME
  if (isAskedForSubject && isToldAnew) return { do: 'tell-more' }
  if (frame?.flow !== 'file-matter' || !isTold(said)) return null
  const known = (frame.slots.matters ?? []) as MatterDraft[]
  const isLong = [...said.text].length >= LONGER_THAN_NAME
  const isCourse = said.places.length === 0 && GOES_ON.test(said.normalised)
  const isNew = (matter: Matter) =>
    isSure(matter) && !isCourse && known.every(({ subject }) => subject !== null && !isNear(subject, matter))
  if (isLong && (ANNOUNCES.test(said.normalised) || said.matters.some(isNew))) return { do: 'add-matter' }
  const isMore = said.matters.some(
    matter => isSure(matter) || known.some(({ subject }) => isNear(subject, matter)),
  )
  return isMore && known.length > 0 ? { do: 'tell-more' } : null
}

/** A mere place where everything is summed up corrects that of a matter: "我家在锦绣花园1号楼". */
function placedAnew(
  state: ConversationState,
  said: Understanding,
  { question }: ArbitrationContext,
): Decision | null {
  const matters = (topFrame(state)?.slots.matters ?? []) as MatterDraft[]
  const isMere = said.places.length > 0 && said.intent.candidates.length === 0
  const isOpen = matters.some(({ place }) => !place)
  return question?.step.ask === 'confirmed' && isMere && !isOpen
    ? { do: 'repair', repair: 'change-answer' }
    : null
}

/** "部门不对" under a summary names what is to be changed, whatever else it may look like. */
function namedChange(said: Understanding, context: ArbitrationContext): Decision | null {
  if (context.question?.step.accepts !== 'choice' || [...said.text].length > SHORT) return null
  const named = pickNamed(said, context)
  if (!named) return null
  return isWithValue(said) ? { do: 'repair', repair: 'change-answer' } : { do: 'change', step: named }
}

/** Of the same class, down to the second level. */
function isNear(subject: string | null, { subject: { label } }: Matter): boolean {
  return subject !== null && label !== null && areNearSubjects(subject, label)
}

function guess(state: ConversationState, said: Understanding, context: ArbitrationContext): Decision {
  const isFree = isAtRest(state, context)
  if (!isFree && !(topFrame(state)?.flow !== 'file-matter' && said.matters.some(isSure)))
    return { do: 'not-understood' }
  if (isTold(said)) return { do: 'begin', flow: filingOf(said), text: null }
  if (!isFree) return { do: 'not-understood' }
  const offered = said.intent.candidates.filter(
    ({ label, confidence }) =>
      confidence >= OFFERED && label !== 'emergency' && context.flowOfIntent.has(label),
  )
  const intents = [...new Set(offered.map(candidate => candidate.label))].slice(0, 3)
  // That there may be something to file is no help: it is what the line asks for anyway.
  const isHelpful = intents.some(intent => intent !== 'file-matter')
  return isHelpful && !isDialogueAct(said) ? { do: 'clarify', intents } : { do: 'not-understood' }
}

/** Something of which the line knows what it is about, that is told at length, or that can be nothing else. */
function isTold(said: Understanding): boolean {
  const length = [...said.text].length
  if (isDialogueAct(said)) return false
  if (length < SHORTEST_TOLD)
    return length >= 3 && BROKEN.test(said.normalised) && said.matters.some(isVerySure)
  if (said.matters.some(matter => matter.subject.label !== null) || length >= TOLD_AT_LENGTH) return true
  const [first, second] = said.intent.candidates
  const isOnlyMatter = first?.label === 'file-matter' && first.confidence >= OFFERED
  return length >= LONGER_THAN_NAME && isOnlyMatter && (second?.confidence ?? 0) < first.confidence / 4
}

function isVerySure({ subject }: Matter): boolean {
  return subject.label !== null && subject.confidence >= VERY_SURE
}

function pickClarified(
  state: ConversationState,
  said: Understanding,
  context: ArbitrationContext,
): Decision | null {
  if (!state.clarifying) return null
  const choices = state.clarifying.intents.map((id): ChoiceRef => ({ id, label: { is: 'intent', id } }))
  const picked = pickChoice(said, choices, context.titleOf)
  return picked
    ? { do: 'begin', flow: context.flowOfIntent.get(picked.id)!, text: state.clarifying.text }
    : null
}

function pickChange(
  state: ConversationState,
  said: Understanding,
  context: ArbitrationContext,
): Decision | null {
  if (!state.isChoosingChange) return null
  const choices = context.changeable.map(({ step, label }): ChoiceRef => ({ id: step, label }))
  const step = pickChoice(said, choices, context.titleOf)?.id
  if (step) return { do: 'change', step }
  // The new value itself: "建设路5号", a phone number.
  if (isWithValue(said)) return { do: 'repair', repair: 'change-answer' }
  const named = pickNamed(said, context)
  return named ? { do: 'change', step: named } : null
}

function isWithValue(said: Understanding): boolean {
  return said.places.length > 0 || said.phones.length > 0
}

/** The answer that a message names without giving a new one: "地址写错了", "电话不对". */
function pickNamed(said: Understanding, { changeable, titleOf }: ArbitrationContext): string | null {
  const spoken = plain(said.text)
  const isNamed = ({ step, named }: ArbitrationContext['changeable'][number]) =>
    titleOf({ id: step, label: { is: 'text', key: named } })
      .split(/[、,]/u)
      .some(word => spoken.includes(plain(word)))
  const all = changeable.filter(isNamed)
  return all.length === 1 ? all[0]!.step : null
}
