import type pg from 'pg'
import type { ExternalIds } from '../../usecases/external-id-ports.ts'
import { runStatement } from './connection.ts'
import type { StatementPart } from './statement-part.ts'
import type { PersonVault } from './store-parts.ts'

interface IdParts {
  pool: pg.Pool
  vault: Pick<PersonVault, 'userKey'>
  jurisdiction: string
}

/** Reads at once; what is to be written goes to `write`, with the case that it names. */
export function externalIds(
  { pool, vault, jurisdiction }: IdParts,
  write: (part: StatementPart) => void,
): ExternalIds {
  return {
    async find(giver, id) {
      const [row] = await runStatement<{ case_id: string; request: string }>(pool, {
        name: 'case-by-external-id',
        text: 'select case_id, request from external_ids where user_key = $1 and external_id = $2',
        values: [vault.userKey(giver), id],
      })
      return row ? { id, caseId: row.case_id, request: row.request } : null
    },
    async of(caseIds) {
      const rows = await runStatement<{ case_id: string; external_id: string }>(pool, {
        name: 'external-ids-of',
        text: 'select case_id, external_id from external_ids where case_id = any($1)',
        values: [caseIds],
      })
      return new Map(rows.map(row => [row.case_id, row.external_id]))
    },
    add(giver, { id, caseId, request }) {
      write({
        kind: 'x',
        values: [vault.userKey(giver), id, jurisdiction, caseId, request],
        text: parameters => `insert into external_ids (user_key, external_id, jurisdiction, case_id, request)
          values (${parameters.join(', ')})`,
      })
    },
  }
}
