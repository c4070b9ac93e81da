import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import { formatCaseNumber } from '../cases/case-number.ts'
import type { Conversation, TranscriptEntry } from '../conversation/message.ts'
import { type Params, type Reply, reply } from '../conversation/reply.ts'
import { conversationStateSchema, expectAnswer } from '../conversation/state.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import { caseCard, leadOf } from './case-card.ts'
import type { Line } from './line.ts'
import type { Job } from './ports.ts'
import { renderReply } from './render-reply.ts'

/** Choices under a notification; tapping one says its title, as everywhere. */
const CHOICES: Record<string, string[]> = {
  replied: ['rate'],
  answered: ['rate'],
  'resident-asked': ['add'],
  'more-asked': ['add'],
}

/**
 * Tells a resident what happened to their case, in the conversation in which it was filed. Delivered twice, it is told once: the
 * job's key is the entry's external id.
 */
export async function deliverNotification(
  line: Line,
  job: { key: string; data: Job['data'] },
): Promise<void> {
  const { caseId, seq } = job.data
  const told = await line.store.transact(async tx => {
    const stored = await tx.caseById(caseId)
    const conversationId = await tx.conversationOf(caseId)
    const event = stored?.events.find(each => each.seq === seq)
    const conversation = conversationId === null ? null : await tx.conversation(conversationId)
    if (!stored || !event || !conversation) return null
    if (await tx.earlierTurn(conversation.id, job.key)) return null

    const at = line.clock.now()
    const entry: TranscriptEntry = {
      conversationId: conversation.id,
      seq: conversation.lastSeq + 1,
      id: newId(at, line.chance),
      from: 'line',
      at,
      replyTo: null,
      externalId: job.key,
      body: renderReply(
        line,
        notice(line, stored.case, event, conversation.locale),
        conversation.locale,
        new Map([[caseId, stored.case]]),
      ),
    }
    tx.addTranscript([entry])
    tx.saveConversation(
      {
        ...conversation,
        state: stateAfter(conversation, event),
        lastSeq: entry.seq,
        version: conversation.version + 1,
        changedAt: at,
      },
      conversation.version,
    )
    return entry
  })
  if (told) line.bus.publish([{ topic: 'conversation', conversationId: told.conversationId, seq: told.seq }])
}

/** A department's question is open from now on: whoever simply answers it is understood. */
function stateAfter({ state }: Conversation, event: CaseEvent): unknown {
  if (event.type !== 'resident-asked' && event.type !== 'more-asked') return state
  return expectAnswer(conversationStateSchema.parse(state), {
    flow: 'add-information',
    step: 'add-information.ask-what',
    slots: { caseId: event.caseId, isBare: true },
    done: { 'find-case.find': 'one', 'add-information.check': 'open' },
  })
}

function notice(line: Line, current: Case, event: CaseEvent, locale: Locale): Reply {
  const { dueBy } = caseCard(line, current, locale)
  const { text = '', number = '' } = event.data as { text?: string; number?: string }
  const values: Record<string, Params[string]> = {
    summary: current.summary,
    department: { is: 'department', id: leadOf(line, current) },
    due: dueBy ? { is: 'due', at: dueBy } : { is: 'text', key: 'due.none' },
    answer: text,
    question: text,
    part: text,
    number: number && formatCaseNumber(number),
    reason: event.reason ?? '',
  }
  const choices = (CHOICES[event.type] ?? []).map(id => ({
    id,
    label: { is: 'text' as const, key: `notify.${event.type}.choices.${id}` },
  }))
  return reply(`notify.${event.type}`, values, { choices, cases: [{ caseId: current.id }] })
}
