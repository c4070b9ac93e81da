import type pg from 'pg'
import type { AuditedCase } from '../../cases/audit-case.ts'
import { EVENT_COLUMNS, type EventRow, eventOf } from './case-rows.ts'
import { readTogether, type Statement } from './connection.ts'

const CASES_AT_ONCE = 500

/** Cases by when they were filed; all of them when nothing is said. */
export interface FiledBetween {
  /** Inclusive. */
  from?: Date
  /** Exclusive. */
  before?: Date
}

/**
 * Every case in order of its id, each with all its events, as they were when the reading began: in one transaction that can
 * only read, a few hundred cases at a time.
 */
export async function* readCaseEvents(pool: pg.Pool, filed: FiledBetween = {}): AsyncGenerator<AuditedCase> {
  const reader = await readTogether(pool)
  try {
    for (let after = ''; ; ) {
      const heads = await reader.read<Head>(headsAfter(after, filed))
      const last = heads.at(-1)
      if (!last) return
      const rows = await reader.read<EventRow>({
        name: 'audit-events',
        text: `select ${EVENT_COLUMNS} from case_events where case_id > $1 and case_id <= $2 order by case_id, seq`,
        values: [after, last.id],
      })
      const events = Map.groupBy(rows, row => row.case_id)
      for (const { id, version, hash } of heads)
        yield { caseId: id, version, hash, events: (events.get(id) ?? []).map(eventOf) }
      after = last.id
    }
  } finally {
    await reader.end()
  }
}

interface Head {
  id: string
  version: number
  hash: string
}

function headsAfter(after: string, { from, before }: FiledBetween): Statement {
  return {
    name: 'audit-heads',
    text: `select id, version, hash from cases where id > $1 and filed_at >= $2 and filed_at < $3 order by id limit $4`,
    values: [after, from ?? '-infinity', before ?? 'infinity', CASES_AT_ONCE],
  }
}
