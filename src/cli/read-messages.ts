import { readFileSync } from 'node:fs'
import { type LabelledMessage, labelledMessageSchema } from '../language/labelled-message.ts'

/** What is wrong with an input file, with file and line. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** Reads labelled messages from a JSON-lines file in UTF-8; empty lines are skipped. */
export function readMessages(path: string): LabelledMessage[] {
  const rows = decode(path)
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [parseLine(line, `${path}:${i + 1}`)]))
  if (rows.length === 0) throw new InputError(`${path}: holds no messages`)
  return rows
}

function decode(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new InputError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InputError(`${path}: is not UTF-8`)
  }
}

function parseLine(line: string, place: string): LabelledMessage {
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
