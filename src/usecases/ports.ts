import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import type { Role } from '../cases/case-state.ts'
import type { ClockName } from '../clocks/stage-clock.ts'
import type { Conversation, TranscriptEntry } from '../conversation/message.ts'
import type { CaseAlike } from '../followup/supervision-rules.ts'
import type { CallStore, NoticeTransaction, WebhookStore } from './notice-ports.ts'

/** Who a case belongs to; kept apart from the case and only ever stored sealed. */
export interface Person {
  name: string | null
  phone: string | null
  channel: string
  channelUserId: string
}

/** What goes with a newly filed case besides its events. */
export interface Filing {
  person: Person
  /** The secret told to the person once; the store keeps only its keyed hash. */
  queryCode: string
  conversationId: string | null
}

/** Work for later, written with the change that causes it. `key` makes it happen once: a second job of the same name and key is dropped. */
export interface Job {
  name: 'notify-department' | 'notify-resident' | 'send-sms' | 'send-webhook'
  key: string
  data: { caseId: string; seq: number; event: string; webhookId?: string }
  /** Not to be worked before. */
  startAfter?: Date
}

/** What a request was answered with, kept so that its repeat is answered the same. */
export interface KeptAnswer {
  accountId: string
  /** The caller's key for the request. */
  key: string
  /** Hash of what was asked. */
  request: string
  /** Null: the request changes nothing and is answered anew. */
  body: unknown
  at: Date
}

export interface AnswerStore {
  find(accountId: string, key: string): Promise<KeptAnswer | null>
  /** The first one stays. */
  keep(answer: KeptAnswer): Promise<void>
  forgetBefore(at: Date): Promise<void>
}

/** A row of a list of cases: what is needed to sort, filter and show without folding. */
export interface CaseSummary {
  id: string
  number: string
  state: string
  stage: string
  type: string
  subject: string | null
  grade: string
  summary: string
  place: string | null
  street: string | null
  lead: string | null
  coHandlers: string[]
  channel: string
  isConfidential: boolean
  isEmergency: boolean
  version: number
  filedAt: Date
  changedAt: Date
  /** The promise that runs now. */
  dueAt: Date | null
  warnAt: Date | null
}

export interface CaseFilter {
  states?: readonly string[]
  /** Cases that this department leads or co-handles. */
  department?: string
  subjectPrefix?: string
  grade?: string
  /** Due before this instant. */
  dueBefore?: Date
  /** Words that stand in the number, the summary or the place. */
  search?: string
  includeConfidential: boolean
  sort: 'due' | 'newest'
  limit: number
  /** From the page before. */
  cursor?: string
}

export interface Page<T> {
  rows: T[]
  nextCursor: string | null
}

/** An alarm of a running clock that should be looked at. */
export interface DueClock {
  caseId: string
  kind: ClockName
  alarmAt: Date
}

export interface Account {
  id: string
  login: string
  displayName: string
  role: Role
  department: string | null
}

/**
 * Reads see committed data. Writes are collected and written together, in one database transaction, when the work function
 * has returned; nothing is written when it throws.
 */
export interface Transaction {
  conversation(id: string): Promise<Conversation | null>
  /**
   * The same without asking the store, when this instance wrote it a moment ago. It may be out of date; then saving it refuses
   * with `version-conflict`, and `conversation` has the truth.
   */
  recentConversation(id: string): Promise<Conversation | null>
  /** The entry that this external id made before and everything that answered it; null when it is new. */
  earlierTurn(conversationId: string, externalId: string): Promise<TranscriptEntry[] | null>
  /** As this transaction has changed it, if it has. */
  caseById(id: string): Promise<{ case: Case; events: CaseEvent[] } | null>
  caseByNumber(number: string): Promise<{ case: Case; events: CaseEvent[] } | null>
  isQueryCodeOf(caseId: string, queryCode: string): Promise<boolean>
  /** Cases of this person on this channel, newest first. */
  casesOf(person: { channel: string; channelUserId: string }, limit: number): Promise<CaseSummary[]>
  /**
   * Cases of one subject at one place that were filed since, oldest first, those filed in this transaction too; not those that
   * were withdrawn or not accepted. At most a thousand.
   */
  casesAlike(like: { subject: string; place: string; since: Date }): Promise<CaseAlike[]>
  personOf(caseId: string): Promise<Person | null>
  /** The conversation in which the case was filed, when it came by one. */
  conversationOf(caseId: string): Promise<string | null>
  /** Sequence numbers of that local day; never given twice, gaps are allowed (a crash, a refused filing). */
  takeCaseSequence(localDate: string): Promise<number>

  /** @throws AppError `version-conflict` at commit when the stored version is not `expectedVersion` (null: must be new). */
  saveConversation(conversation: Conversation, expectedVersion: number | null): void
  addTranscript(entries: readonly TranscriptEntry[]): void
  addCase(current: Case, events: readonly CaseEvent[], filing: Filing): void
  /** @throws AppError `version-conflict` at commit when the stored version is not `expectedVersion`. */
  saveCase(current: Case, newEvents: readonly CaseEvent[], expectedVersion: number): void
  /** Replaces the sealed person data of a case, e.g. when a phone is told later. */
  savePerson(caseId: string, person: Person): void
  enqueue(jobs: readonly Job[]): void
  /** @throws AppError `version-conflict` at commit when the same request was answered meanwhile */
  keepAnswer(answer: KeptAnswer): void
  readonly notices: NoticeTransaction
}

/** A subject that a person put right: what the line could have known, told by whom and when. */
export interface Correction {
  /** The caller's words. */
  words: string
  /** Full id of the subject that it really is. */
  subject: string
  /** The account's login. */
  by: string
  at: Date
}

/** The one store. Refuses with `store-unavailable` when the database cannot be reached. */
export interface Store {
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  transcriptAfter(conversationId: string, seq: number, limit: number): Promise<TranscriptEntry[]>
  listCases(filter: CaseFilter): Promise<Page<CaseSummary>>
  /** Counts by state and by light, for the desk's head and for metrics. */
  countCases(
    filter: { department?: string },
    now: Date,
  ): Promise<{ open: number; overdue: number; warned: number; byState: Record<string, number> }>
  dueClocks(now: Date, limit: number): Promise<DueClock[]>
  /** Ids of cases with an open clock that was worked out by an older calendar than this version (versions sort as text). */
  casesTimedBefore(calendarVersion: string, limit: number): Promise<string[]>
  /** The last correction of each case's subject by a person at the desk, oldest first; none of confidential cases. */
  corrections(): Promise<Correction[]>
  /** Every event of every case in order of case and seq, for the audit. */
  eachCaseEvents(): AsyncIterable<{ caseId: string; version: number; hash: string; events: CaseEvent[] }>
  accounts: AccountStore
  calls: CallStore
  webhooks: WebhookStore
  answers: AnswerStore
  ping(): Promise<void>
}

export interface AccountStore {
  /** The account when login and password fit, else null; takes the same time either way. */
  verify(login: string, password: string): Promise<Account | null>
  add(account: Omit<Account, 'id'>, password: string): Promise<Account>
  list(): Promise<Account[]>
  openSession(accountId: string, until: Date): Promise<string>
  session(token: string, now: Date): Promise<Account | null>
  closeSession(token: string): Promise<void>
  /** Who looked at what: every look at a case's person data and at a confidential case. */
  recordLook(accountId: string, caseId: string, at: Date): Promise<void>
}

/** Something changed; receivers refetch when they see a gap. Best effort: never the only way to learn it. */
export type BusMessage =
  | { topic: 'conversation'; conversationId: string; seq: number }
  | { topic: 'case'; caseId: string; version: number }

export interface Bus {
  publish(messages: readonly BusMessage[]): void
  /** Returns how to stop listening. */
  subscribe(listener: (message: BusMessage) => void): () => void
  close(): Promise<void>
}

/** One turn at a time per conversation, over all instances that share it. */
export interface TurnLock {
  run<T>(conversationId: string, turn: () => Promise<T>): Promise<T>
}
