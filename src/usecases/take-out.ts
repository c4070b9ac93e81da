import { localMinuteOf } from '../clocks/working-calendar.ts'
import { newId } from '../kernel/ids.ts'
import type { Locale } from '../language/understanding.ts'
import type { Export } from './export-ports.ts'
import type { Line } from './line.ts'
import type { Account } from './ports.ts'

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export type TableRow = (string | number | null)[]

/** A table that leaves the house: its head, its rows, and at the end who took it and when. */
export interface ExportedTable {
  /** Without the ending. */
  name: string
  rows: TableRow[]
}

/** A table as it leaves the house: recorded before it does, and marked with who took it. */
export async function takeOut(
  line: Line,
  account: Account,
  { name, request, format, locale }: Pick<Export, 'format' | 'request'> & { name: string; locale: Locale },
  table: TableRow[],
): Promise<ExportedTable> {
  const at = line.clock.now()
  const id = newId(at, line.chance)
  const rows = table.length - 1
  await line.store.exports.record({ id, accountId: account.id, format, request, rows, at })
  const mark = line.content.texts.of(locale, 'evaluation.watermark', {
    name: account.displayName,
    login: account.login,
    at: localMinuteOf(at),
    id,
  })
  return { name, rows: [...table, [], [mark]] }
}
