import type pg from 'pg'
import { type Case, foldCase } from '../../cases/case.ts'
import type { CaseEvent } from '../../cases/case-event.ts'
import type { Conversation, TranscriptEntry } from '../../conversation/message.ts'
import type { CaseAlike } from '../../followup/supervision-rules.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ChatTransaction } from '../../usecases/chat-ports.ts'
import type { ExternalIds } from '../../usecases/external-id-ports.ts'
import type { HelpTransaction } from '../../usecases/help-ports.ts'
import type { AnyJob } from '../../usecases/job.ts'
import type { NoticeTransaction } from '../../usecases/notice-ports.ts'
import type {
  CaseSummary,
  Filing,
  KeptAnswer,
  Likeness,
  Neighbour,
  Person,
  Transaction,
} from '../../usecases/ports.ts'
import { answerPart } from './answer-store.ts'
import {
  EVENT_COLUMNS,
  type EventRow,
  eventOf,
  SUMMARY_COLUMNS,
  type SummaryRow,
  summaryOf,
} from './case-rows.ts'
import type { CaseSequences } from './case-sequences.ts'
import { type AlikeRow, alikeOf, casesAlikeStatement } from './cases-alike.ts'
import { chatTransaction } from './chat-transaction.ts'
import { runStatement, runTogether } from './connection.ts'
import { type ConversationRow, conversationOf, entryOf, type TranscriptRow } from './conversation-rows.ts'
import { externalIds } from './external-ids.ts'
import { helpTransaction } from './help-store.ts'
import {
  answeredWithStatement,
  heirStatement,
  joinedToStatement,
  type NeighbourRow,
  neighbourOf,
  neighboursStatement,
  peopleStatement,
} from './neighbour-rows.ts'
import { noticeTransaction } from './notice-transaction.ts'
import { phoneKeyOf } from './phone-proofs.ts'
import type { RecentConversations } from './recent-conversations.ts'
import type { StatementPart } from './statement-part.ts'
import type { JobWriter, PersonVault } from './store-parts.ts'
import { type Writes, writeStatement } from './write-statement.ts'

/** What a transaction works with. */
export interface TransactionParts {
  pool: pg.Pool
  vault: PersonVault
  jobs: JobWriter
  sequences: CaseSequences
  recent: RecentConversations
  jurisdiction: string
}

/** Reads at once, collects writes, and writes them together in `commit`. */
export class PostgresTransaction implements Transaction {
  readonly #parts: TransactionParts
  readonly #writes: Writes = {
    conversations: [],
    transcript: [],
    filings: [],
    changes: [],
    persons: [],
    others: [],
  }
  /** What of `#writes` is about a case, so that many changes in one transaction find each other at once. */
  readonly #written = new Map<string, Writes['filings'][number] | Writes['changes'][number]>()
  readonly #jobs: AnyJob[] = []

  readonly notices: NoticeTransaction
  readonly chats: ChatTransaction
  readonly externalIds: ExternalIds
  readonly help: HelpTransaction

  constructor(parts: TransactionParts) {
    this.#parts = parts
    const write = (part: StatementPart) => void this.#writes.others.push(part)
    this.notices = noticeTransaction(parts, write)
    this.chats = chatTransaction(parts, write)
    this.externalIds = externalIds(parts, write)
    this.help = helpTransaction(write)
  }

  async conversation(id: string): Promise<Conversation | null> {
    const [row] = await this.#read<ConversationRow>(
      'conversation',
      `select id, channel, user_id, locale, state, last_seq, version, created_at, changed_at
       from conversations where id = $1`,
      [id],
    )
    return row ? conversationOf(row) : null
  }

  async recentConversation(id: string): Promise<Conversation | null> {
    return this.#parts.recent.get(id) ?? this.conversation(id)
  }

  async earlierTurn(conversationId: string, externalId: string): Promise<TranscriptEntry[] | null> {
    const rows = await this.#read<TranscriptRow>(
      'earlier-turn',
      `select entry.* from transcript asked join transcript entry
         on entry.conversation_id = asked.conversation_id and entry.seq >= asked.seq
         and (entry.seq = asked.seq or entry.reply_to = asked.seq)
       where asked.conversation_id = $1 and asked.external_id = $2 order by entry.seq`,
      [conversationId, externalId],
    )
    return rows.length > 0 ? rows.map(entryOf) : null
  }

  async caseById(id: string): Promise<{ case: Case; events: CaseEvent[] } | null> {
    const stored = folded(
      await this.#read<EventRow>(
        'case-by-id',
        `select ${EVENT_COLUMNS} from case_events where case_id = $1 order by seq`,
        [id],
      ),
    )
    const written = this.#written.get(id)
    return written
      ? { case: written.current, events: [...(stored?.events ?? []), ...written.events] }
      : stored
  }

  async casesById(ids: readonly string[]): Promise<Map<string, Case>> {
    const rows = await this.#read<EventRow>(
      'cases-by-id',
      `select ${EVENT_COLUMNS} from case_events where case_id = any($1) order by case_id, seq`,
      [ids],
    )
    const cases = new Map<string, Case>()
    for (const [id, events] of Map.groupBy(rows, row => row.case_id)) cases.set(id, folded(events)!.case)
    for (const id of ids) {
      const written = this.#written.get(id)
      if (written) cases.set(id, written.current)
    }
    return cases
  }

  async caseByNumber(number: string): Promise<{ case: Case; events: CaseEvent[] } | null> {
    return folded(
      await this.#read<EventRow>(
        'case-by-number',
        `select ${EVENT_COLUMNS} from case_events
         where case_id = (select id from cases where number = $1) order by seq`,
        [number],
      ),
    )
  }

  async isQueryCodeOf(caseId: string, queryCode: string): Promise<boolean> {
    const [row] = await this.#read<{ query_code_hash: Buffer }>(
      'query-code',
      'select query_code_hash from cases where id = $1',
      [caseId],
    )
    return row !== undefined && this.#parts.vault.isQueryCode(caseId, queryCode, row.query_code_hash)
  }

  async casesOf(person: { channel: string; channelUserId: string }, limit: number): Promise<CaseSummary[]> {
    const rows = await this.#read<SummaryRow>(
      'cases-of',
      `select ${SUMMARY_COLUMNS.join(', ')} from cases where user_key = $1 order by filed_at desc, id desc limit $2`,
      [this.#parts.vault.userKey(person), limit],
    )
    return rows.map(summaryOf)
  }

  async casesAlike(like: Likeness): Promise<CaseAlike[]> {
    const { name, text, values } = casesAlikeStatement(like)
    const stored = (await this.#read<AlikeRow>(name, text, values)).map(alikeOf)
    const own = this.#writes.filings
      .filter(
        ({ current }) =>
          (current.subject === like.subject && current.elements.place === like.place) ||
          (current.joined !== null && current.joined.to === like.handled),
      )
      .map(({ current, userKey }) => ({
        id: current.id,
        person: userKey.toString('hex'),
        filedAt: current.filedAt,
        isOpen: current.state !== 'joined',
      }))
    return [...stored, ...own]
  }

  async neighbours(
    like: { jurisdiction: string; key: string; since: Date },
    person: { channel: string; channelUserId: string },
  ): Promise<Neighbour[]> {
    const { pool, vault } = this.#parts
    const rows = await runStatement<NeighbourRow>(pool, neighboursStatement(like, vault.userKey(person)))
    return rows.map(neighbourOf)
  }

  async joinedTo(caseId: string, page: { after: string; limit: number }): Promise<CaseSummary[]> {
    const rows = await runStatement<SummaryRow>(this.#parts.pool, joinedToStatement(caseId, page))
    return rows.map(summaryOf)
  }

  async answeredWith(caseId: string, page: { after: string; limit: number }): Promise<{ id: string }[]> {
    return runStatement<{ id: string }>(this.#parts.pool, answeredWithStatement(caseId, page))
  }

  async heirOf(caseId: string): Promise<string | null> {
    const [row] = await runStatement<{ id: string }>(this.#parts.pool, heirStatement(caseId))
    return row?.id ?? null
  }

  async peopleOf(caseId: string): Promise<number> {
    const [row] = await runStatement<{ people: number }>(this.#parts.pool, peopleStatement(caseId))
    return row?.people ?? 0
  }

  async personOf(caseId: string): Promise<Person | null> {
    const [row] = await this.#read<{ sealed: Buffer }>(
      'person-of',
      'select sealed from persons where case_id = $1',
      [caseId],
    )
    return row ? this.#parts.vault.open(caseId, row.sealed) : null
  }

  async conversationOf(caseId: string): Promise<string | null> {
    const [row] = await this.#read<{ conversation_id: string | null }>(
      'conversation-of',
      'select conversation_id from cases where id = $1',
      [caseId],
    )
    return row?.conversation_id ?? null
  }

  takeCaseSequence(localDate: string): Promise<number> {
    return this.#parts.sequences.take(localDate)
  }

  saveConversation(conversation: Conversation, expectedVersion: number | null): void {
    const earlier = this.#writes.conversations.find(write => write.conversation.id === conversation.id)
    if (earlier) earlier.conversation = conversation
    else this.#writes.conversations.push({ conversation, expectedVersion })
  }

  addTranscript(entries: readonly TranscriptEntry[]): void {
    this.#writes.transcript.push(...entries)
  }

  addCase(current: Case, events: readonly CaseEvent[], filing: Filing): void {
    const { vault } = this.#parts
    const added = {
      current,
      events: [...events],
      sealed: vault.seal(current.id, filing.person),
      userKey: vault.userKey(filing.person),
      phoneKey: phoneKeyOf(vault, filing.person),
      queryCodeHash: vault.queryCodeHash(current.id, filing.queryCode),
      conversationId: filing.conversationId,
    }
    this.#writes.filings.push(added)
    this.#written.set(current.id, added)
  }

  saveCase(current: Case, newEvents: readonly CaseEvent[], expectedVersion: number): void {
    const earlier = this.#written.get(current.id)
    if (!earlier) {
      const change = { current, events: [...newEvents], expectedVersion }
      this.#writes.changes.push(change)
      this.#written.set(current.id, change)
      return
    }
    // A second change of the same case in one transaction goes on from the first.
    if (earlier.current.version !== expectedVersion) throw new AppError('version-conflict')
    earlier.current = current
    earlier.events.push(...newEvents)
  }

  savePerson(caseId: string, person: Person): void {
    const sealed = this.#parts.vault.seal(caseId, person)
    const { filings, persons } = this.#writes
    const earlier =
      filings.find(filing => filing.current.id === caseId) ?? persons.find(write => write.caseId === caseId)
    const phoneKey = phoneKeyOf(this.#parts.vault, person)
    if (earlier) Object.assign(earlier, { sealed, phoneKey })
    else persons.push({ caseId, sealed, phoneKey })
  }

  enqueue(jobs: readonly AnyJob[]): void {
    this.#jobs.push(...jobs)
  }

  keepAnswer(answer: KeptAnswer): void {
    this.#writes.others.push(answerPart(answer))
  }

  /** Writes everything in one round trip. */
  async commit(): Promise<void> {
    const { recent } = this.#parts
    for (const { conversation } of this.#writes.conversations) recent.forget(conversation.id)
    await this.#write()
    for (const { conversation } of this.#writes.conversations) recent.keep(conversation)
  }

  async #write(): Promise<void> {
    const { pool, jobs, jurisdiction } = this.#parts
    const statement = writeStatement(this.#writes, jurisdiction)
    if (this.#jobs.length > 0) {
      const queued = await jobs.statementsFor(this.#jobs)
      await runTogether(pool, statement ? [statement, ...queued] : queued)
      jobs.wake?.(this.#jobs)
    } else if (statement) {
      await runStatement(pool, statement)
    }
  }

  #read<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return runStatement<Row>(this.#parts.pool, { name, text, values })
  }
}

function folded(rows: readonly EventRow[]): { case: Case; events: CaseEvent[] } | null {
  if (rows.length === 0) return null
  const events = rows.map(eventOf)
  return { case: foldCase(events), events }
}
