import type { FastifyReply } from 'fastify'
import writeXlsxFile, { type SheetData } from 'write-excel-file/node'
import type { ExportedTable, ExportFormat, TableRow } from '../../usecases/take-out.ts'

/** What spreadsheet programs would take for a formula, which may run commands or send the table away. */
const FORMULA = /^[\s]*[=+\-@\t\r]/
const BYTE_ORDER_MARK = '\ufeff'
const WIDEST = 60

/** A table as a file: its bytes and what they are. */
interface TableFile {
  type: string
  bytes: Buffer
}

/** Answers with a table as a file. */
export async function sendTable(
  reply: FastifyReply,
  table: ExportedTable,
  format: ExportFormat,
): Promise<FastifyReply> {
  const { type, bytes } = await tableFile(table, format)
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="${table.name}.${format}"`)
    .send(bytes)
}

async function tableFile({ rows }: ExportedTable, format: ExportFormat): Promise<TableFile> {
  if (format === 'csv') return { type: 'text/csv; charset=utf-8', bytes: Buffer.from(csvOf(rows)) }
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return { type, bytes: await xlsxOf(rows) }
}

/** RFC 4180, with the mark by which spreadsheet programs know UTF-8. Texts that look like formulas are quoted with an apostrophe. */
export function csvOf(rows: readonly TableRow[]): string {
  return `${BYTE_ORDER_MARK}${rows.map(row => row.map(csvCell).join(',')).join('\r\n')}\r\n`
}

function csvCell(cell: TableRow[number]): string {
  if (typeof cell === 'number') return String(cell)
  const text = cell ?? ''
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Every text is typed as text, so that none is a formula; the head stays in sight. */
async function xlsxOf(rows: readonly TableRow[]): Promise<Buffer> {
  const data: SheetData = rows.map((row, index) =>
    row.map(cell =>
      cell === null
        ? null
        : typeof cell === 'number'
          ? { type: Number, value: cell }
          : { type: String, value: cell, ...(index === 0 ? { fontWeight: 'bold' as const } : {}) },
    ),
  )
  const [head = []] = rows
  const columns = head.map((_, column) => ({ width: widthOf(rows, column) }))
  return writeXlsxFile(data, { columns, stickyRowsCount: 1 }).toBuffer()
}

/** Han characters are twice as wide. The mark at the end runs over its neighbours. */
function widthOf(rows: readonly TableRow[], column: number): number {
  const texts = rows.slice(0, -1).map(row => String(row[column] ?? ''))
  const widths = texts.map(text => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0))
  return Math.min(WIDEST, Math.max(8, ...widths) + 2)
}
