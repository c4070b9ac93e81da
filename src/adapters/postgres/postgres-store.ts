import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { AuditedCase, AuditedRows } from '../../cases/audit-case.ts'
import type { TranscriptEntry } from '../../conversation/message.ts'
import type { AnchorStore } from '../../usecases/anchor-ports.ts'
import type { BookingStore } from '../../usecases/booking-ports.ts'
import type { CaseConditions } from '../../usecases/case-filter.ts'
import type { ContactStore, FeedStore } from '../../usecases/channel-ports.ts'
import type { ChatStore } from '../../usecases/chat-ports.ts'
import type { DeskTaskStore } from '../../usecases/desk-task-ports.ts'
import type { EnterpriseStore } from '../../usecases/enterprise-ports.ts'
import type { ExportStore } from '../../usecases/export-ports.ts'
import type { HallStore } from '../../usecases/hall-ports.ts'
import type { CaseFileStore, SavedFilterStore } from '../../usecases/handler-ports.ts'
import type { HelpStore } from '../../usecases/help-ports.ts'
import type { ApiKeyStore } from '../../usecases/key-ports.ts'
import type { HealthStore } from '../../usecases/line-health-ports.ts'
import type { CallStore, WebhookStore } from '../../usecases/notice-ports.ts'
import type { OverviewStore } from '../../usecases/overview-ports.ts'
import type { PhoneCallStore } from '../../usecases/phone-call-ports.ts'
import type { PhoneProofs } from '../../usecases/phone-proof-ports.ts'
import type {
  AccountStore,
  AnswerStore,
  CaseFilter,
  Correction,
  DueClock,
  ListedCase,
  Page,
  ScoreStore,
  Store,
  Transaction,
} from '../../usecases/ports.ts'
import type { PublicCaseStore } from '../../usecases/public-case-ports.ts'
import type { RegistrationDrafts } from '../../usecases/registration-ports.ts'
import { createAccountStore } from './account-store.ts'
import { createAnchorStore } from './anchor-store.ts'
import { createAnswerStore } from './answer-store.ts'
import { createApiKeyStore } from './api-key-store.ts'
import { createBookingStore } from './booking-store.ts'
import { createCallStore } from './call-store.ts'
import { type FiledBetween, readAuditedCases, readCaseEvents } from './case-audit.ts'
import { countByState, countCases, listCases } from './case-lists.ts'
import { CaseSequences } from './case-sequences.ts'
import { createChatStore } from './chat-store.ts'
import { runStatement } from './connection.ts'
import { createContactStore } from './contact-store.ts'
import { entryOf, type TranscriptRow } from './conversation-rows.ts'
import { readCorrections } from './corrections.ts'
import { createDeskTaskStore } from './desk-task-store.ts'
import { createEnterpriseStore } from './enterprise-store.ts'
import { createExportStore } from './export-store.ts'
import { createFeedStore } from './feed-store.ts'
import { createHallStore } from './hall-store.ts'
import { createCaseFileStore, createSavedFilterStore } from './handler-stores.ts'
import { createHealthStore } from './health-store.ts'
import { createHelpStore } from './help-store.ts'
import { createOverviewStore } from './overview-store.ts'
import { createPhoneCallStore } from './phone-call-store.ts'
import { createPhoneProofs } from './phone-proofs.ts'
import { PostgresTransaction, type TransactionParts } from './postgres-transaction.ts'
import { createPublicCaseStore } from './public-case-store.ts'
import { RecentConversations } from './recent-conversations.ts'
import { createRegistrationDrafts } from './registration-drafts.ts'
import { createScoreStore } from './score-store.ts'
import type { StoreParts } from './store-parts.ts'
import type { Tables } from './tables.ts'
import { createWebhookStore } from './webhook-store.ts'

/** The store on PostgreSQL, embedded or a server. */
export class PostgresStore implements Store {
  readonly accounts: AccountStore
  readonly keys: ApiKeyStore
  readonly enterprises: EnterpriseStore
  readonly exports: ExportStore
  readonly calls: CallStore
  readonly phoneCalls: PhoneCallStore
  readonly phoneProofs: PhoneProofs
  readonly registrationDrafts: RegistrationDrafts
  readonly chats: ChatStore
  readonly webhooks: WebhookStore
  readonly contacts: ContactStore
  readonly feeds: FeedStore
  readonly answers: AnswerStore
  readonly anchors: AnchorStore
  readonly scores: ScoreStore
  readonly publicCases: PublicCaseStore
  readonly filters: SavedFilterStore
  readonly caseFiles: CaseFileStore
  readonly overviews: OverviewStore
  readonly tasks: DeskTaskStore
  readonly health: HealthStore
  readonly help: HelpStore
  readonly bookings: BookingStore
  readonly hall: HallStore
  readonly #pool: pg.Pool
  readonly #parts: TransactionParts
  readonly #kysely: Kysely<Tables>

  constructor({ pool, vault, jobs, passwords, jurisdiction }: StoreParts) {
    this.#pool = pool
    this.#kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    this.#parts = {
      pool,
      vault,
      jobs,
      jurisdiction,
      sequences: new CaseSequences(pool),
      recent: new RecentConversations(),
    }
    this.accounts = createAccountStore(pool, passwords, vault)
    this.keys = createApiKeyStore(pool, passwords)
    this.enterprises = createEnterpriseStore(pool, { vault, passwords, jurisdiction })
    this.exports = createExportStore(pool)
    this.calls = createCallStore(pool)
    this.phoneCalls = createPhoneCallStore(pool, vault, jurisdiction)
    this.phoneProofs = createPhoneProofs(pool, vault, passwords)
    this.registrationDrafts = createRegistrationDrafts(pool, vault)
    this.chats = createChatStore(pool, jurisdiction)
    this.webhooks = createWebhookStore(pool, vault)
    this.contacts = createContactStore(pool, vault, jurisdiction)
    this.feeds = createFeedStore(pool, jurisdiction)
    this.answers = createAnswerStore(pool)
    this.anchors = createAnchorStore(pool)
    this.scores = createScoreStore(pool, this.#kysely)
    this.publicCases = createPublicCaseStore(this.#kysely)
    this.filters = createSavedFilterStore(pool)
    this.caseFiles = createCaseFileStore(pool)
    this.overviews = createOverviewStore(this.#kysely)
    this.tasks = createDeskTaskStore(pool)
    this.health = createHealthStore(pool)
    this.help = createHelpStore(pool)
    this.bookings = createBookingStore(pool, vault, jurisdiction)
    this.hall = createHallStore(pool, jurisdiction)
  }

  async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = new PostgresTransaction(this.#parts)
    const result = await work(transaction)
    await transaction.commit()
    return result
  }

  async transcriptAfter(conversationId: string, seq: number, limit: number): Promise<TranscriptEntry[]> {
    const rows = await runStatement<TranscriptRow>(this.#pool, {
      name: 'transcript-after',
      text: 'select * from transcript where conversation_id = $1 and seq > $2 order by seq limit $3',
      values: [conversationId, seq, limit],
    })
    return rows.map(entryOf)
  }

  listCases(filter: CaseFilter): Promise<Page<ListedCase>> {
    return listCases(this.#kysely, filter, person => this.#parts.vault.userKey(person))
  }

  countCases(filter: { department?: string }, now: Date) {
    return countCases(this.#kysely, filter, now)
  }

  countByState(filter: CaseConditions, now: Date) {
    return countByState(this.#kysely, filter, now)
  }

  async dueClocks(now: Date, limit: number): Promise<DueClock[]> {
    const rows = await runStatement<{ case_id: string; kind: DueClock['kind']; alarm_at: Date }>(this.#pool, {
      name: 'due-clocks',
      text: `select case_id, kind, alarm_at from case_clocks where alarm_at <= $1
        order by alarm_at, case_id limit $2`,
      values: [now, limit],
    })
    return rows.map(row => ({ caseId: row.case_id, kind: row.kind, alarmAt: row.alarm_at }))
  }

  async casesTimedBefore(calendarVersion: string, limit: number): Promise<string[]> {
    const rows = await runStatement<{ case_id: string }>(this.#pool, {
      name: 'cases-timed-before',
      // In the index's order, else a plan made for any version would read the whole table to find none.
      text: `select distinct case_id from (
          select case_id from case_clocks where calendar_version collate "C" < $1
          order by calendar_version collate "C" limit $2
        ) outdated`,
      values: [calendarVersion, limit],
    })
    return rows.map(row => row.case_id)
  }

  corrections(): Promise<Correction[]> {
    return readCorrections(this.#pool)
  }

  eachCaseEvents(filed?: FiledBetween): AsyncIterable<AuditedCase> {
    return readCaseEvents(this.#pool, filed)
  }

  eachAuditedCase(): AsyncIterable<AuditedRows> {
    return readAuditedCases(this.#pool)
  }

  async ping(): Promise<void> {
    await runStatement(this.#pool, { name: 'ping', text: 'select', values: [] })
  }
}
