import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { InputError } from '../adapters/disk/read-rows.ts'

/** A telephone call as it was (or could have been) spoken, and what should be filed of it. See `test/calls/`. */
export const recordedCallSchema = z.strictObject({
  /** For people who look for a call of some kind. */
  about: z.string(),
  call: z.strictObject({
    direction: z.enum(['inbound', 'outbound']),
    ani: z.string(),
    dnis: z.string(),
    queue: z.string(),
    agentId: z.string(),
    locale: z.string(),
  }),
  turns: z
    .array(
      z.strictObject({
        role: z.enum(['agent', 'resident']),
        /** Seconds from the call's start. */
        from: z.number().min(0),
        to: z.number(),
        says: z.string().min(1),
      }),
    )
    .min(2),
  end: z.strictObject({ reason: z.string() }),
  /** What an agent should file at the end, one for each matter. */
  filings: z
    .array(
      z.strictObject({
        type: z.string(),
        /** Full id of the subject. */
        subject: z.string(),
        place: z.string().nullable(),
        /** Who leads. */
        department: z.string(),
        isEmergency: z.boolean().optional(),
      }),
    )
    .min(1),
})
export type RecordedCall = z.output<typeof recordedCallSchema>

/** An event of the telephone channel and when it is sent, in milliseconds from the call's start. */
export interface TimedEvent {
  atMs: number
  event: { type: string; callId: string; seq: number; [field: string]: unknown }
}

/** A recogniser shows what it has heard so far about so often. */
const PARTIAL_EVERY_MS = 400
/** After the last word. */
const HANG_UP_MS = 500

/** @throws InputError when there is no such file or it is not as the schema says */
export function readRecordedCall(path: string): RecordedCall {
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message.split('\n')[0]}`)
  }
  const parsed = recordedCallSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new InputError(`${path}:${issue!.path.join('.')}: ${issue!.message}`)
}

/** All events of a call in the order in which they are sent, numbered from 1. */
export function eventsOfCall(recorded: RecordedCall, callId: string, startedAt: Date): TimedEvent[] {
  const { call, turns, end } = recorded
  const lastMs = Math.max(...turns.map(({ to }) => to * 1000)) + HANG_UP_MS
  const timed = [
    { atMs: 0, event: { type: 'call.started', ...call, startedAt: startedAt.toISOString() } },
    ...turns.flatMap((turn, index) => eventsOfTurn(turn, `u${index + 1}`)),
    { atMs: lastMs, event: { type: 'call.ended', reason: end.reason, durationMs: lastMs } },
  ]
  return timed
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ atMs, event }, index) => ({ atMs, event: { ...event, callId, seq: index + 1 } }))
}

function eventsOfTurn({ role, from, to, says }: RecordedCall['turns'][number], utteranceId: string) {
  const [beginMs, endMs] = [Math.round(from * 1000), Math.round(to * 1000)]
  const characters = [...says]
  const steps = Math.floor((endMs - beginMs - 1) / PARTIAL_EVERY_MS)
  const partials = Array.from({ length: steps }, (_, i) => {
    const atMs = beginMs + (i + 1) * PARTIAL_EVERY_MS
    const heard = Math.ceil((characters.length * (atMs - beginMs)) / (endMs - beginMs))
    const text = characters.slice(0, heard).join('')
    return {
      atMs,
      event: { type: 'utterance.partial', utteranceId, revision: i + 1, role, text, beginMs, endMs: atMs },
    }
  })
  const final = {
    type: 'utterance.final',
    utteranceId,
    revision: steps + 1,
    role,
    text: says,
    beginMs,
    endMs,
  }
  return [...partials, { atMs: endMs, event: final }]
}

const eventLineSchema = z.looseObject({
  type: z.string(),
  callId: z.string().min(1).max(128),
  seq: z.int(),
  endMs: z.number().optional(),
  durationMs: z.number().optional(),
})

/**
 * Events of one call that were written down one a line, numbered from 1, each sent at the end of what it tells.
 * @throws InputError for the first line that is none
 */
export function readEventLines(path: string, text = readFileSync(path, 'utf8')): TimedEvent[] {
  const timed: TimedEvent[] = []
  let atMs = 0
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = readEventLine(line, `${path}:${index + 1}`)
    if (event.callId !== (timed[0]?.event.callId ?? event.callId))
      throw new InputError(`${path}:${index + 1}: another call`)
    if (event.seq !== timed.length + 1)
      throw new InputError(`${path}:${index + 1}: seq is not ${timed.length + 1}`)
    atMs = Math.max(atMs, event.endMs ?? event.durationMs ?? 0)
    timed.push({ atMs, event })
  }
  return timed
}

function readEventLine(line: string, place: string): z.output<typeof eventLineSchema> {
  let content: unknown
  try {
    content = JSON.parse(line)
  } catch {
    throw new InputError(`${place}: no JSON`)
  }
  const parsed = eventLineSchema.safeParse(content)
  if (!parsed.success)
    throw new InputError(`${place}: ${parsed.error.issues[0]!.path.join('.') || 'no event'}`)
  return parsed.data
}
