import { readFileSync } from 'node:fs'
import { type LabelledMessage, labelledMessageSchema } from '../language/labelled-message.ts'

/** What is wrong with an input file, with file and line. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** A longer line is no message: a file without line breaks, or not the file that was meant. */
const MOST_BYTES = 1_000_000
const NEWLINE = 0x0a

/** Reads labelled messages from a JSON-lines file in UTF-8; empty lines are skipped. */
export function readMessages(path: string): LabelledMessage[] {
  return readPlacedMessages(path).map(({ message }) => message)
}

/** The same, each with its `file:line`. */
export function readPlacedMessages(path: string): { message: LabelledMessage; place: string }[] {
  const rows: { message: LabelledMessage; place: string }[] = []
  let line = 0
  for (const bytes of linesOf(readBytes(path))) {
    const place = `${path}:${++line}`
    const text = decode(bytes, place)
    if (text.trim() !== '') rows.push({ message: parse(text, place), place })
  }
  if (rows.length === 0) throw new InputError(`${path}: holds no messages`)
  return rows
}

function readBytes(path: string): Buffer {
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
  if (bytes.includes(0)) throw new InputError(`${place}: is not UTF-8 (UTF-16?)`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InputError(`${place}: is not UTF-8 (${isUtf16(bytes) ? 'UTF-16' : 'GBK'}?)`)
  }
}

function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

function parse(line: string, place: string): LabelledMessage {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new InputError(`${place}: is not JSON`)
  }
  const parsed = labelledMessageSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => `${issue.path.join('.') || 'row'} ${issue.message}`)
  throw new InputError(`${place}: ${problems.join('; ')}`)
}
