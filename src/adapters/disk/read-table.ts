import { extname } from 'node:path'
import { parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/node'
import { z } from 'zod'
import { InputError, isWide, MOST_BYTES, type Placed, readBytes, readRows } from './read-rows.ts'

/** A row of a table: its cells by column. */
export type Cells = Record<string, string>

const jsonRow = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

/**
 * Reads a table with named columns from a CSV file (UTF-8 or GB 18030), the first sheet of an XLSX workbook, or JSON lines.
 * @param bytes what it holds, when it does not lie at its path  @throws InputError with file and line
 */
export async function readTable(path: string, bytes: Buffer = readBytes(path)): Promise<Placed<Cells>[]> {
  const kind = extname(path).toLowerCase()
  if (kind === '.jsonl' || kind === '.json')
    return readRows(path, jsonRow, bytes).map(({ row, place }) => ({ place, row: mapCells(row) }))
  if (kind === '.csv') return named(readCsv(path, bytes), path)
  if (kind === '.xlsx') return named(await readWorkbook(path, bytes), path)
  throw new InputError(`${path}: is no .csv, .xlsx or .jsonl file`)
}

function mapCells(row: Record<string, unknown>): Cells {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')]))
}

/** A line of a table that a person can find again. */
interface Line {
  number: number
  cells: string[]
}

function readCsv(path: string, bytes: Buffer): Line[] {
  const text = decodeCsv(bytes, path)
  refuseSeparator(text, path)
  try {
    const records = parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as {
      record: string[]
      info: { lines: number }
    }[]
    return records.map(({ record, info }) => ({ number: info.lines, cells: record }))
  } catch (error) {
    const { lines, message } = error as { lines?: number; message: string }
    throw new InputError(`${path}:${lines ?? 1}: ${message}`)
  }
}

const SEPARATORS: readonly [character: string, name: string][] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
]

/** Columns in a head without a comma are separated by something else, and every row would be one cell. */
function refuseSeparator(text: string, path: string): void {
  const head = text.slice(0, text.search(/[\r\n]|$/u))
  if (head.includes(',')) return
  const found = SEPARATORS.find(([character]) => head.includes(character))
  if (found) throw new InputError(`${path}:1: the columns are separated by ${found[1]}; save it with commas`)
}

/** Spreadsheet programs here write GB 18030 (of which GBK is a part) as often as UTF-8. */
function decodeCsv(bytes: Buffer, path: string): string {
  if (bytes.includes(0))
    throw new InputError(`${path}:1: is ${isWide(bytes) ? 'UTF-16' : 'no text'}; save it as CSV UTF-8`)
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // The next one may fit.
    }
  }
  throw new InputError(`${path}:1: is neither UTF-8 nor GB 18030`)
}

async function readWorkbook(path: string, bytes: Buffer): Promise<Line[]> {
  try {
    const rows = (await readSheet(bytes)) as unknown[][]
    return rows.map((cells, index) => ({ number: index + 1, cells: cells.map(cell => String(cell ?? '')) }))
  } catch (error) {
    throw new InputError(`${path}: is no workbook that can be read (${(error as Error).message})`)
  }
}

/** The first line names the columns. */
function named([head, ...lines]: Line[], path: string): Placed<Cells>[] {
  if (!head || lines.length === 0) throw new InputError(`${path}: holds no rows`)
  const columns = head.cells.map(name => name.trim())
  for (const { number, cells } of lines)
    if (cells.reduce((sum, cell) => sum + Buffer.byteLength(cell), 0) > MOST_BYTES)
      throw new InputError(`${path}:${number}: is longer than ${MOST_BYTES} bytes`)
  return lines.map(({ number, cells }) => ({
    place: `${path}:${number}`,
    row: Object.fromEntries(columns.map((name, i) => [name, (cells[i] ?? '').trim()])),
  }))
}
