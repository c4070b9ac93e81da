import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { authorityOver, baseUrl } from './authority.ts'
import { ensureOpen, personOf, renderEntries } from './conversations.ts'
import type { DirectLineOptions } from './direct-line-options.ts'
import { parseActivity, requireContent, type WireActivity } from './inbound-activity.ts'
import type { StreamHub } from './stream-hub.ts'
import { parseWatermark, readAfter } from './watermark.ts'

/** Larger than any message may be, so that a long one is told so instead of cut off. */
const BODY_LIMIT = 256 * 1024

type ActivityRequest = FastifyRequest<{ Params: { id: string }; Querystring: { watermark?: string } }>

/** Saying something, and polling what was said. */
export function addActivityRoutes(app: FastifyInstance, options: DirectLineOptions, hub: StreamHub): void {
  app.post(
    '/conversations/:id/activities',
    { bodyLimit: BODY_LIMIT, schema: { summary: 'Say something' } },
    (request: ActivityRequest) => {
      const activity = parseActivity(request.body, request.params.id)
      if (activity.type === 'message' && activity.hasAttachments && activity.text === '') {
        throw new AppError('upload-refused', { because: 'use-upload' })
      }
      return receiveActivity(activity, [], request, options, hub)
    },
  )

  app.get(
    '/conversations/:id/activities',
    { schema: { summary: 'What was said after the watermark' } },
    async (request: ActivityRequest) => {
      const { id } = request.params
      const authority = authorityOver(id, request, options)
      const { entries, watermark } = await readAfter(
        options.store,
        id,
        parseWatermark(request.query.watermark),
      )
      const person = await personOf(id, authority, options)
      const activities = await renderEntries(entries, person, baseUrl(request, options), options)
      return { activities, watermark: String(watermark) }
    },
  )
}

/** What an invoke that is none of ours gets, as the Bot Framework answers it. */
const NOT_IMPLEMENTED = 501

/**
 * Takes a checked activity: a message (or a submitted card) is a turn. Whatever else the protocol has, or will have, asks nothing of
 * the line and is acknowledged.
 * @throws AppError of the turn, of the limits or of the token
 */
export async function receiveActivity(
  activity: WireActivity,
  attachments: string[],
  request: ActivityRequest,
  options: DirectLineOptions,
  hub: StreamHub,
): Promise<object> {
  const { id } = request.params
  const authority = authorityOver(id, request, options)
  const acknowledged = { id: `${id}|${newId(options.clock.now(), options.chance)}` }
  if (activity.type !== 'message' && activity.type !== 'invoke') return acknowledged
  const isSubmit =
    activity.type === 'invoke' && activity.name === 'adaptiveCard/action' && activity.text !== ''
  if (activity.type === 'invoke' && !isSubmit) return { ...acknowledged, statusCode: NOT_IMPLEMENTED }
  // A tap on somebody else's card says something, though not to us: the line says that it did not understand.
  if (attachments.length === 0 && !activity.hasValue) requireContent(activity.text)

  const person = await personOf(id, authority, options)
  await options.limit('turn-by-conversation', id)
  await options.limit('turn-by-user', person.user)
  // Whoever holds the secret speaks for many people from one address.
  if (person.channel === 'web-chat') await options.limit('turn-by-address', request.ip)

  const message = {
    type: 'message',
    channelId: person.channel,
    conversationId: id,
    userId: person.user,
    externalId: activity.externalId,
    text: activity.text,
    locale: activity.locale,
    attachments,
    clientData: activity.clientData,
    sentPlace: activity.sentPlace,
  } as const
  const turn = await hub.during(
    id,
    () => ({
      type: 'typing',
      id: acknowledged.id,
      conversation: { id },
      from: { id: 'yihao', role: 'bot' },
    }),
    async () => {
      try {
        return await options.bot.receive(message)
      } catch (error) {
        // A token's holder may speak first; the greeting then comes first.
        if (!isAppError(error, 'conversation-not-found') || authority.kind === 'secret') throw error
        await ensureOpen(person, activity.locale, options)
        return options.bot.receive(message)
      }
    },
  )
  const last = turn.replies.at(-1) ?? turn.echo
  hub.ring(id, last.seq)
  const base = baseUrl(request, options)
  const [echo] = (await renderEntries([turn.echo], person, base, options)) as { id: string }[]
  if (isSubmit) {
    const value = turn.replies.map(reply => reply.body.text).join('\n')
    return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value, id: echo!.id }
  }
  if (!activity.isReplyExpected) return { id: echo!.id }
  return { id: echo!.id, activities: await renderEntries(turn.replies, person, base, options) }
}
