import type { Case } from '../cases/case.ts'
import type { Conversation, Incoming, Outgoing, TranscriptEntry } from '../conversation/message.ts'
import { heardAsPlace } from '../conversation/sent-place.ts'
import { AppError, isAppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale, Understanding } from '../language/understanding.ts'
import { callAfterBreakdown, talkOrCall, withoutBreakdowns } from './call-person.ts'
import type { EffectContext } from './effect-context.ts'
import { hearForPerson } from './hear-for-person.ts'
import type { Line } from './line.ts'
import type { BusMessage, Transaction } from './ports.ts'
import { renderReply } from './render-reply.ts'
import type { Talked } from './run-talk.ts'

/** What a turn leaves in the transcript. `isRepeat`: the channel sent a message again and gets the same replies. */
export interface TurnResult {
  echo: TranscriptEntry
  replies: TranscriptEntry[]
  isRepeat: boolean
}

/**
 * A conflicting turn is taken anew from what the other left. A message that the channel sends again conflicts too, by its external
 * id: only then is the earlier turn looked for, so that the usual turn costs one read and one write.
 */
const MOST_TRIES = 5

/**
 * One message in, replies out. The turn is one transaction: transcript, conversation state and case events are written together or
 * not at all. Turns of one conversation come one after another.
 * @throws AppError `conversation-not-found`, `store-unavailable`
 */
export function takeTurn(line: Line, incoming: Incoming): Promise<TurnResult> {
  return line.lock.run(incoming.conversationId, async () => {
    try {
      return await tryTurn(line, incoming)
    } catch (error) {
      const called = isAppError(error) ? null : await turnToPerson(line, incoming)
      if (!called) throw error
      line.logger.error({ err: error }, 'turns broke down again and again; a person is called')
      return called
    }
  })
}

async function tryTurn(line: Line, incoming: Incoming): Promise<TurnResult> {
  const understood = line.understander.understand(incoming.text, { now: line.clock.now() })
  const said = incoming.sentPlace ? heardAsPlace(understood, incoming.sentPlace) : understood
  for (let tries = 1; ; tries++) {
    const changed: BusMessage[] = []
    try {
      const result = await line.store.transact(tx => turn(line, tx, incoming, said, changed, tries > 1))
      line.bus.publish(changed)
      return result
    } catch (error) {
      if (!isAppError(error, 'version-conflict') || tries >= MOST_TRIES) throw error
    }
  }
}

async function turn(
  line: Line,
  tx: Transaction,
  incoming: Incoming,
  said: Understanding,
  changed: BusMessage[],
  isRetry: boolean,
): Promise<TurnResult> {
  const earlier =
    isRetry && incoming.externalId !== null
      ? await tx.earlierTurn(incoming.conversationId, incoming.externalId)
      : null
  if (earlier) return { echo: earlier[0]!, replies: earlier.slice(1), isRepeat: true }
  const { conversationId } = incoming
  const conversation = await (isRetry
    ? tx.conversation(conversationId)
    : tx.recentConversation(conversationId))
  if (!conversation) throw new AppError('conversation-not-found')

  const locale = localeOf(conversation, incoming, said)
  const context: EffectContext = { line, tx, conversation, locale, cases: new Map(), news: changed }
  const heard = await hearForPerson(context, said)
  const talked =
    heard.is === 'line'
      ? await talkOrCall(context, heard.said)
      : { ...heard, state: conversation.state, locale, asked: null }
  return settle(context, incoming, talked)
}

/** Null: the failure is told as one. Whatever happens here, the first failure is what counts. */
async function turnToPerson(line: Line, incoming: Incoming): Promise<TurnResult | null> {
  let result: TurnResult | null = null
  try {
    const called = await line.store.transact(tx =>
      callAfterBreakdown(line, tx, incoming, (context, talked) => {
        result = settle(context, incoming, talked)
      }),
    )
    if (called) line.bus.publish(called.news)
    return called && result
  } catch (error) {
    line.logger.warn({ err: error }, 'no person could be called after a turn that broke down')
    return null
  }
}

/** Writes what came of a turn. */
function settle(
  { line, tx, conversation, cases, news }: EffectContext,
  incoming: Incoming,
  talked: Omit<Talked, 'state'> & { state: unknown },
): TurnResult {
  const outgoing = talked.replies.map(reply => renderReply(line, reply, talked.locale, cases))
  const { echo, replies } = transcribe(line, conversation, incoming, outgoing)
  const lastSeq = conversation.lastSeq + 1 + replies.length
  tx.addTranscript([echo, ...replies])
  tx.saveConversation(
    {
      ...conversation,
      locale: talked.locale,
      state: rememberLanguage(talked, incoming),
      lastSeq,
      version: conversation.version + 1,
      changedAt: line.clock.now(),
    },
    conversation.version,
  )
  news.push(
    { topic: 'conversation', conversationId: conversation.id, seq: lastSeq },
    ...[...cases.values()].map(
      (each: Case): BusMessage => ({ topic: 'case', caseId: each.id, version: each.version }),
    ),
  )
  return { echo, replies, isRepeat: false }
}

/** What a conversation remembers about languages, among the engine's facts. */
interface LanguageFacts {
  /** The channel's at the last turn: only when it changes does it say something new. */
  channelLocale?: Locale | null
  /** The one that the person asked for in words. */
  askedLocale?: Locale
}

/**
 * The language that the person asked for; else the one that the message is unmistakably in; else the channel's when that has
 * changed; else that of the conversation so far, so that a short "ok" does not change it back.
 */
function localeOf(conversation: Conversation, incoming: Incoming, said: Understanding): Locale {
  const { channelLocale, askedLocale } = languageFacts(conversation.state)
  if (incoming.locale && channelLocale !== undefined && incoming.locale !== channelLocale)
    return incoming.locale
  if (askedLocale) return askedLocale
  // A phone number is in no language, and what a map calls a place is not the person's.
  const isLong =
    !said.isBlank && !said.isSentPlace && said.text.trim().length >= 4 && /\p{L}/u.test(said.text)
  // One Latin word may be a code or a name; a sentence has more.
  const isSentence = said.locale !== 'en' || /[a-z]+\s+[a-z]+/i.test(said.text)
  if (isLong && said.locale !== 'zh-Hans' && isSentence) return said.locale
  if (isLong && said.locale !== 'en' && conversation.locale === 'en')
    return incoming.locale === 'zh-Hant' ? 'zh-Hant' : 'zh-Hans'
  return channelLocale === undefined ? (incoming.locale ?? conversation.locale) : conversation.locale
}

function languageFacts(state: unknown): LanguageFacts {
  return ((state as { facts?: unknown }).facts ?? {}) as LanguageFacts
}

/** What to remember for the next turn. */
function rememberLanguage(talked: { state: unknown; asked: Locale | null }, { locale }: Incoming): unknown {
  const state = talked.state as { facts: object }
  const { askedLocale, channelLocale } = languageFacts(state)
  const isChannelChanged = channelLocale !== undefined && locale !== null && locale !== channelLocale
  const asked = talked.asked ?? (isChannelChanged ? undefined : askedLocale)
  return {
    ...state,
    facts: { ...withoutBreakdowns(state.facts), askedLocale: asked, channelLocale: locale ?? channelLocale },
  }
}

function transcribe(
  line: Line,
  conversation: Conversation,
  incoming: Incoming,
  outgoing: readonly Outgoing[],
): Omit<TurnResult, 'isRepeat'> {
  const at = line.clock.now()
  const { lastSeq, id: conversationId } = conversation
  const entry = (offset: number) => ({
    conversationId,
    seq: lastSeq + offset,
    id: newId(at, line.chance),
    at,
  })
  const echo: TranscriptEntry = {
    ...entry(1),
    from: 'resident',
    replyTo: null,
    externalId: incoming.externalId,
    body: { text: incoming.text, clientData: incoming.clientData, attachments: incoming.attachments },
  }
  const replies = outgoing.map(
    (body, i): TranscriptEntry => ({
      ...entry(2 + i),
      from: 'line',
      replyTo: echo.seq,
      externalId: null,
      body,
    }),
  )
  return { echo, replies }
}
