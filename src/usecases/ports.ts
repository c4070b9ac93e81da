import type { AuditedCase, AuditedRows } from '../cases/audit-case.ts'
import type { Case } from '../cases/case.ts'
import type { CaseEvent } from '../cases/case-event.ts'
import type { ClockName } from '../clocks/stage-clock.ts'
import type { Conversation, TranscriptEntry } from '../conversation/message.ts'
import type { CaseAlike } from '../followup/supervision-rules.ts'
import type { CaseScore, Exclusion, Measure } from '../followup/three-rates.ts'
import type { AnchorStore } from './anchor-ports.ts'
import type { BookingStore } from './booking-ports.ts'
import type { CaseConditions, CaseFilter } from './case-filter.ts'
import type { ContactStore, FeedStore } from './channel-ports.ts'
import type { ChatStore, ChatTransaction } from './chat-ports.ts'
import type { DeskTaskStore } from './desk-task-ports.ts'
import type { EnterpriseStore } from './enterprise-ports.ts'
import type { ExportStore } from './export-ports.ts'
import type { ExternalIds } from './external-id-ports.ts'
import type { HallStore } from './hall-ports.ts'
import type { CaseFileStore, SavedFilterStore, StateCount } from './handler-ports.ts'
import type { HelpStore, HelpTransaction } from './help-ports.ts'
import type { AnyJob } from './job.ts'
import type { ApiKeyStore } from './key-ports.ts'
import type { HealthStore } from './line-health-ports.ts'
import type { CallStore, NoticeTransaction, WebhookStore } from './notice-ports.ts'
import type { OverviewStore } from './overview-ports.ts'
import type { PhoneCallStore } from './phone-call-ports.ts'
import type { PhoneProofs } from './phone-proof-ports.ts'
import type { PublicCaseStore } from './public-case-ports.ts'
import type { RegistrationDrafts } from './registration-ports.ts'
import type { ScoreScope } from './score-scope.ts'
import type { AccountStore } from './staff-ports.ts'

export type { CaseFilter } from './case-filter.ts'
export type { Bus, BusMessage, TurnLock } from './live-ports.ts'
export type { ScoreScope } from './score-scope.ts'
export type { Account, AccountStore, Look, LookAtCase } from './staff-ports.ts'

/** Who a case belongs to; kept apart from the case and only ever stored sealed. */
export interface Person {
  name: string | null
  /** Name of the enterprise for which they speak. */
  organisation?: string
  /** Of an applicant: number of the identity card of a person, unified social credit code of an enterprise. */
  identityNumber?: string
  creditCode?: string
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
  /** Until when it is to be signed for; null once it is. */
  signDueAt: Date | null
}

/** What makes cases alike: one subject at one place, or that they have joined one of them. */
export interface Likeness {
  subject: string
  place: string
  /** The case that is handled for those who joined it. */
  handled: string | null
  since: Date
}

/** An open case about a thing at a spot that others may tell of too. */
export interface Neighbour {
  id: string
  subject: string
  summary: string
  place: string | null
  street: string | null
  lead: string
  stage: string
  filedAt: Date
  /** The promise that runs now; null while its clock stands. */
  dueAt: Date | null
  /** Who told of it: the one who filed it and those who joined. */
  people: number
  /** Is the person who asks one of them? */
  isOwn: boolean
}

/** A case in a list, with how many people told of it: those who joined it and its own teller. */
export interface ListedCase extends CaseSummary {
  people: number
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

/**
 * Reads see committed data. Writes are collected and written together, in one database transaction, when the work function
 * has returned; nothing is written when it throws.
 */
export interface Transaction {
  conversation(id: string): Promise<Conversation | null>
  /** The same without asking the store, when this instance wrote it a moment ago. When that is out of date, saving it refuses with `version-conflict`. */
  recentConversation(id: string): Promise<Conversation | null>
  /** The entry that this external id made before and everything that answered it; null when it is new. */
  earlierTurn(conversationId: string, externalId: string): Promise<TranscriptEntry[] | null>
  /** As this transaction has changed it, if it has. */
  caseById(id: string): Promise<{ case: Case; events: CaseEvent[] } | null>
  /** The same for many by one look at the store; those that there are, by their ids. */
  casesById(ids: readonly string[]): Promise<Map<string, Case>>
  caseByNumber(number: string): Promise<{ case: Case; events: CaseEvent[] } | null>
  isQueryCodeOf(caseId: string, queryCode: string): Promise<boolean>
  /** Cases of this person on this channel, newest first. */
  casesOf(person: { channel: string; channelUserId: string }, limit: number): Promise<CaseSummary[]>
  /**
   * Cases that are alike and were filed since, oldest first, those filed in this transaction too; not those that
   * were withdrawn or not accepted. At most a thousand.
   */
  casesAlike(like: Likeness): Promise<CaseAlike[]>
  /** Open cases with this key that were filed since, newest first, twenty at most: one look-up, however many cases there are. */
  neighbours(
    like: { jurisdiction: string; key: string; since: Date },
    person: { channel: string; channelUserId: string },
  ): Promise<Neighbour[]>
  /** Cases that wait for the answer of this one, in order of their ids, from the one after `after`. */
  joinedTo(caseId: string, page: { after: string; limit: number }): Promise<CaseSummary[]>
  /** Cases that had the answer of this one as their own, in the same order. */
  answeredWith(caseId: string, page: { after: string; limit: number }): Promise<{ id: string }[]>
  /** A case that once was joined to this one and is now handled by itself; others may join it. */
  heirOf(caseId: string): Promise<string | null>
  /** How many people told of it: its own teller and those who joined. */
  peopleOf(caseId: string): Promise<number>
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
  enqueue(jobs: readonly AnyJob[]): void
  /** @throws AppError `version-conflict` at commit when the same request was answered meanwhile */
  keepAnswer(answer: KeptAnswer): void
  readonly notices: NoticeTransaction
  readonly chats: ChatTransaction
  readonly externalIds: ExternalIds
  readonly help: HelpTransaction
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
  listCases(filter: CaseFilter): Promise<Page<ListedCase>>
  /** Counts by state and by light, for the desk's head and for metrics. */
  countCases(
    filter: { department?: string },
    now: Date,
  ): Promise<{ open: number; overdue: number; warned: number; byState: Record<string, number> }>
  /** The cases that match, by their states and whether they came back. */
  countByState(filter: CaseConditions, now: Date): Promise<StateCount[]>
  dueClocks(now: Date, limit: number): Promise<DueClock[]>
  /** Ids of cases with an open clock that was worked out by an older calendar than this version (versions sort as text). */
  casesTimedBefore(calendarVersion: string, limit: number): Promise<string[]>
  /** The last correction of each case's subject by a person at the desk, oldest first; none of confidential cases. */
  corrections(): Promise<Correction[]>
  /** Every case in order of its id with all its events, as they were when the reading began; nothing can be written meanwhile by it. */
  eachCaseEvents(filed?: { from?: Date; before?: Date }): AsyncIterable<AuditedCase>
  /** The same with what else is stored of each case, whatever somebody made of it. */
  eachAuditedCase(): AsyncIterable<AuditedRows>
  anchors: AnchorStore
  scores: ScoreStore
  publicCases: PublicCaseStore
  overviews: OverviewStore
  accounts: AccountStore
  keys: ApiKeyStore
  enterprises: EnterpriseStore
  exports: ExportStore
  calls: CallStore
  phoneCalls: PhoneCallStore
  phoneProofs: PhoneProofs
  registrationDrafts: RegistrationDrafts
  chats: ChatStore
  webhooks: WebhookStore
  contacts: ContactStore
  feeds: FeedStore
  filters: SavedFilterStore
  caseFiles: CaseFileStore
  answers: AnswerStore
  tasks: DeskTaskStore
  health: HealthStore
  help: HelpStore
  bookings: BookingStore
  hall: HallStore
  ping(): Promise<void>
}

export const SCORE_GROUPS = ['all', 'department', 'subject', 'street', 'channel', 'type', 'month'] as const
export type ScoreGroup = (typeof SCORE_GROUPS)[number]

/** One number of an evaluation: the cases that count for a measure, those of them that met it or missed it, or those left out. */
export type Figure =
  | { measure: Measure; part: 'counted' | 'met' | 'missed' }
  | { exclusion: Exclusion['because'] }

/** A group's numbers. `key` is null for cases that have no such thing, e.g. no street. */
export interface GroupScore {
  key: string | null
  measures: Partial<Record<Measure, { counted: number; met: number }>>
  exclusions: Partial<Record<Exclusion['because'], number>>
  /** Dispatches of all cases that were dispatched, together. */
  hops: number
}

/** A case behind a number: the holding of a department that the number counted. */
export interface ScoredCase {
  summary: CaseSummary
  department: string
  exclusion: Exclusion | null
}

/** What each case counts for; kept beside the cases and always worked out again from their events. */
export interface ScoreStore {
  /** Ids of cases that have changed since they were scored, in order, after this one. */
  outdated(after: string, limit: number): Promise<string[]>
  eventsOf(caseIds: readonly string[]): Promise<CaseEvent[][]>
  /** All scores of these cases; a newer score is not replaced by an older one. */
  put(scores: readonly CaseScore[]): Promise<void>
  evaluate(scope: ScoreScope, group: ScoreGroup): Promise<GroupScore[]>
  /** Exactly the cases that `evaluate` counted, of one group or of all. */
  casesBehind(
    scope: ScoreScope,
    figure: Figure,
    of: { group: ScoreGroup; key: string | null } | null,
    page: { limit: number; after: string | null },
  ): Promise<ScoredCase[]>
}
