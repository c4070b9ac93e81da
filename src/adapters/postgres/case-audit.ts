import type pg from 'pg'
import type { AuditedCase, AuditedRows } from '../../cases/audit-case.ts'
import { EVENT_COLUMNS, type EventRow, eventOf, recordOf } from './case-rows.ts'
import { type AuditedHead, type ClockRow, columnsUnlike, DERIVED_COLUMNS } from './columns-unlike.ts'
import { type ReadingTogether, readTogether, type Statement } from './connection.ts'
import type { ScoreRow } from './score-rows.ts'

const CASES_AT_ONCE = 500

/** Cases by when they were filed; all of them when nothing is said. */
export interface FiledBetween {
  /** Inclusive. */
  from?: Date
  /** Exclusive. */
  before?: Date
}

/** Every case in order of its id, each with all its events, as they were when the reading began. */
export function readCaseEvents(pool: pg.Pool, filed: FiledBetween = {}): AsyncGenerator<AuditedCase> {
  return readInOrder(pool, async (reader, after) => {
    const heads = await reader.read<Head>(headsAfter(after, filed))
    const events = await eventsOf(reader, after, heads)
    return heads.map(({ id, version, hash }) => ({
      caseId: id,
      version,
      hash,
      events: (events.get(id) ?? []).map(eventOf),
    }))
  })
}

/** The same for whoever doubts it all: events may hold anything, and the case's other rows are compared with them. */
export function readAuditedCases(pool: pg.Pool): AsyncGenerator<AuditedRows> {
  return readInOrder(pool, async (reader, after) => {
    const heads = await reader.read<Head & AuditedHead>(headsAfter(after, {}, AUDITED_HEAD_COLUMNS))
    const events = await eventsOf(reader, after, heads, AUDITED_EVENT_COLUMNS)
    const clocks = await clocksOf(reader, after, heads)
    const scores = await scoresOf(reader, after, heads)
    return heads.map(head => {
      const rows = events.get(head.id) ?? []
      return {
        caseId: head.id,
        version: head.version,
        hash: head.hash,
        events: rows.map(recordOf),
        unlike: () =>
          columnsUnlike({
            row: head,
            clocks: clocks.get(head.id) ?? [],
            scores: scores.get(head.id) ?? [],
            events: rows,
          }),
      }
    })
  })
}

/** In one transaction that can only read, a few hundred cases at a time. */
async function* readInOrder<Read extends { caseId: string }>(
  pool: pg.Pool,
  readAfter: (reader: ReadingTogether, after: string) => Promise<Read[]>,
): AsyncGenerator<Read> {
  const reader = await readTogether(pool)
  try {
    for (let after = ''; ; ) {
      const cases = await readAfter(reader, after)
      const last = cases.at(-1)
      if (!last) return
      yield* cases
      after = last.caseId
    }
  } finally {
    await reader.end()
  }
}

const AUDITED_HEAD_COLUMNS = [
  ...DERIVED_COLUMNS,
  '(select jurisdiction from persons where case_id = cases.id) as person_jurisdiction',
]

interface Head {
  id: string
  version: number
  hash: string
}

function headsAfter(
  after: string,
  { from, before }: FiledBetween,
  columns: readonly string[] = ['id', 'version', 'hash'],
): Statement {
  return {
    name: `audit-heads-${columns.length}`,
    text: `select ${columns.join(', ')} from cases where id > $1 and filed_at >= $2 and filed_at < $3
      order by id limit $4`,
    values: [after, from ?? '-infinity', before ?? 'infinity', CASES_AT_ONCE],
  }
}

const AUDITED_EVENT_COLUMNS = `${EVENT_COLUMNS}, jurisdiction`

async function eventsOf(
  reader: ReadingTogether,
  after: string,
  heads: readonly Head[],
  columns = EVENT_COLUMNS,
) {
  const rows = await reader.read<EventRow>({
    name: `audit-events-${columns.length}`,
    text: `select ${columns} from case_events where case_id > $1 and case_id <= $2 order by case_id, seq`,
    values: [after, heads.at(-1)?.id ?? after],
  })
  return Map.groupBy(rows, row => row.case_id)
}

async function clocksOf(reader: ReadingTogether, after: string, heads: readonly Head[]) {
  const rows = await reader.read<ClockRow>({
    name: 'audit-clocks',
    text: `select case_id, kind, jurisdiction, alarm_at, calendar_version from case_clocks
      where case_id > $1 and case_id <= $2`,
    values: [after, heads.at(-1)?.id ?? after],
  })
  return Map.groupBy(rows, row => row.case_id)
}

async function scoresOf(reader: ReadingTogether, after: string, heads: readonly Head[]) {
  const rows = await reader.read<ScoreRow>({
    name: 'audit-scores',
    text: `select case_id, jurisdiction, department, version, is_responsible, subject, street, channel, type,
        filed_on::text, concluded_on::text, counted, met, hops, exclusion, exclusion_seq
      from case_scores where case_id > $1 and case_id <= $2`,
    values: [after, heads.at(-1)?.id ?? after],
  })
  return Map.groupBy(rows, row => row.case_id)
}
