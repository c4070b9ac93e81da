import { type ReplyConcern, reviewReply } from '../assist/review-reply.ts'
import { applyEvent, type Case } from '../cases/case.ts'
import { type Actor, type CaseEvent, chain } from '../cases/case-event.ts'
import { formatCaseNumber } from '../cases/case-number.ts'
import { decide } from '../cases/decide.ts'
import { conversationStateSchema, freshState } from '../conversation/state.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { caseCard } from './case-card.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import { publicHistory } from './look-up-case.ts'
import { noticeReply } from './notice-reply.ts'
import type { Account, Person, Transaction } from './ports.ts'
import { renderReply } from './render-reply.ts'
import { maySee, sightIn, viewOf } from './role-views.ts'
import { sayInText } from './say-in-text.ts'
import { actorOf, type Standing } from './work-at-desk.ts'

/** What the resident would read, and what should perhaps not stand there. */
export interface ReplyPreview {
  /** Their language, in which all of it is. */
  locale: Locale
  channelName: string
  /** What is said in their conversation; `choices` as buttons where the channel has them, in `asText` as on a channel without. */
  chat: { text: string; choices: string[]; asText: string }
  /** The short message that goes out when nobody is in the conversation; it never says what the matter is. */
  sms: string
  status: { statusText: string; stageName: string; said: string; files: number }
  concerns: ReplyConcern[]
}

/** A reply, or a question to the resident, that is not sent yet. */
export interface ReplyDraft {
  action: 'reply' | 'ask-resident'
  as?: Standing | undefined
  input: unknown
  reason: string | null
}

/**
 * Decides a reply (or a question to the resident) as if it were sent now, writes nothing, and says it by the very ways by which it would be told.
 * @throws AppError `case-not-found`, and what `decide` refuses
 */
export async function previewReply(
  line: Line,
  account: Account,
  caseId: string,
  draft: ReplyDraft,
): Promise<ReplyPreview> {
  return line.store.transact(async tx => {
    const found = await tx.caseById(caseId)
    if (!found || !maySee(line, account, found.case)) throw new AppError('case-not-found')
    const isPersonOpen = sightIn(viewOf(line, account), found.case).person === 'asked'
    const { after, event } = asIfDone(line, found.case, draft, actorOf(account, draft.as))
    const [person, handled, conversation] = await Promise.all([
      tx.personOf(caseId),
      handledFor(tx, after),
      conversationOf(tx, caseId),
    ])
    const locale = conversation?.locale ?? 'zh-Hans'
    const state = conversation ? conversationStateSchema.parse(conversation.state) : freshState()
    const { reply } = noticeReply(line, [{ case: after, handled, event }], state, locale)
    const outgoing = renderReply(line, reply, locale, new Map([[after.id, after]]))
    const texts = (key: string, params?: Record<string, string>) => line.content.texts.of(locale, key, params)
    const card = caseCard(line, after, locale, { handled })
    const said = String((event.data as { text?: unknown }).text ?? '')
    return {
      locale,
      channelName: line.names.channel(after.channel, locale),
      chat: {
        text: outgoing.text,
        choices: outgoing.choices.map(({ title }) => title),
        asText: sayInText([outgoing], texts),
      },
      sms: smsOf(line, after, event, locale),
      status: {
        statusText: card.statusText,
        stageName: card.stageName,
        said: publicHistory(line, [event], locale).at(-1)?.text ?? '',
        files: after.reply?.attachments?.filter(({ isPublic }) => isPublic).length ?? 0,
      },
      // Whoever may not know who told of it is not told by guesses either.
      concerns: reviewReply(said, knowledgeOf(line, isPersonOpen ? person : null)),
    }
  })
}

function asIfDone(line: Line, current: Case, { action, input, reason }: ReplyDraft, actor: Actor) {
  const fact = decide(current, { action, actor, input, reason, at: line.clock.now() }, line.policy)
  const event: CaseEvent = chain(current.id, { seq: current.version, hash: current.hash }, fact)
  return { after: applyEvent(current, event), event }
}

async function conversationOf(tx: Transaction, caseId: string) {
  const id = await tx.conversationOf(caseId)
  return id === null ? null : tx.conversation(id)
}

function smsOf(line: Line, current: Case, event: CaseEvent, locale: Locale): string {
  const { texts, city } = line.content
  return texts.of(locale, `sms.${event.type}`, {
    line: line.names.line(locale),
    number: formatCaseNumber(current.number),
    department: line.names.department(current.dispatch?.lead ?? '', locale),
    where: texts.of(locale, 'sms.where-phone', { phone: city.line.phone }),
  })
}

function knowledgeOf({ content }: Line, person: Person | null) {
  const { phrases, departments, city } = content
  const publicPhones = [city.line.phone, ...[...departments.values()].map(({ phone }) => phone)]
  return {
    reporter: person && { name: person.name, organisation: person.organisation, phone: person.phone },
    internalWords: phrases.internalWords,
    publicPhones,
  }
}
