import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import type { Conversation } from '../conversation/message.ts'
import {
  type ConversationState,
  conversationStateSchema,
  expectAnswer,
  topFrame,
} from '../conversation/state.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import { personIds } from './hear-message.ts'
import type { Line } from './line.ts'
import { askedAbout, type Question, questionOf } from './notice-reply.ts'
import { newConversation } from './open-conversation.ts'
import type { Transaction } from './ports.ts'
import { mobileNumber, SMS, smsPerson } from './sms-person.ts'

const FLOW = 'rate-case'
/** Of so many cases that they were told of by SMS people may speak there. */
const MOST_TOLD = 10

/** A short message that asks how it went. */
export interface Asked {
  /** Says how to answer by SMS. */
  howTo: string
  /** Writes the message down in the conversation of that number, where the answer will be heard. */
  keep(message: { key: string; text: string }): void
}

/** What is about to be sent, by which external id its repeat is known. */
interface Notified {
  phone: string
  current: Case
  event: CaseEvent
  locale: Locale
  externalId: string
}

/**
 * Makes ready for an answer by SMS to a notice that asks how it went. Whoever has the number that the case's owner left has a
 * conversation of its own; the latest case that was told there is the one that a bare answer means.
 * @returns null when the notice asks nothing of the kind, or no message can come back from that number
 */
export async function askBySms(
  line: Line,
  tx: Transaction,
  { phone, current, event, locale, externalId }: Notified,
): Promise<Asked | null> {
  const question = questionOf(event)
  const number = mobileNumber(phone)
  if (question?.flow !== FLOW || !number) return null
  const { conversationId: id, userId } = personIds(line, smsPerson(number))
  const known = await tx.conversation(id)
  const opened = known ? null : newConversation(line, { id, channel: SMS, userId, locale, phone: number })
  const conversation = known ?? opened!.conversation
  const isKept = known !== null && (await tx.earlierTurn(id, externalId)) !== null
  const before = conversationStateSchema.parse(conversation.state)
  const state = isKept ? before : expecting(before, question, current)
  const isOpen = topFrame(state)?.slots.caseId === current.id && topFrame(state)?.flow === FLOW
  const howTo = isOpen ? `sms.how-to.${question.step}` : 'sms.how-to.later'
  return {
    howTo: line.content.texts.of(locale, howTo),
    keep({ key, text }) {
      if (isKept) return
      const entry = entryOf(line, conversation, { key, text, externalId })
      tx.addTranscript(opened ? [opened.greeting, entry] : [entry])
      const { version, lastSeq } = conversation
      tx.saveConversation(
        known
          ? { ...conversation, state, lastSeq: lastSeq + 1, version: version + 1, changedAt: entry.at }
          : { ...conversation, state, lastSeq: lastSeq + 1 },
        known ? version : null,
      )
    },
  }
}

/** An older question of this kind that nobody has begun to answer makes way for this one; anything else that is being talked about does not. */
function expecting(state: ConversationState, question: Question, current: Case): ConversationState {
  const { id: caseId } = current
  const frame = topFrame(state)
  const isUntouched = frame?.flow === FLOW && frame.answered.length === 0 && state.frames.length === 1
  const free = isUntouched ? { ...state, frames: [], awaiting: null } : state
  const { flow, step, slots, done } = question
  // Whether it can still be rated is looked at when the answer comes.
  const { 'rate-case.check': _, ...found } = done
  const told = [...toldCases(state.facts).filter(id => id !== caseId), caseId].slice(-MOST_TOLD)
  const knowing = { ...free, facts: { ...free.facts, toldCases: told } }
  return expectAnswer(knowing, { flow, step, slots: { ...slots, ...askedAbout(current) }, done: found })
}

/** Cases that somebody was told of by SMS and may rate there, the latest last; from facts or slots. */
export function toldCases({ toldCases: told }: { toldCases?: unknown }): string[] {
  return Array.isArray(told) ? told.map(String) : []
}

function entryOf(
  line: Line,
  { id: conversationId, lastSeq }: Conversation,
  { key, text, externalId }: { key: string; text: string; externalId: string },
) {
  const at = line.clock.now()
  return {
    conversationId,
    seq: lastSeq + 1,
    id: newId(at, line.chance),
    from: 'line' as const,
    at,
    replyTo: null,
    externalId,
    body: { key, text, choices: [], cards: [], expects: 'text' as const },
  }
}
