import { z } from 'zod'
import { cleanText } from '../kernel/clean-text.ts'
import { DAY } from '../kernel/clock.ts'

/** What a telephone system tells of its calls. Offsets are milliseconds from the call's start. */

/** Most characters of one utterance: some minutes of speech without a pause. */
export const MAX_UTTERANCE = 4000
const MOST = 2 ** 31 - 1

/** Ids are taken as they come or not at all: cleaning them could make two of them one. */
const idOf = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'control characters')
const label = (most: number) => z.string().max(most).transform(cleanText).nullish()
const offset = z.number().min(0).max(DAY).transform(Math.round)

/** Numbers all events of one call, from 1 without gaps; its sender is told up to which number all has arrived. */
const seq = z.int().min(0).max(MOST).nullish()
const callId = idOf(128)

const utterance = {
  callId,
  seq,
  /** One utterance keeps its id from the first word to the final text. */
  utteranceId: idOf(200),
  /** Higher replaces lower. */
  revision: z.int().min(0).max(MOST),
  role: z.enum(['resident', 'agent']),
  text: z.string().max(MAX_UTTERANCE).transform(cleanText),
  beginMs: offset,
  endMs: offset,
  confidence: z.number().min(0).max(1).nullish(),
}

export const callEventSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('call.started'),
      callId,
      seq,
      direction: z.enum(['inbound', 'outbound']),
      /** The caller's number, and the one that was called. */
      ani: label(40),
      dnis: label(40),
      queue: label(100),
      agentId: label(100),
      startedAt: z.iso.datetime({ offset: true }).transform(text => new Date(text)),
      locale: label(35),
    }),
    z.object({ type: z.literal('utterance.partial'), ...utterance }),
    z.object({ type: z.literal('utterance.final'), ...utterance }),
    z.object({ type: z.literal('call.agentChanged'), callId, seq, agentId: label(100) }),
    z.object({
      type: z.literal('call.ended'),
      callId,
      seq,
      reason: label(100),
      durationMs: offset.nullish(),
      recordingRef: label(500),
    }),
  ])
  .refine(event => !('beginMs' in event) || event.beginMs <= event.endMs, {
    path: ['endMs'],
    message: 'before beginMs',
  })

/** An event that could be read. */
export type ReadCallEvent = z.output<typeof callEventSchema>

/**
 * An event, or the number of one that nobody can read: sending that again helps nothing, so its number counts as received, and the
 * events after it are not held up.
 */
export type CallEvent = ReadCallEvent | { type: 'unreadable'; callId: string; seq: number }

/** Call and number of something unreadable, as far as these can be read. */
export const numberedSchema = z.object({ callId, seq: z.int().min(0).max(MOST) })
