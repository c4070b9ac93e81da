import { readFileSync } from 'node:fs'
import type { z } from 'zod'

/** What is wrong with an input file, with file and line. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** A longer line is no row: a file without line breaks, or not the file that was meant. */
export const MOST_BYTES = 1_000_000
const NEWLINE = 0x0a

/** A row of an input file. */
export interface Placed<Row> {
  row: Row
  /** `file:line`. */
  place: string
}

/**
 * Reads a JSON-lines file in UTF-8; empty lines are skipped.
 * @throws InputError for the first line that is not as the schema says, and for a file without rows
 */
export function readRows<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  whole: Buffer = readBytes(path),
): Placed<z.output<Schema>>[] {
  const rows: Placed<z.output<Schema>>[] = []
  let line = 0
  for (const bytes of linesOf(whole)) {
    const place = `${path}:${++line}`
    const text = decode(bytes, place)
    if (text.trim() !== '') rows.push({ row: parse(text, place, schema), place })
  }
  if (rows.length === 0) throw new InputError(`${path}: holds no rows`)
  return rows
}

/**
 * The rows, when no two have the same id.
 * @throws InputError for the first that is there twice, with both places
 */
export function eachOnce<Row extends { id: string }>(rows: readonly Placed<Row>[]): readonly Placed<Row>[] {
  const seen = new Map<string, string>()
  for (const { row, place } of rows) {
    const first = seen.get(row.id)
    if (first) throw new InputError(`${place}: the id ${row.id} is there twice, first in ${first}`)
    seen.set(row.id, place)
  }
  return rows
}

/** @throws InputError when the file cannot be read */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new InputError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
}

/** Cut as bytes, so that a wrong encoding is told with its line and a large file never becomes one string. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start)
    const end = found === -1 ? bytes.length : found
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

function decode(bytes: Buffer, place: string): string {
  if (bytes.length > MOST_BYTES) throw new InputError(`${place}: is longer than ${MOST_BYTES} bytes`)
  // UTF-16 of plain ASCII is valid UTF-8 full of zeros.
  if (bytes.includes(0))
    throw new InputError(`${place}: is not UTF-8 (${isWide(bytes) ? 'UTF-16' : 'no text'}?)`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InputError(`${place}: is not UTF-8 (${isUtf16(bytes) ? 'UTF-16' : 'GBK'}?)`)
  }
}

function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

/** Of Latin text in UTF-16 every second byte is 0, and never two in a row. */
export function isWide(bytes: Buffer): boolean {
  return (
    isUtf16(bytes) ||
    (bytes.filter(byte => byte === 0).length * 3 > bytes.length && !bytes.includes('\0\0\0'))
  )
}

function parse<Schema extends z.ZodType>(line: string, place: string, schema: Schema): z.output<Schema> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new InputError(`${place}: is not JSON`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => `${issue.path.join('.') || 'row'} ${issue.message}`)
  throw new InputError(`${place}: ${problems.join('; ')}`)
}
