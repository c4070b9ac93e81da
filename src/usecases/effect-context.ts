import type { Case } from '../cases/case.ts'
import type { Actor } from '../cases/case-event.ts'
import type { CaseCard, Conversation } from '../conversation/message.ts'
import type { CallReason } from '../conversation/take-over.ts'
import type { Locale } from '../language/understanding.ts'
import { actOnCase } from './act-on-case.ts'
import { caseCard } from './case-card.ts'
import type { Line } from './line.ts'
import type { BusMessage, Transaction } from './ports.ts'

/** Where an effect happens: one turn of one conversation, inside its transaction. */
export interface EffectContext {
  line: Line
  tx: Transaction
  conversation: Conversation
  locale: Locale
  /** Every case that the turn touched or shows, by id. */
  cases: Map<string, Case>
  /** What else to tell the live bus when all is written. */
  news: BusMessage[]
  /** Why a person is called, when it is not the resident who asks. */
  because?: CallReason
}

/** A case of this turn, changed by the resident. */
export function act(
  context: EffectContext,
  current: Case,
  action: Parameters<typeof actOnCase>[3]['action'],
  input: unknown,
): Case {
  const { case: after } = actOnCase(context.line, context.tx, current, {
    action,
    actor: residentOf(context),
    input,
  })
  context.cases.set(after.id, after)
  return after
}

/** The person of this conversation, as an event names them. */
export function residentOf({ line, conversation }: EffectContext): Actor {
  return { role: 'resident', id: line.pseudonym(conversation.channel, conversation.userId) }
}

/** The case that is handled for this one: itself, unless it was joined to another. */
export function handledCase({ cases }: EffectContext, current: Case): Case {
  return (current.state === 'joined' && cases.get(current.joined!.to)) || current
}

/** A case of this turn as its card shows it. */
export function cardOf(context: EffectContext, current: Case): CaseCard {
  const handled = handledCase(context, current)
  return caseCard(context.line, current, context.locale, { handled })
}
