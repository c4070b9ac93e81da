import type { DoorStore } from '../../src/adapters/http/desk-session.ts'
import { MemoryCallTrail } from '../../src/adapters/memory/memory-call-trail.ts'
import type { Conversation, Incoming, Outgoing, TranscriptEntry } from '../../src/conversation/message.ts'
import { AppError } from '../../src/kernel/errors.ts'
import type {
  Account,
  AnswerStore,
  Bus,
  BusMessage,
  KeptAnswer,
  Store,
  Transaction,
} from '../../src/usecases/ports.ts'
import type { KnownAccount, StaffSession } from '../../src/usecases/staff-ports.ts'

/** The use cases and the store behind the edges, in memory: it answers `echo: …`, files a case when asked to. */
export class FakeLine {
  readonly conversations = new Map<string, Conversation>()
  readonly transcripts = new Map<string, TranscriptEntry[]>()
  readonly listeners = new Set<(message: BusMessage) => void>()
  readonly turns: Incoming[] = []
  /** How long a turn takes. */
  turnMs = 0
  /** The next turns break with this. */
  failure: Error | null = null
  isBusMute = false
  isStoreDown = false
  readonly #queues = new Map<string, Promise<unknown>>()

  readonly bus: Bus = {
    publish: messages => {
      if (this.isBusMute) return
      for (const message of messages) for (const listener of this.listeners) listener(message)
    },
    subscribe: listener => {
      this.listeners.add(listener)
      return () => this.listeners.delete(listener)
    },
    trail: new MemoryCallTrail(),
    close: async () => undefined,
  }

  readonly store: Pick<Store, 'transcriptAfter' | 'transact'> = {
    transcriptAfter: async (id, seq, limit) => {
      await new Promise(resolve => setTimeout(resolve, 1))
      if (this.isStoreDown) throw new AppError('store-unavailable')
      return (this.transcripts.get(id) ?? []).filter(entry => entry.seq > seq).slice(0, limit)
    },
    transact: async work => {
      if (this.isStoreDown) throw new AppError('store-unavailable')
      const conversation = async (id: string) => this.conversations.get(id) ?? null
      return work({ conversation } as Pick<Transaction, 'conversation'> as Transaction)
    },
  }

  openConversation = async (opening: {
    id: string
    channel: string
    userId: string
    locale: Conversation['locale'] | null
  }): Promise<Conversation> => {
    if (this.conversations.has(opening.id)) throw new AppError('version-conflict', { version: 1 })
    const now = new Date()
    const conversation: Conversation = {
      ...opening,
      locale: opening.locale ?? 'zh-Hans',
      state: {},
      lastSeq: 0,
      version: 1,
      createdAt: now,
      changedAt: now,
    }
    this.conversations.set(opening.id, conversation)
    this.transcripts.set(opening.id, [])
    this.say(opening.id, { key: 'greeting.hello', text: '您好', choices: [], cards: [], expects: 'text' })
    return conversation
  }

  takeTurn = (incoming: Incoming) => {
    const before = this.#queues.get(incoming.conversationId) ?? Promise.resolve()
    const turn = before.catch(() => undefined).then(() => this.#turn(incoming))
    this.#queues.set(incoming.conversationId, turn)
    return turn
  }

  async #turn(incoming: Incoming) {
    const { conversationId, externalId, text } = incoming
    const transcript = this.transcripts.get(conversationId)
    if (!transcript) throw new AppError('conversation-not-found')
    if (this.turnMs > 0) await new Promise(resolve => setTimeout(resolve, this.turnMs))
    if (this.failure) throw this.failure
    const earlier = transcript.find(entry => externalId !== null && entry.externalId === externalId)
    if (earlier) {
      const replies = transcript.filter(entry => entry.replyTo === earlier.seq)
      return { echo: earlier, replies, isRepeat: true }
    }
    this.turns.push(incoming)
    const { clientData, attachments } = incoming
    const echo = this.#append(conversationId, 'resident', null, { text, clientData, attachments }, externalId)
    const reply = this.#append(conversationId, 'line', echo.seq, replyTo(text), null)
    this.#ring(conversationId)
    return { echo, replies: [reply], isRepeat: false }
  }

  /** The line speaks by itself. */
  say(conversationId: string, body: Outgoing): void {
    this.#append(conversationId, 'line', null, body, null)
    this.#ring(conversationId)
  }

  #append(
    conversationId: string,
    from: TranscriptEntry['from'],
    replyTo: number | null,
    body: TranscriptEntry['body'],
    externalId: string | null,
  ): TranscriptEntry {
    const transcript = this.transcripts.get(conversationId)!
    const seq = transcript.length + 1
    const id = `${conversationId}-${seq}`
    const entry = { conversationId, seq, id, from, at: new Date(), replyTo, externalId, body }
    transcript.push(entry)
    return entry
  }

  #ring(conversationId: string): void {
    const seq = this.transcripts.get(conversationId)!.length
    this.bus.publish([{ topic: 'conversation', conversationId, seq }])
  }
}

export const CARD = {
  number: '261124000018',
  queryCode: 'ABCD2345',
  department: 'housing',
  stage: 'transfer',
  dueBy: '2026-12-08T09:00:00.000Z',
  title: '楼道灯坏了',
  departmentName: '住房和城乡建设局',
  coHandlerNames: [],
  reason: '职责 ZJ-01',
  stageName: '按责转办',
  stages: [{ id: 'acceptance', name: '统一受理', state: 'done' as const }],
  dueText: '12月8日（周二）17:00前',
  statusText: '已转办',
  place: '人民路3号',
  words: '楼道灯坏了 [x](http://evil.example)',
}

function replyTo(text: string): Outgoing {
  const isFiling = text.startsWith('报修')
  return {
    key: isFiling ? 'file-matter.filed' : 'echo.said',
    text: `echo: ${text}`,
    choices: [{ id: 'yes', title: '是', say: '是的' }],
    cards: isFiling ? [CARD] : [],
    expects: 'text',
  }
}

export const ACCOUNT: Account = {
  id: 'a1',
  login: 'wang',
  displayName: '王',
  role: 'supervisor',
  department: null,
}

export const KNOWN: KnownAccount = {
  account: ACCOUNT,
  standing: { isDisabled: false, mustChange: false, hasFactor: false },
}

/** One account `wang` with password `right horse`. */
export function fakeAccounts(): DoorStore {
  const sessions = new Map<string, StaffSession & { accountId: string }>()
  const isOpen = ({ until, idleUntil }: StaffSession, now: Date) => until > now && idleUntil > now
  return {
    verify: async (login, password) => (login === 'wang' && password === 'right horse' ? KNOWN : null),
    openSession: async (accountId, session) => {
      const token = `session-${sessions.size}-${Math.random()}`
      sessions.set(token, { ...session, id: `id-of-${token}`, accountId })
      return token
    },
    session: async (token, now, idleUntil) => {
      const session = sessions.get(token)
      if (!session || !isOpen(session, now)) return null
      if (idleUntil) session.idleUntil = idleUntil
      return { ...KNOWN, sessionId: session.id, proof: 'password' }
    },
    closeSession: async token => void sessions.delete(token),
    tryLogin: async () => null,
    loginProved: async () => undefined,
  }
}

/** Answers kept in memory. */
export function fakeAnswers(): AnswerStore {
  const kept = new Map<string, KeptAnswer>()
  const placeOf = (accountId: string, key: string) => `${accountId} ${key}`
  return {
    find: async (accountId, key) => kept.get(placeOf(accountId, key)) ?? null,
    keep: async answer => {
      const place = placeOf(answer.accountId, answer.key)
      if (!kept.has(place)) kept.set(place, answer)
    },
    forgetBefore: async at => {
      for (const [place, answer] of kept) if (answer.at < at) kept.delete(place)
    },
  }
}
