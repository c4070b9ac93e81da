import type pg from 'pg'
import type { CallStore, ListedCall } from '../../usecases/notice-ports.ts'
import { runStatement } from './connection.ts'
import { CALL_COLUMNS, callOf, claimOf } from './notice-transaction.ts'
import { BY_WHOM, WHO, type WhoRow, whoOf } from './who.ts'

interface ListedRow extends WhoRow {
  number: string
  summary: string
  state: string
  is_confidential: boolean
}

/** The list of calls to make. */
export function createCallStore(pool: pg.Pool): CallStore {
  return {
    async list(now, { includeConfidential, limit }) {
      const rows = await runStatement<Parameters<typeof callOf>[0] & ListedRow>(pool, {
        name: 'calls',
        text: `select ${CALL_COLUMNS}, of_case.number, of_case.summary, of_case.state, of_case.is_confidential, ${WHO}
          from calls call join cases of_case on of_case.id = call.case_id ${BY_WHOM}
          where call.ended_at is null and call.not_before <= $1
            and (call.purpose = 'tell' or of_case.state = 'replied')
            and (not of_case.is_confidential or $2)
          order by call.not_before, call.id limit $3`,
        values: [now, includeConfidential, limit],
      })
      return rows.map(row => {
        const claim = claimOf(row)
        return {
          ...callOf(row),
          number: row.number,
          summary: row.summary,
          state: row.state,
          isConfidential: row.is_confidential,
          claim: claim && claim.until > now ? { ...claim, displayName: whoOf(row).displayName } : null,
        } satisfies ListedCall
      })
    },
  }
}
