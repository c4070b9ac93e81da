import { z } from 'zod'
import {
  type CallEvent,
  callEventSchema,
  numberedSchema,
  type ReadCallEvent,
} from '../../usecases/call-event.ts'
import { fromAliyun } from './vendors/aliyun.ts'
import { fromHuawei } from './vendors/huawei.ts'
import { fromTencent } from './vendors/tencent.ts'
import type { VendorContext, VendorMapping } from './vendors/vendor.ts'

/** Most events of one request or frame, and most calls that it may ask about. */
export const MOST_EVENTS = 500
const MOST_ASKED = 500

/** Whose events these are: our own form, or a recogniser's. */
export const VENDORS = { aliyun: fromAliyun, tencent: fromTencent, huawei: fromHuawei } as const
export type Vendor = keyof typeof VENDORS

/** What stands around a recogniser's message when several are passed on together. */
const wrappedSchema = z.object({
  callId: z.string().max(128),
  role: z.enum(['resident', 'agent']).default('resident'),
  offsetMs: z.number().min(0).default(0),
  message: z.unknown(),
})

/** What is told of calls themselves. */
const ownFormSchema = z.object({ type: z.string().startsWith('call.') })

const batchSchema = z.object({
  events: z.array(z.unknown()).max(MOST_EVENTS).default([]),
  resume: z.array(z.string().min(1).max(128)).max(MOST_ASKED).default([]),
})

/** An event that cannot be taken, by its place in what was sent, and why. */
export interface RefusedEvent {
  index: number
  reason: string
  callId?: string
  seq?: number
}

/** What was sent, read as far as it can be. */
export interface ReadBatch {
  /** With each event its place in what was sent. */
  events: { event: CallEvent; index: number }[]
  refused: RefusedEvent[]
  /** Calls whose receipts are asked for. */
  resume: string[]
}

/**
 * Reads a body or a frame: an array of events, `{events?, resume?}`, or one event alone. Never throws.
 * @param vendor null for our own form
 * @returns null when it is none of these, or too many
 */
export function readBatch(sent: unknown, vendor: Vendor | null): ReadBatch | null {
  const parsed = batchSchema.safeParse(batchOf(sent))
  if (!parsed.success) return null
  const batch: ReadBatch = { events: [], refused: [], resume: parsed.data.resume }
  const read = vendor === null ? readOwn : readOf(VENDORS[vendor])
  parsed.data.events.forEach((item, index) => {
    for (const result of read(item)) {
      if ('event' in result) batch.events.push({ event: result.event, index })
      else refuse(batch, { index, ...result })
    }
  })
  return batch
}

function batchOf(sent: unknown): unknown {
  if (Array.isArray(sent)) return { events: sent }
  if (typeof sent !== 'object' || sent === null) return null
  return 'events' in sent || 'resume' in sent ? sent : { events: [sent] }
}

type ReadItem = { event: ReadCallEvent } | { reason: string; item: unknown }

function readOwn(item: unknown): ReadItem[] {
  const [result] = check(item)
  // Only recognisers may leave it out: they number their sentences, not their messages.
  if ('event' in result && 'utteranceId' in result.event && typeof result.event.seq !== 'number')
    return [{ reason: 'seq: needed', item }]
  return [result]
}

function readOf(mapping: VendorMapping): (item: unknown) => ReadItem[] {
  return item => {
    const wrapped = wrappedSchema.safeParse(item)
    const { message, ...context }: { message: unknown } & VendorContext = wrapped.success
      ? { ...wrapped.data, message: wrapped.data.message }
      : { callId: null, role: 'resident', offsetMs: 0, message: item }
    // The calls' own beginnings and ends are told in our own form, whoever recognises the words.
    if (ownFormSchema.safeParse(message).success) return check(message)
    return mapping(message, context)?.flatMap(check) ?? [{ reason: 'no result of this recogniser', item }]
  }
}

function check(item: unknown): [ReadItem] {
  const parsed = callEventSchema.safeParse(item)
  if (parsed.success) return [{ event: parsed.data }]
  const [issue] = parsed.error.issues
  // What was sent is never repeated: it may hold what a person said.
  return [{ reason: `${issue!.path.join('.') || 'event'}: ${issue!.message}`.slice(0, 200), item }]
}

function refuse(
  batch: ReadBatch,
  { index, reason, item }: { index: number; reason: string; item: unknown },
): void {
  const numbered = numberedSchema.safeParse(item)
  const named = numbered.success ? numbered.data : {}
  batch.refused.push({ index, reason, ...named })
  if (numbered.success) batch.events.push({ event: { type: 'unreadable', ...numbered.data }, index })
}
