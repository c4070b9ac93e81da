import { formatCaseNumber } from '../cases/case-number.ts'
import { residentRuleOf } from '../followup/notification-rules.ts'
import type { Locale } from '../language/understanding.ts'
import { askBySms } from './ask-by-sms.ts'
import { callAbout } from './call-resident.ts'
import { leadOf } from './case-card.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import type { ShortMessage, SmsGateway } from './notice-ports.ts'
import type { Transaction } from './ports.ts'
import { noticeKey } from './tell-of-event.ts'
import { tryAgainOnConflict } from './try-again.ts'

export interface SmsParts {
  /** Null: there is none any more; what was to be sent becomes a call. */
  gateway: SmsGateway | null
  /** Address under which people reach the line; null: the message names the telephone only. */
  publicUrl: string | null
  /** Can people answer by SMS? Then whoever is asked how it went is told how. */
  hearsReplies?: boolean
}

/**
 * Sends what a notice says in short. Others may see it light up, so it names the case by its number and says nothing of
 * the matter. What cannot be sent becomes a call.
 * @throws what the gateway throws, to be tried again later, unless this was the last try
 */
export async function sendSms(
  line: Line,
  job: { data: Job['data']; isLastTry: boolean },
  parts: SmsParts,
): Promise<void> {
  const { gateway } = parts
  const { caseId, seq } = job.data
  const message = await tryAgainOnConflict(line, () =>
    line.store.transact(tx => write(line, tx, job.data, parts)),
  )
  if (!message) return
  if (!gateway) return callInstead(line, caseId, seq)
  const outcome = await gateway.send(message).catch(error => {
    if (!job.isLastTry) throw error
    line.logger.warn({ err: error, caseId, seq }, 'a short message could not be sent; it becomes a call')
    return 'refused' as const
  })
  if (outcome === 'refused') await callInstead(line, caseId, seq)
}

/** The message as it goes out; null when there is nobody to send it to. */
async function write(
  line: Line,
  tx: Transaction,
  { caseId, seq }: Job['data'],
  { gateway, publicUrl, hearsReplies }: SmsParts,
): Promise<ShortMessage | null> {
  const stored = await tx.caseById(caseId)
  const event = stored?.events.find(each => each.seq === seq)
  const person = await tx.personOf(caseId)
  if (!stored || !event || !person?.phone) return null
  const conversationId = await tx.conversationOf(caseId)
  const conversation = conversationId === null ? null : await tx.conversation(conversationId)
  const locale: Locale = conversation?.locale ?? 'zh-Hans'
  const { texts, city } = line.content
  const base = publicUrl?.replace(/\/$/, '')
  const link = base && `${base}/notices/${await tx.notices.linkOf(caseId, line.clock.now())}`
  const where = base
    ? texts.of(locale, 'sms.where-link', { url: `${base}/status` })
    : texts.of(locale, 'sms.where-phone', { phone: city.line.phone })
  const params = {
    line: line.names.line(locale),
    number: formatCaseNumber(stored.case.number),
    department: line.names.department(leadOf(line, stored.case), locale),
    where,
  }
  const key = `sms.${event.type}`
  const externalId = `sms:${noticeKey({ caseId, seq })}`
  const asked =
    gateway && hearsReplies
      ? await askBySms(line, tx, { phone: person.phone, current: stored.case, event, locale, externalId })
      : null
  const howTo = asked?.howTo ?? ''
  const stop = link
    ? texts.of(locale, 'sms.stop', { url: link })
    : hearsReplies
      ? texts.of(locale, 'sms.stop-reply')
      : ''
  const text = `${texts.of(locale, key, params)}${howTo}${stop}`
  asked?.keep({ key, text })
  return {
    to: person.phone,
    text,
    key: noticeKey({ caseId, seq }),
    of: { key, params: { ...params, howTo, stop } },
  }
}

/** Puts a call about the event on the list, when the rules know that way. */
export async function callInstead(line: Line, caseId: string, seq: number): Promise<void> {
  const called = await line.store.transact(async tx => {
    const stored = await tx.caseById(caseId)
    const event = stored?.events.find(each => each.seq === seq)
    const rule = event && residentRuleOf(line.content.notifications, event)
    if (!stored || !event || !rule?.by.includes('call')) return null
    tx.notices.addCall(callAbout(line, stored.case, event, rule))
    return stored.case
  })
  if (called) line.bus.publish([{ topic: 'case', caseId, version: called.version }])
}
