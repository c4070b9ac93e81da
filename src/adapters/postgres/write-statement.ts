import type { Case } from '../../cases/case.ts'
import type { CaseEvent } from '../../cases/case-event.ts'
import { JOINABLE_STATES } from '../../cases/case-state.ts'
import type { Conversation, TranscriptEntry } from '../../conversation/message.ts'
import { clockRows, eventRow, filedColumnsOf, projectionOf } from './case-rows.ts'
import type { Statement } from './connection.ts'
import { storableJson, transcriptRow } from './conversation-rows.ts'
import type { StatementPart } from './statement-part.ts'

/** From so many changed cases on they come as one JSON parameter, too: a part for each would make a statement of its own length. */
const MANY = 8

/** Everything that one transaction writes. */
export interface Writes {
  conversations: { conversation: Conversation; expectedVersion: number | null }[]
  transcript: TranscriptEntry[]
  filings: NewCase[]
  changes: { current: Case; events: CaseEvent[]; expectedVersion: number }[]
  persons: { caseId: string; sealed: Buffer; phoneKey: Buffer }[]
  others: StatementPart[]
}

export interface NewCase {
  current: Case
  events: CaseEvent[]
  sealed: Buffer
  userKey: Buffer
  /** Of the person's mobile number; empty without one. */
  phoneKey: Buffer
  queryCodeHash: Buffer
  conversationId: string | null
}

/**
 * One statement that writes it all, or nothing: each part is a data-modifying CTE, and at the end `expect_changed`
 * raises when an update did not find the version that it expected. Rows that are new come as one JSON parameter per
 * table; updates carry plain parameters, so that their plan is always one index look-up. Null when there is nothing.
 */
export function writeStatement(writes: Writes, jurisdiction: string): Statement | null {
  const parts = new Parts()
  for (const { conversation, expectedVersion } of writes.conversations) {
    if (expectedVersion === null) insertConversation(parts, conversation, jurisdiction)
    else updateConversation(parts, conversation, expectedVersion)
  }
  if (writes.transcript.length > 0) insertTranscript(parts, writes.transcript)
  if (writes.filings.length > 0) insertCases(parts, writes.filings)
  if (writes.changes.length >= MANY) updateCases(parts, writes.changes)
  else for (const { current, expectedVersion } of writes.changes) updateCase(parts, current, expectedVersion)
  for (const person of writes.persons) replacePerson(parts, person)
  holdJoined(parts, writes)
  insertEvents(parts, writes)
  writeClocks(parts, writes)
  for (const { kind, values, text, changes } of writes.others) {
    if (changes === undefined) parts.add(kind, values, text)
    else parts.addUpdate(kind, values, text, changes)
  }
  return parts.statement()
}

/** Collects the parts; the same kinds of parts always make the same text, so its name can stand for it. */
class Parts {
  readonly #texts: string[] = []
  readonly #values: unknown[] = []
  readonly #updates: string[] = []
  #meant = 0
  #name = 'write'

  add(kind: string, values: unknown[], text: (parameters: string[]) => string): void {
    const parameters = values.map((_, index) => `$${this.#values.length + index + 1}`)
    this.#values.push(...values)
    this.#texts.push(`p${this.#texts.length} as (${text(parameters)})`)
    this.#name += `-${kind}`
  }

  /** A part that must change, or hold, exactly so many rows; it returns them. */
  addUpdate(kind: string, values: unknown[], text: (parameters: string[]) => string, meant = 1): void {
    this.#updates.push(`(select count(*) from p${this.#texts.length})`)
    this.#meant += meant
    this.add(kind, values, text)
  }

  statement(): Statement | null {
    if (this.#texts.length === 0) return null
    const values = [...this.#values]
    let check = 'select'
    if (this.#updates.length > 0) {
      // How many is not part of the text, since the same text may be meant to change one or a thousand.
      values.push(this.#meant)
      check = `select expect_changed(${this.#updates.join(' + ')}, $${values.length})`
    }
    return { name: this.#name, text: `with ${this.#texts.join(',\n')}\n${check}`, values }
  }
}

function insertConversation(parts: Parts, conversation: Conversation, jurisdiction: string): void {
  const { id, channel, userId, locale, state, lastSeq, version, createdAt, changedAt } = conversation
  const values = [id, jurisdiction, channel, userId, locale, storableJson(state ?? null), lastSeq, version]
  parts.add(
    'c',
    [...values, createdAt, changedAt],
    parameters => `insert into conversations
      (id, jurisdiction, channel, user_id, locale, state, last_seq, version, created_at, changed_at)
      values (${parameters.join(', ')})`,
  )
}

function updateConversation(parts: Parts, conversation: Conversation, expectedVersion: number): void {
  const { id, userId, locale, state, lastSeq, version, changedAt } = conversation
  const values = [
    id,
    expectedVersion,
    userId,
    locale,
    storableJson(state ?? null),
    lastSeq,
    version,
    changedAt,
  ]
  parts.addUpdate(
    'C',
    values,
    ([key, expected, userKey, language, standing, last, next, changed]) => `update conversations
      set user_id = ${userKey}, locale = ${language}, state = ${standing}, last_seq = ${last}, version = ${next},
        changed_at = ${changed}
      where id = ${key} and version = ${expected} returning 1`,
  )
}

function insertTranscript(parts: Parts, entries: readonly TranscriptEntry[]): void {
  parts.add(
    't',
    [storableJson(entries.map(transcriptRow))],
    ([rows]) => `insert into transcript (conversation_id, seq, id, speaker, at, reply_to, external_id, body)
      select conversation_id, seq, id, speaker, at, reply_to, external_id, body
      from json_to_recordset(${rows}) as row(conversation_id text, seq integer, id text, speaker text,
        at timestamptz, reply_to integer, external_id text, body jsonb)`,
  )
}

/** Types of the columns that follow from a case as it is now. */
export const CASE_COLUMNS = {
  id: 'text',
  version: 'integer',
  hash: 'text',
  state: 'text',
  stage: 'text',
  type: 'text',
  subject: 'text',
  grade: 'text',
  summary: 'text',
  place: 'text',
  street: 'text',
  lead: 'text',
  co_handlers: 'text[]',
  is_confidential: 'boolean',
  is_emergency: 'boolean',
  changed_at: 'timestamptz',
  due_at: 'timestamptz',
  warn_at: 'timestamptz',
  sign_due_at: 'timestamptz',
  neighbour_key: 'text',
  joined_to: 'text',
  community: 'text',
  promise_from: 'timestamptz',
  awaits: 'text[]',
  review_at: 'timestamptz',
  supervision_level: 'text',
  supervision_due_at: 'timestamptz',
  search: 'text',
} as const satisfies Record<keyof ReturnType<typeof projectionOf>, string>

const NEW_CASE_COLUMNS = {
  ...CASE_COLUMNS,
  jurisdiction: 'text',
  number: 'text',
  channel: 'text',
  filed_at: 'timestamptz',
  conversation_id: 'text',
}

const columnNames = Object.keys(NEW_CASE_COLUMNS).join(', ')
const columnTypes = typesOf(NEW_CASE_COLUMNS)
const caseColumnTypes = typesOf(CASE_COLUMNS)

function typesOf(columns: Record<string, string>): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')
}

/** The sealed person goes along, so that no case is ever without one. */
function insertCases(parts: Parts, filings: readonly NewCase[]): void {
  const rows = filings.map(({ current, sealed, userKey, phoneKey, queryCodeHash, conversationId }) => ({
    ...projectionOf(current),
    ...filedColumnsOf(current),
    conversation_id: conversationId,
    user_key: userKey.toString('hex'),
    query_code_hash: queryCodeHash.toString('hex'),
    sealed: sealed.toString('hex'),
    phone_key: phoneKey.toString('hex'),
  }))
  parts.add(
    'f',
    [JSON.stringify(rows)],
    ([json]) => `insert into cases (${columnNames}, user_key, query_code_hash)
      select ${columnNames}, decode(user_key, 'hex'), decode(query_code_hash, 'hex')
      from json_to_recordset(${json}) as row(${columnTypes}, user_key text, query_code_hash text)`,
  )
  parts.add(
    'p',
    [
      JSON.stringify(
        rows.map(({ id, jurisdiction, sealed, phone_key }) => ({ id, jurisdiction, sealed, phone_key })),
      ),
    ],
    ([json]) => `insert into persons (case_id, jurisdiction, sealed, phone_key)
      select id, jurisdiction, decode(sealed, 'hex'), decode(phone_key, 'hex')
      from json_to_recordset(${json}) as row(id text, jurisdiction text, sealed text, phone_key text)`,
  )
}

function updateCase(parts: Parts, current: Case, expectedVersion: number): void {
  const { id, ...changed } = projectionOf(current)
  const columns = Object.keys(changed)
  parts.addUpdate(
    'F',
    [id, expectedVersion, ...Object.values(changed)],
    ([
      key,
      expected,
      ...values
    ]) => `update cases set ${columns.map((column, index) => `${column} = ${values[index]}`).join(', ')}
      where id = ${key} and version = ${expected} returning 1`,
  )
}

function updateCases(parts: Parts, changes: Writes['changes']): void {
  const rows = changes.map(({ current, expectedVersion }) => ({ ...projectionOf(current), expectedVersion }))
  const columns = Object.keys(CASE_COLUMNS).filter(column => column !== 'id')
  parts.addUpdate(
    'M',
    [JSON.stringify(rows)],
    ([json]) => `update cases set ${columns.map(column => `${column} = row.${column}`).join(', ')}
      from json_to_recordset(${json}) as row(${caseColumnTypes}, "expectedVersion" integer)
      where cases.id = row.id and cases.version = row."expectedVersion" returning 1`,
    changes.length,
  )
}

/**
 * Whom a case joins must be open when that is written: answered at the same moment, its answer would miss the new one. What is
 * changed here too is held by its own version.
 */
function holdJoined(parts: Parts, { filings, changes }: Writes): void {
  const joining = [...filings, ...changes].filter(
    ({ current, events }) =>
      current.state === 'joined' && events.some(event => event.type === 'neighbours-joined'),
  )
  const held = new Set(joining.map(({ current }) => current.joined!.to))
  for (const { current } of [...filings, ...changes]) held.delete(current.id)
  for (const id of held) {
    parts.addUpdate(
      'J',
      [id, JOINABLE_STATES],
      ([key, open]) => `select id from cases where id = ${key} and state = any(${open}::text[]) for share`,
    )
  }
}

function replacePerson(parts: Parts, { caseId, sealed, phoneKey }: Writes['persons'][number]): void {
  parts.addUpdate(
    'P',
    [caseId, sealed, phoneKey],
    ([key, bytes, phone]) =>
      `update persons set sealed = ${bytes}, phone_key = ${phone} where case_id = ${key} returning 1`,
  )
}

function insertEvents(parts: Parts, { filings, changes }: Writes): void {
  const rows = [...filings, ...changes].flatMap(({ current, events }) =>
    events.map(event => eventRow(event, current.jurisdiction)),
  )
  if (rows.length === 0) return
  parts.add(
    'e',
    [JSON.stringify(rows)],
    ([json]) => `insert into case_events
        (case_id, seq, jurisdiction, type, at, actor, reason, data, clocks, previous_hash, hash)
      select case_id, seq, jurisdiction, type, at, actor, reason, data, clocks, previous_hash, hash
      from json_to_recordset(${json}) as row(case_id text, seq integer, jurisdiction text, type text,
        at timestamptz, actor jsonb, reason text, data jsonb, clocks jsonb, previous_hash text, hash text)`,
  )
}

function writeClocks(parts: Parts, { filings, changes }: Writes): void {
  const rows = [...filings, ...changes].flatMap(({ current }) => clockRows(current))
  if (rows.length === 0) return
  parts.add(
    'k',
    [JSON.stringify(rows)],
    ([json]) => `insert into case_clocks as clock (case_id, kind, jurisdiction, alarm_at, calendar_version)
      select case_id, kind, jurisdiction, alarm_at, calendar_version
      from json_to_recordset(${json}) as row(case_id text, kind text, jurisdiction text, alarm_at timestamptz,
        calendar_version text)
      on conflict (case_id, kind) do update
        set alarm_at = excluded.alarm_at, calendar_version = excluded.calendar_version
      where (clock.alarm_at, clock.calendar_version)
        is distinct from (excluded.alarm_at, excluded.calendar_version)`,
  )
}
