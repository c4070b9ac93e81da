import { createHash } from 'node:crypto'
import { mobileNumber } from '../../usecases/sms-person.ts'

/** A short message from somebody's mobile phone. */
export interface SmsMessage {
  /** Eleven digits. */
  from: string
  text: string
  /** The same when the provider brings the message again. */
  externalId: string
}

/** What a provider pushed at once. */
export interface SmsBatch {
  messages: SmsMessage[]
  /** How many others there were that nobody can answer: from no mobile phone, without words, of another shape. */
  useless: number
}

/** Longer than any short message, however many parts it has. */
const LONGEST_TEXT = 2000
const SEQUENCE = /^[\w.:-]{1,100}$/

/**
 * Reads what the provider posts: `[{phone_number, content, send_time, dest_code, sequence_id}]`. Null for anything but a list.
 * Source: "SmsUp" of the Alibaba Cloud short message service; its `sequence_id` is a number in one edition and a text in another.
 */
export function readSmsBatch(body: string): SmsBatch | null {
  const list = parse(body)
  if (!Array.isArray(list)) return null
  const messages = list.map(readMessage).filter(message => message !== null)
  return { messages, useless: list.length - messages.length }
}

function readMessage(item: unknown): SmsMessage | null {
  if (typeof item !== 'object' || item === null) return null
  const { phone_number, content, send_time, sequence_id } = item as Record<string, unknown>
  const from = typeof phone_number === 'string' ? mobileNumber(phone_number) : null
  if (from === null || typeof content !== 'string') return null
  // The store keeps neither; no phone sends them.
  const text = content.toWellFormed().replaceAll('\0', '').trim()
  if (text === '' || [...text].length > LONGEST_TEXT) return null
  const isNumbered = typeof sequence_id === 'string' && SEQUENCE.test(sequence_id)
  return { from, text, externalId: isNumbered ? sequence_id : derivedId(from, text, String(send_time)) }
}

/** Without a number of its own a message is known by what it says and when. */
function derivedId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** Numbers stay as they were written: two long ones must not become the same. */
function parse(body: string): unknown {
  try {
    const asWritten = (_key: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? (context?.source ?? String(value)) : value
    return JSON.parse(body, asWritten)
  } catch {
    return null
  }
}
