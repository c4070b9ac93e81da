import type { ReadCallEvent } from '../../src/usecases/call-event.ts'

/** A final utterance as it is sent. */
export function finalEvent(callId: string, seq: number, changes: object = {}): Record<string, unknown> {
  return {
    type: 'utterance.final',
    callId,
    utteranceId: `u${seq}`,
    revision: 3,
    seq,
    role: 'resident',
    text: `第${seq}句`,
    beginMs: seq * 1000,
    endMs: seq * 1000 + 800,
    ...changes,
  }
}

/** The same while it is being spoken. */
export function partialEvent(callId: string, seq: number, changes: object = {}): Record<string, unknown> {
  return finalEvent(callId, seq, { type: 'utterance.partial', revision: 1, ...changes })
}

export const CALLER = '13900001234'

/** The start of a call as it is sent. */
export function startedEvent(callId: string, seq: number, changes: object = {}): Record<string, unknown> {
  return {
    type: 'call.started',
    callId,
    seq,
    direction: 'inbound',
    ani: CALLER,
    dnis: '8890',
    queue: 'general',
    agentId: '1003',
    startedAt: '2026-11-24T10:00:00+08:00',
    locale: 'zh-CN',
    ...changes,
  }
}

export function endedEvent(callId: string, seq: number, changes: object = {}): Record<string, unknown> {
  return { type: 'call.ended', callId, seq, reason: 'hang-up', durationMs: 60_000, ...changes }
}

/** A final utterance as it is read. */
export function finalRead(callId: string, seq: number, changes: object = {}): ReadCallEvent {
  return finalEvent(callId, seq, changes) as unknown as ReadCallEvent
}
