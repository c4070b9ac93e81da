import type pg from 'pg'
import type { CaseEvent } from '../../cases/case-event.ts'
import { EVENT_COLUMNS, type EventRow, eventOf } from './case-rows.ts'
import { runStatement } from './connection.ts'

const CASES_AT_ONCE = 500

/** A case's head as its own row says it, with the events that should lead there. */
export interface AuditedCase {
  caseId: string
  version: number
  hash: string
  events: CaseEvent[]
}

/** Every case in order of its id, each with all its events; reads a few hundred cases at a time. */
export async function* readCaseEvents(pool: pg.Pool): AsyncGenerator<AuditedCase> {
  for (let after = ''; ; ) {
    const heads = await runStatement<{ id: string; version: number; hash: string }>(pool, {
      name: 'audit-heads',
      text: 'select id, version, hash from cases where id > $1 order by id limit $2',
      values: [after, CASES_AT_ONCE],
    })
    const last = heads.at(-1)
    if (!last) return
    const events = await eventsBetween(pool, after, last.id)
    for (const { id, version, hash } of heads) {
      // An event appended between the two reads is not the head's: the next run will see both.
      const known = (events.get(id) ?? []).filter(event => event.seq <= version)
      yield { caseId: id, version, hash, events: known }
    }
    after = last.id
  }
}

async function eventsBetween(pool: pg.Pool, after: string, upTo: string): Promise<Map<string, CaseEvent[]>> {
  const rows = await runStatement<EventRow>(pool, {
    name: 'audit-events',
    text: `select ${EVENT_COLUMNS} from case_events where case_id > $1 and case_id <= $2 order by case_id, seq`,
    values: [after, upTo],
  })
  return Map.groupBy(rows.map(eventOf), event => event.caseId)
}
