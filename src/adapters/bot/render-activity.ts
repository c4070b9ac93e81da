import type { CaseCard, CaseReference, Outgoing, TranscriptEntry } from '../../conversation/message.ts'
import { adaptiveCard, type Texts } from './adaptive-card.ts'
import type { RenderedActivity, RenderedAttachment, Viewer } from './bot-activity.ts'

/** Direct Line's shape of an activity id; sorts as the transcript does. */
export function activityId(conversationId: string, seq: number): string {
  return `${conversationId}|${String(seq).padStart(7, '0')}`
}

/** A line of the transcript as an activity. The same entry always gives the same activity, so a resend is harmless. */
export function renderActivity(
  entry: TranscriptEntry,
  viewer: Viewer,
  line: { id: string; name: (locale: Viewer['locale']) => string },
  texts: Texts,
): RenderedActivity {
  const isResident = entry.from === 'resident'
  const activity: RenderedActivity = {
    type: 'message',
    id: activityId(entry.conversationId, entry.seq),
    timestamp: entry.at.toISOString(),
    channelId: viewer.channelId,
    conversation: { id: entry.conversationId },
    from: isResident
      ? { id: viewer.userId, role: 'user' }
      : { ...speakerOf(entry, line, viewer.locale), role: 'bot' },
    text: entry.body.text,
    textFormat: 'plain',
    locale: viewer.locale,
  }
  if (entry.replyTo !== null) activity.replyToId = activityId(entry.conversationId, entry.replyTo)
  return isOutgoing(entry.body)
    ? addReply(activity, entry.body, viewer, texts)
    : addSaid(activity, entry.body, viewer)
}

/** An agent is named as residents see them, not as the line. */
function speakerOf(
  { from, body }: TranscriptEntry,
  line: { id: string; name: (locale: Viewer['locale']) => string },
  locale: Viewer['locale'],
): { id: string; name: string } {
  const isAgent = from === 'agent'
  return {
    id: isAgent ? 'agent' : line.id,
    name: (isAgent && isOutgoing(body) && body.by) || line.name(locale),
  }
}

function isOutgoing(body: TranscriptEntry['body']): body is Outgoing {
  return 'key' in body
}

function addSaid(
  activity: RenderedActivity,
  body: Exclude<TranscriptEntry['body'], Outgoing>,
  viewer: Viewer,
): RenderedActivity {
  const { attachmentUrl } = viewer
  const attachments = body.attachments ?? []
  if (body.clientData) activity.channelData = { ...body.clientData }
  if (attachments.length > 0) {
    activity.attachments = attachments.map(name =>
      attachmentUrl
        ? { name, ...withThumbnail(attachmentUrl(name)) }
        : { name, contentType: 'application/octet-stream' },
    )
  }
  return activity
}

function withThumbnail(file: { contentType: string; contentUrl: string }): Omit<RenderedAttachment, 'name'> {
  return file.contentType.startsWith('image/') ? { ...file, thumbnailUrl: file.contentUrl } : file
}

function addReply(
  activity: RenderedActivity,
  body: Outgoing,
  viewer: Viewer,
  texts: Texts,
): RenderedActivity {
  activity.recipient = { id: viewer.userId, role: 'user' }
  activity.inputHint = body.expects === 'nothing' ? 'acceptingInput' : 'expectingInput'
  activity.channelData = { key: body.key, expects: body.expects, ...(body.by ? { by: body.by } : {}) }
  if (body.choices.length > 0) {
    const actions = body.choices.map(({ title, say }) => ({ type: 'imBack' as const, title, value: say }))
    activity.suggestedActions = { actions }
  }
  if (body.cards.length > 0) {
    activity.channelData = {
      ...activity.channelData,
      cases: body.cards.map(caseReference),
      cards: body.cards,
    }
    activity.attachments = body.cards.map(card => adaptiveCard(card, viewer.locale, texts))
    activity.attachmentLayout = 'list'
  }
  return activity
}

function caseReference({ number, queryCode, department, stage, dueBy }: CaseCard): CaseReference {
  return { number, ...(queryCode === undefined ? {} : { queryCode }), department, stage, dueBy }
}
