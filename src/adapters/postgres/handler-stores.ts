import type pg from 'pg'
import type { CaseFileStore, SavedFilter, SavedFilterStore } from '../../usecases/handler-ports.ts'
import { runStatement } from './connection.ts'

interface FilterRow {
  id: string
  account_id: string
  name: string
  filter: Record<string, unknown>
  shared_with: string | null
  created_at: Date
}

/** Filters of the case list that people have saved. */
export function createSavedFilterStore(pool: pg.Pool): SavedFilterStore {
  return {
    async list(accountId, department) {
      const rows = await runStatement<FilterRow>(pool, {
        name: 'desk-filters',
        text: `select id, account_id, name, filter, shared_with, created_at from desk_filters
          where account_id = $1 or shared_with = $2 order by created_at, id`,
        values: [accountId, department],
      })
      return rows.map(filterOf)
    },
    async add({ id, accountId, name, filter, sharedWith, createdAt }) {
      await runStatement(pool, {
        name: 'add-desk-filter',
        text: `insert into desk_filters (id, account_id, name, filter, shared_with, created_at)
          values ($1, $2, $3, $4, $5, $6)`,
        values: [id, accountId, name, filter, sharedWith, createdAt],
      })
    },
    async remove(accountId, id) {
      const removed = await runStatement(pool, {
        name: 'remove-desk-filter',
        text: 'delete from desk_filters where account_id = $1 and id = $2 returning id',
        values: [accountId, id],
      })
      return removed.length > 0
    },
  }
}

/** Files of cases; their bytes lie elsewhere. */
export function createCaseFileStore(pool: pg.Pool): CaseFileStore {
  return {
    async add({ caseId, name, accountId, at }) {
      await runStatement(pool, {
        name: 'add-case-file',
        text: 'insert into case_files (case_id, name, account_id, at) values ($1, $2, $3, $4)',
        values: [caseId, name, accountId, at],
      })
    },
    async namesOf(caseId) {
      const rows = await runStatement<{ name: string }>(pool, {
        name: 'case-files',
        text: 'select name from case_files where case_id = $1 order by at, name',
        values: [caseId],
      })
      return rows.map(({ name }) => name)
    },
  }
}

function filterOf(row: FilterRow): SavedFilter {
  const { id, name, filter } = row
  return {
    id,
    accountId: row.account_id,
    name,
    filter,
    sharedWith: row.shared_with,
    createdAt: row.created_at,
  }
}
