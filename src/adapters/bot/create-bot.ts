import type { Activity, TurnContext } from 'botbuilder-core'
import type { Incoming, TranscriptEntry } from '../../conversation/message.ts'
import type { Locale } from '../../language/understanding.ts'
import { placeEntity, placeInActivity } from '../chat/place-sent.ts'
import type { Texts } from './adaptive-card.ts'
import type { InboundActivity, RenderedActivity, Viewer } from './bot-activity.ts'
import { renderActivity } from './render-activity.ts'
import { YihaoBotAdapter } from './yihao-bot-adapter.ts'

/** What came of a turn. */
export interface Turn {
  echo: TranscriptEntry
  replies: TranscriptEntry[]
  isRepeat: boolean
}

/** What the bot is built from. */
export interface BotParts {
  takeTurn(incoming: Incoming): Promise<Turn>
  texts: Texts
  /** The line's name as residents see it. */
  lineName: (locale: Locale) => string
  /** Language of a BCP 47 tag, or null when the line does not speak it. */
  localeOf: (tag: string) => Locale | null
  /** Told of every turn, for the metrics. */
  onTurn?: (turn: { channel: string; seconds: number; outcome: 'done' | 'repeat' | 'failed' }) => void
}

/** The one way in for every channel. */
export interface Bot {
  /** Runs a turn through the pipeline and returns what it left in the transcript, after the commit. */
  receive(activity: InboundActivity): Promise<Turn>
  /** The same entry gives the same activity, whichever channel or instance asks. */
  render(entry: TranscriptEntry, viewer: Viewer): RenderedActivity
}

const LINE_ID = 'yihao'

/** Builds the pipeline: activity → incoming → turn → activities. */
export function createBot(parts: BotParts): Bot {
  const adapter = new YihaoBotAdapter()
  adapter.use(observeTurns(parts.onTurn))
  const line = { id: LINE_ID, name: parts.lineName }
  const render = (entry: TranscriptEntry, viewer: Viewer) => renderActivity(entry, viewer, line, parts.texts)

  return {
    render,
    async receive(inbound) {
      let turn: Turn | null = null
      const locale = inbound.locale === null ? null : parts.localeOf(inbound.locale)
      const hand = async (activities: Partial<Activity>[]) => activities.map(({ id }) => ({ id: id ?? '' }))
      await adapter.processActivity(toActivity(inbound), hand, async context => {
        turn = await parts.takeTurn(toIncoming(context.activity, locale))
        context.turnState.set(REPEAT, turn.isRepeat)
        await sendReplies(context, turn.replies, entry =>
          render(entry, {
            channelId: inbound.channelId,
            userId: inbound.userId,
            locale: locale ?? 'zh-Hans',
          }),
        )
      })
      return turn!
    },
  }
}

const REPEAT = Symbol('repeat')

async function sendReplies(
  context: TurnContext,
  replies: TranscriptEntry[],
  render: (entry: TranscriptEntry) => RenderedActivity,
): Promise<void> {
  if (replies.length === 0) return
  // The SDK wants dates where the wire has strings.
  await context.sendActivities(
    replies.map(entry => ({ ...render(entry), timestamp: entry.at }) as unknown as Partial<Activity>),
  )
}

function observeTurns(onTurn: BotParts['onTurn']) {
  return async (context: TurnContext, next: () => Promise<void>): Promise<void> => {
    const start = performance.now()
    const channel = context.activity.channelId
    const seconds = () => (performance.now() - start) / 1000
    try {
      await next()
      onTurn?.({ channel, seconds: seconds(), outcome: context.turnState.get(REPEAT) ? 'repeat' : 'done' })
    } catch (error) {
      onTurn?.({ channel, seconds: seconds(), outcome: 'failed' })
      throw error
    }
  }
}

function toActivity(inbound: InboundActivity): Partial<Activity> {
  const { type, channelId, conversationId, userId, externalId, text, locale, attachments, clientData } =
    inbound
  const { sentPlace } = inbound
  return {
    type,
    channelId,
    // Nobody may name where an answer goes: ours leaves by the channel that asked.
    serviceUrl: '',
    conversation: { id: conversationId, isGroup: false, conversationType: '', name: '' },
    from: { id: userId, name: '' },
    recipient: { id: LINE_ID, name: '' },
    text,
    attachments: attachments.map(name => ({ name, contentType: 'application/octet-stream' })),
    ...(externalId === null ? {} : { id: externalId }),
    ...(locale === null ? {} : { locale }),
    ...(clientData === null ? {} : { channelData: clientData }),
    ...(sentPlace ? { entities: [placeEntity(sentPlace)] } : {}),
  }
}

function toIncoming(activity: Activity, locale: Locale | null): Incoming {
  return {
    conversationId: activity.conversation.id,
    externalId: activity.id ?? null,
    text: activity.text ?? '',
    locale,
    attachments: (activity.attachments ?? []).map(({ name }) => name ?? ''),
    clientData: activity.channelData ?? null,
    sentPlace: placeInActivity('', activity.entities)?.sentPlace,
  }
}
