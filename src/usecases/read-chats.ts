import { SURE } from '../conversation/hearing.ts'
import type { TranscriptEntry } from '../conversation/message.ts'
import { MINUTE } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import type { Locale } from '../language/understanding.ts'
import { checkAnswering } from './agents-caller.ts'
import type { Chat, ChatRecord, ListedChat } from './chat-ports.ts'
import { CALL_FLOW } from './hear-for-person.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'
import { checkSees, viewOf } from './role-views.ts'

/** Most lines of one page of a chat. */
export const CHAT_PAGE = 200

/** A chat as the desk shows it. */
export interface DeskChat
  extends Omit<ListedChat, 'holder' | 'heldBy' | 'pushedSeq' | 'version' | 'forLogin'> {
  /** It was written to this account as a steward. */
  isForMe: boolean
  channelName: string
  /** Place in the queue, from 1; null when somebody has it. */
  place: number | null
  /** How long it has been waiting; null when somebody has it. */
  waitedSeconds: number | null
  /** It waits for longer than the city's limit. */
  isLate: boolean
  holder: { number: number; displayName: string; isMine: boolean } | null
}

export interface ChatQueue {
  rows: DeskChat[]
  answerWithinMinutes: number
  mostChats: number
}

/** All that wait, in their order, and all that somebody has. @throws AppError `action-forbidden` */
export async function listChats(line: Line, account: Account, locale: Locale): Promise<ChatQueue> {
  checkAnswering(account)
  const { answerWithinMinutes, mostChats } = line.content.takeOver.rules
  const open = (await line.store.chats.open()).filter(chat => isForAccount(line, account, chat))
  const waiting = open.filter(({ state }) => state === 'waiting')
  const rows = open.map(chat => {
    const at = waiting.indexOf(chat)
    return presentChat(line, account, chat, { place: at < 0 ? null : at + 1, locale })
  })
  return { rows, answerWithinMinutes, mostChats }
}

/** What is somebody's alone is seen by nobody else until its time is over, but by who watches over all. */
export function isForAccount(line: Line, account: Account, { state, forLogin }: Chat): boolean {
  if (state !== 'waiting' || forLogin === null || forLogin.login === account.login) return true
  return forLogin.until <= line.clock.now() || viewOf(line, account).enterprises === 'every'
}

function presentChat(
  line: Line,
  account: Account,
  chat: ListedChat,
  { place, locale }: { place: number | null; locale: Locale },
): DeskChat {
  const { holder, heldBy: _heldBy, pushedSeq: _pushedSeq, version: _version, forLogin, ...rest } = chat
  const { answerWithinMinutes } = line.content.takeOver.rules
  const isWaiting = chat.state === 'waiting'
  const waitedMs = line.clock.now().getTime() - chat.askedAt.getTime()
  return {
    ...rest,
    channelName: line.names.channel(chat.channel, locale),
    place,
    waitedSeconds: isWaiting ? Math.max(0, Math.floor(waitedMs / 1000)) : null,
    isForMe: forLogin?.login === account.login,
    isLate: isWaiting && waitedMs >= answerWithinMinutes * MINUTE,
    holder: holder && {
      number: holder.number,
      displayName: holder.displayName,
      isMine: holder.accountId === account.id,
    },
  }
}

/** What was said in a chat. */
export interface ReadChat {
  entries: (TranscriptEntry & {
    /** Tells of the matter: neither the line's nor a mere greeting or wish for a person. */
    isTold: boolean
    /** It could not be brought to the resident's channel. */
    isUnreached: boolean
  })[]
  isOver: boolean
}

/**
 * What was said in a chat after a line of its transcript, from before a person was called on. Whoever opens one that is not theirs is
 * recorded.
 * @throws AppError `action-forbidden`, `chat-not-found`
 */
export async function readChat(
  line: Line,
  account: Account,
  chatId: string,
  after: number,
): Promise<ReadChat> {
  checkAnswering(account)
  const chat = await line.store.transact(tx => tx.chats.chat(chatId))
  if (!chat) throw new AppError('chat-not-found')
  const records = await line.store.chats.records(chatId)
  await recordLook(line, account, chat, records)
  const said = await line.store.transcriptAfter(chat.conversationId, after, CHAT_PAGE)
  // What they tell the line after it is theirs again.
  const entries = said.filter(({ at }) => chat.endedAt === null || at <= chat.endedAt)
  const unreached = new Set(records.flatMap(unreachedOf))
  return {
    entries: entries.map(entry => ({
      ...entry,
      isTold: isTold(line, entry),
      isUnreached: unreached.has(entry.seq),
    })),
    isOver: chat.state === 'ended',
  }
}

/** A page that stays open looks again with every word: that is one look for so long. */
const ONE_LOOK_MS = 10 * MINUTE

async function recordLook(
  line: Line,
  { id: accountId }: Account,
  { id: chatId, heldBy }: Chat,
  records: readonly ChatRecord[],
): Promise<void> {
  if (heldBy === accountId) return
  const at = line.clock.now()
  const last = records.findLast(record => record.what === 'looked' && record.accountId === accountId)
  if (last && at.getTime() - last.at.getTime() < ONE_LOOK_MS) return
  await line.store.transact(async tx => tx.chats.record({ chatId, at, what: 'looked', accountId }))
}

/** Nothing longer is a mere greeting, thanks, or wish for a person. */
const LONGEST_ACT = 20

function isTold(line: Line, { from, body }: TranscriptEntry): boolean {
  if ('key' in body) return from === 'agent' && body.key === 'take-over.said'
  const { intent, places, phones } = line.understander.understand(body.text, { now: line.clock.now() })
  const label = intent.confidence >= SURE ? (intent.label ?? '') : ''
  const isAct = line.repairOfIntent.has(label) || line.flowOfIntent.get(label) === CALL_FLOW
  const isMere = places.length + phones.length === 0 && [...body.text].length <= LONGEST_ACT
  return body.text.trim() !== '' && !(isAct && isMere)
}

function unreachedOf({ what, data }: ChatRecord): number[] {
  return what === 'unreached' && typeof data?.seq === 'number' ? [data.seq] : []
}

/** Whose looks at chats and deeds in them those see who watch over looks. */
export interface ChatDeed {
  at: Date
  what: ChatRecord['what']
  /** Null: the resident, or the line. */
  login: string | null
}

/** What happened to a chat, oldest first. @throws AppError `action-forbidden` for who does not see looks */
export async function chatDeeds(line: Line, account: Account, chatId: string): Promise<ChatDeed[]> {
  checkSees(account, 'looks')
  const records = await line.store.chats.records(chatId)
  return records.map(({ at, what, login, accountId }) => ({ at, what, login: login ?? accountId }))
}

/** The account's desk is there: its chats stay with it. @throws AppError `action-forbidden` */
export async function beThere(line: Line, account: Account): Promise<void> {
  checkAnswering(account)
  await line.store.chats.seen(account.id, line.clock.now())
}
