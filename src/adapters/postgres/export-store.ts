import type pg from 'pg'
import type { Export, ExportStore } from '../../usecases/export-ports.ts'
import { runStatement } from './connection.ts'
import { BY_WHOM, WHO, type WhoRow, whoOf } from './who.ts'

/** What left the house as a file, and by whom. */
export function createExportStore(pool: pg.Pool): ExportStore {
  return {
    async record({ id, accountId, format, request, rows, at }) {
      await runStatement(pool, {
        name: 'record-export',
        text: 'insert into exports (id, account_id, format, request, rows, at) values ($1, $2, $3, $4, $5, $6)',
        values: [id, accountId, format, request, rows, at],
      })
    },
    async latest(limit) {
      const taken = await runStatement<Export & WhoRow>(pool, {
        name: 'exports',
        text: `select exports.id, format, request, rows, exports.at, ${WHO} from exports ${BY_WHOM}
          order by exports.at desc, exports.id desc limit $1`,
        values: [limit],
      })
      return taken.map(row => {
        const { id, format, request, rows, at } = row
        return { id, format, request, rows, at, ...whoOf(row) }
      })
    },
  }
}
