import { isInEmergency } from '../conversation/alarm.ts'
import type { Incoming } from '../conversation/message.ts'
import { reply } from '../conversation/reply.ts'
import { conversationStateSchema, freshState } from '../conversation/state.ts'
import type { Understanding } from '../language/understanding.ts'
import type { EffectContext } from './effect-context.ts'
import { CALL_FLOW } from './hear-for-person.ts'
import type { Line } from './line.ts'
import type { Transaction } from './ports.ts'
import { isStaffed, personIn } from './queue-for-person.ts'
import { runTalk, type Talked } from './run-talk.ts'

/** What is said when something was not understood. */
const LOST = ['repair.not-understood', 'repair.still-not-understood']

/** Answers a message; when it was not understood once too often, and somebody is there, calls a person instead. */
export async function talkOrCall(context: EffectContext, said: Understanding): Promise<Talked> {
  const talked = await runTalk(context, { is: 'said', said })
  const { state, replies } = talked
  const isLost =
    state.misses >= context.line.content.takeOver.rules.unsureTurns &&
    replies.some(({ key }) => LOST.includes(key))
  if (!isLost || isInEmergency(state) || personIn(state) || !isStaffed(context.line)) return talked
  return callPerson({ ...context, because: 'unsure' }, said)
}

async function callPerson(context: EffectContext, said: Understanding): Promise<Talked> {
  const called = await runTalk(context, { is: 'begin', flow: CALL_FLOW, said })
  return {
    ...called,
    state: { ...called.state, misses: 0 },
    replies: [reply(`take-over.${context.because}`), ...called.replies],
  }
}

/** How often the last turns broke down, among a conversation's facts. */
interface BreakdownFacts {
  breakdowns?: number
}

/**
 * A turn broke down. The first time that is only remembered; once too often a person is called, and nothing of what broke is looked at.
 * @returns null when the failure is to be told as one
 */
export async function callAfterBreakdown(
  line: Line,
  tx: Transaction,
  incoming: Incoming,
  settle: (context: EffectContext, talked: Talked) => void,
): Promise<EffectContext | null> {
  const conversation = await tx.conversation(incoming.conversationId)
  if (!conversation) return null
  const { facts } = conversationStateSchema.parse(conversation.state)
  const breakdowns = ((facts as BreakdownFacts).breakdowns ?? 0) + 1
  const isEnough = breakdowns >= line.content.takeOver.rules.breakdowns
  if (!isEnough || personIn(conversation.state) || !isStaffed(line)) {
    const state = { ...(conversation.state as object), facts: { ...facts, breakdowns } }
    tx.saveConversation({ ...conversation, state, version: conversation.version + 1 }, conversation.version)
    return null
  }
  const context: EffectContext = {
    line,
    tx,
    conversation: { ...conversation, state: freshState(withoutBreakdowns(facts)) },
    locale: conversation.locale,
    cases: new Map(),
    news: [],
    because: 'broken',
  }
  settle(context, await callPerson(context, line.understander.understand('', { now: line.clock.now() })))
  return context
}

/** A turn went well: what broke down before is forgotten. */
export function withoutBreakdowns<F extends object>(facts: F): F {
  const { breakdowns: _forgotten, ...rest } = facts as F & BreakdownFacts
  return rest as F
}
