import type { Case } from '../cases/case.ts'
import type { TranscriptEntry } from '../conversation/message.ts'
import { conversationStateSchema } from '../conversation/state.ts'
import {
  afterQuietHours,
  isWanted,
  type ResidentRule,
  residentRuleOf,
} from '../followup/notification-rules.ts'
import { MINUTE } from '../kernel/clock.ts'
import { newId } from '../kernel/ids.ts'
import { callAbout } from './call-resident.ts'
import type { Job } from './job.ts'
import { handledFor } from './join-neighbours.ts'
import type { Line } from './line.ts'
import type { Notice, NoticeEnd } from './notice-ports.ts'
import { noticeReply, type Told } from './notice-reply.ts'
import type { BusMessage, Person, Transaction } from './ports.ts'
import { renderReply } from './render-reply.ts'
import { isPressing, noticeKey } from './tell-of-event.ts'
import { tryAgainOnConflict } from './try-again.ts'

/** Which ways there are besides the conversation itself. */
export interface Reach {
  hasSms: boolean
  /** Channels on which the line writes to people, wherever they are. */
  pushes?: ReadonlySet<string>
}

/** A notice with what it is about, and the rule by which it is told. */
interface Item extends Told {
  notice: Notice
  rule: ResidentRule
}

/**
 * Tells a resident what happened to their cases: all that waits for them becomes one message in the conversation in which it was
 * filed; whoever is not there is told by SMS, or else called. That it was told is written with the message, so
 * that it is told once, however often and wherever this is worked.
 */
export async function deliverNotification(
  line: Line,
  job: { key: string; data: Job['data'] },
  reach: Reach = { hasSms: false },
): Promise<void> {
  const news = await tryAgainOnConflict(line, () => line.store.transact(tx => deliver(line, tx, job, reach)))
  line.bus.publish(news)
}

async function deliver(
  line: Line,
  tx: Transaction,
  job: { key: string; data: Job['data'] },
  reach: Reach,
): Promise<BusMessage[]> {
  const { caseId, seq } = job.data
  const waiting = await tx.notices.waiting(caseId)
  // Told already, together with another.
  if (!waiting.some(notice => notice.caseId === caseId && notice.seq === seq)) return []
  const now = line.clock.now()
  const wants = await tx.notices.wants(caseId)
  const items = await itemsOf(line, tx, waiting)
  const wanted = items.filter(({ rule }) => isWanted(rule, wants))
  const unwanted = waiting.filter(notice => !wanted.some(item => item.notice === notice))
  tx.notices.settle(unwanted, 'unwanted', now)

  const morning = afterQuietHours(line.content.notifications, now)
  const isQuiet = morning > now
  const ripe = wanted.filter(item => !isQuiet || isPressing(item.rule, item.case))
  const later = wanted.find(({ notice }) => noticeKey(notice) === job.key.split('@')[0])
  if (later && !ripe.includes(later)) {
    const key = `${noticeKey(later.notice)}@${morning.toISOString()}`
    tx.enqueue([{ name: 'notify-resident', key, data: job.data, startAfter: morning }])
  }
  return ripe.length === 0 ? [] : tell(line, tx, ripe, job.key, reach)
}

async function itemsOf(line: Line, tx: Transaction, waiting: readonly Notice[]): Promise<Item[]> {
  const cases = new Map<string, Awaited<ReturnType<Transaction['caseById']>>>()
  for (const { caseId } of waiting) if (!cases.has(caseId)) cases.set(caseId, await tx.caseById(caseId))
  const handledCases = new Map<string, Case | null>()
  for (const [id, stored] of cases) if (stored) handledCases.set(id, await handledFor(tx, stored.case))
  return waiting.flatMap(notice => {
    const stored = cases.get(notice.caseId)
    const event = stored?.events.find(each => each.seq === notice.seq)
    const rule = event && residentRuleOf(line.content.notifications, event)
    const handled = handledCases.get(notice.caseId) ?? null
    return stored && event && rule ? [{ notice, rule, event, case: stored.case, handled }] : []
  })
}

/** By the conversation as far as there is one, and by the ways after it where that does not reach anybody. */
async function tell(
  line: Line,
  tx: Transaction,
  items: readonly Item[],
  key: string,
  reach: Reach,
): Promise<BusMessage[]> {
  const ends = new Map<Item, NoticeEnd>(items.map(item => [item, 'nobody']))
  const lead = items.findLast(({ rule }) => rule.kind === 'result') ?? items.at(-1)!
  const inConversation = items.filter(({ rule }) => rule.by.includes('conversation'))
  const entry = inConversation.length > 0 ? await tellInConversation(line, tx, inConversation, key) : null
  if (entry) for (const item of inConversation) ends.set(item, 'conversation')

  const isThere = entry !== null && (await isReached(line, tx, entry, lead, reach))
  const person = await tx.personOf(lead.case.id)
  for (const [item, end] of ends) {
    if (end === 'conversation' && isThere) continue
    const furtherEnd = furtherWay(item.rule, person, reach)
    if (furtherEnd) ends.set(item, furtherEnd)
  }
  tellFurther(line, tx, ends, lead)
  for (const end of new Set(ends.values())) {
    const ended = items.filter(item => ends.get(item) === end)
    tx.notices.settle(
      ended.map(({ notice }) => notice),
      end,
      line.clock.now(),
    )
  }
  const called = items.filter(item => ends.get(item) === 'call').map(item => item.case)
  return [
    ...(entry
      ? [{ topic: 'conversation' as const, conversationId: entry.conversationId, seq: entry.seq }]
      : []),
    ...called.map(({ id, version }) => ({ topic: 'case' as const, caseId: id, version })),
  ]
}

/** The next way to somebody who is not reached in the conversation. */
export function furtherWay(
  rule: ResidentRule,
  person: Person | null,
  { hasSms }: Pick<Reach, 'hasSms'>,
): 'sms' | 'call' | null {
  if (!person?.phone) return null
  if (hasSms && rule.by.includes('sms')) return 'sms'
  return rule.by.includes('call') ? 'call' : null
}

/** One short message, about what matters most; a call for each thing that somebody must be asked or told. */
function tellFurther(line: Line, tx: Transaction, ends: ReadonlyMap<Item, NoticeEnd>, lead: Item): void {
  const bySms = [...ends.keys()].filter(item => ends.get(item) === 'sms')
  if (bySms.length > 0) {
    const { notice } = bySms.includes(lead) ? lead : bySms.at(-1)!
    const { caseId, seq, event } = notice
    tx.enqueue([{ name: 'send-sms', key: noticeKey(notice), data: { caseId, seq, event } }])
  }
  for (const [item, end] of ends)
    if (end === 'call') tx.notices.addCall(callAbout(line, item.case, item.event, item.rule))
}

/** Null when the case has no conversation. */
async function tellInConversation(
  line: Line,
  tx: Transaction,
  items: readonly Item[],
  key: string,
): Promise<TranscriptEntry | null> {
  const conversationId = await tx.conversationOf(items[0]!.case.id)
  const conversation = conversationId === null ? null : await tx.conversation(conversationId)
  if (!conversation) return null
  const at = line.clock.now()
  const state = conversationStateSchema.parse(conversation.state)
  const told = noticeReply(line, withoutOldNews(items), state, conversation.locale)
  const shown = items.flatMap(item => (item.handled ? [item.case, item.handled] : [item.case]))
  const cases = new Map<string, Case>(shown.map(each => [each.id, each]))
  const entry: TranscriptEntry = {
    conversationId: conversation.id,
    seq: conversation.lastSeq + 1,
    id: newId(at, line.chance),
    from: 'line',
    at,
    replyTo: null,
    externalId: key,
    body: renderReply(line, told.reply, conversation.locale, cases),
  }
  tx.addTranscript([entry])
  tx.saveConversation(
    {
      ...conversation,
      state: told.state,
      lastSeq: entry.seq,
      version: conversation.version + 1,
      changedAt: at,
    },
    conversation.version,
  )
  return entry
}

/** That a department has signed is no news any more when its reply is told with it. */
function withoutOldNews(items: readonly Item[]): Item[] {
  const isLast = (item: Item) => items.findLast(other => other.case.id === item.case.id) === item
  return items.filter(item => item.rule.kind === 'result' || isLast(item))
}

/** Does it reach its reader there? On a channel where the line writes to people it is sent; see `pushMessage` for when it does not arrive. */
async function isReached(
  line: Line,
  tx: Transaction,
  { conversationId, seq: entry }: TranscriptEntry,
  lead: Item,
  { pushes }: Reach,
): Promise<boolean> {
  if (pushes?.has(lead.case.channel)) {
    const { caseId, seq, event } = lead.notice
    tx.enqueue([{ name: 'push-message', key: noticeKey(lead.notice), data: { caseId, seq, event, entry } }])
    return true
  }
  const { presentMinutes } = line.content.notifications
  const heardAt = await tx.notices.lastHeard(conversationId)
  return heardAt !== null && line.clock.now().getTime() - heardAt.getTime() <= presentMinutes * MINUTE
}
