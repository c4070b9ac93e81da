import type { Outgoing } from '../conversation/message.ts'
import { residentRuleOf } from '../followup/notification-rules.ts'
import type { ChatSenders, Contact } from './channel-ports.ts'
import { furtherWay } from './deliver-notification.ts'
import type { Job } from './job.ts'
import type { Line } from './line.ts'
import { callInstead } from './send-sms.ts'
import { noticeKey } from './tell-of-event.ts'

export interface PushParts {
  senders: ChatSenders
  hasSms: boolean
}

/**
 * Sends a notice that stands in the conversation to the channel that its reader came by. Whom it does not reach is told by the
 * next way that the rules of the event name.
 * @throws what the sender throws: to be tried again later, and at the last try when there is no other way, so that somebody hears of it
 */
export async function pushMessage(
  line: Line,
  job: { data: Job['data']; isLastTry: boolean },
  { senders, hasSms }: PushParts,
): Promise<void> {
  const { caseId, seq, event, entry } = job.data
  const pushed = await readPush(line, caseId, entry ?? 0)
  if (!pushed) return
  const { contact, said, locale } = pushed
  const key = `${contact?.conversationId}:${seq}`
  const sender = senders.get(contact?.channel ?? '')
  const notice = { caseId, seq, event }
  if (contact && sender && !contact.isGone) {
    try {
      if ((await sender.send(contact, said, locale, key)) === 'sent') return
    } catch (error) {
      if (!job.isLastTry || (await tellOtherwise(line, notice, hasSms)) === null) throw error
      line.logger.warn({ err: error, caseId, seq }, 'a message could not be pushed; it goes another way')
      return
    }
  }
  await tellOtherwise(line, notice, hasSms)
}

async function readPush(line: Line, caseId: string, seq: number) {
  const conversation = await line.store.transact(async tx => {
    const conversationId = await tx.conversationOf(caseId)
    return conversationId === null ? null : tx.conversation(conversationId)
  })
  if (!conversation) return null
  const [entry] = await line.store.transcriptAfter(conversation.id, seq - 1, 1)
  if (entry?.seq !== seq || !('key' in entry.body)) return null
  const contact: Contact | null = await line.store.contacts.byConversation(conversation.id)
  return { contact, said: [entry.body satisfies Outgoing], locale: conversation.locale }
}

/** Which way it goes; null when there is none. */
async function tellOtherwise(
  line: Line,
  notice: Pick<Job['data'], 'caseId' | 'seq' | 'event'>,
  hasSms: boolean,
): Promise<'sms' | 'call' | null> {
  const { caseId, seq } = notice
  const way = await line.store.transact(async tx => {
    const stored = await tx.caseById(caseId)
    const event = stored?.events.find(each => each.seq === seq)
    const rule = event && residentRuleOf(line.content.notifications, event)
    const next = rule ? furtherWay(rule, await tx.personOf(caseId), { hasSms }) : null
    if (next === 'sms') tx.enqueue([{ name: 'send-sms', key: noticeKey(notice), data: notice }])
    return next
  })
  if (way === 'call') await callInstead(line, caseId, seq)
  return way
}
