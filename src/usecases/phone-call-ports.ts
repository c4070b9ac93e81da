import type { ReceivedSeqs } from './received-seqs.ts'

/** A call that residents and agents are speaking in, as told by the telephone system. */
export interface PhoneCall {
  /** The telephone system's id. */
  id: string
  direction: 'inbound' | 'outbound' | null
  /** The caller's number; stored sealed only. */
  ani: string | null
  dnis: string | null
  queue: string | null
  agentId: string | null
  /** The telephone system's tag of the language. */
  locale: string | null
  /** Null: something of it was heard before its start. */
  startedAt: Date | null
  end: { heardAt: Date; reason: string | null; durationMs: number | null; recordingRef: string | null } | null
  received: ReceivedSeqs
  /** Final utterances so far; each has a position from 1 in the order of their coming. */
  lastPosition: number
  /** 0: not stored yet. */
  version: number
  heardAt: Date
}

export interface SpokenUtterance {
  utteranceId: string
  revision: number
  role: 'resident' | 'agent'
  text: string
  /** Milliseconds from the call's start. */
  beginMs: number
  endMs: number
  confidence: number | null
}

/** An utterance that does not change any more. */
export interface FinalUtterance extends SpokenUtterance {
  position: number
}

export interface PhoneCallStore {
  /** The calls that are known, each with those of the named utterances that are final already. */
  load(
    wanted: readonly { callId: string; utteranceIds: readonly string[] }[],
  ): Promise<{ call: PhoneCall; finals: Set<string> }[]>
  /**
   * All of it or nothing. `version` is that of the call as it was loaded.
   * @throws AppError `version-conflict` when another instance was faster
   */
  save(changes: readonly { call: PhoneCall; finals: readonly FinalUtterance[] }[]): Promise<void>
  utterancesAfter(callId: string, position: number, limit: number): Promise<FinalUtterance[]>
  /** Calls that have started or spoken since and have not ended, the newest first. */
  running(since: Date, limit: number): Promise<PhoneCall[]>
}

/** What is live of a call: words as they are heard, final ones, and that the call itself is not as it was. */
export type CallNews =
  | { kind: 'partial'; utterance: SpokenUtterance }
  | { kind: 'final'; utterance: FinalUtterance }
  | { kind: 'call' }

/**
 * The last news of each call, for those who follow it; kept for a while only and never the only way to learn of a final utterance.
 * Best effort: nothing here throws.
 */
export interface CallTrail {
  add(callId: string, news: readonly CallNews[]): Promise<void>
  /** What came after the cursor (null: all that is kept), and the cursor for the next time. Null when the trail cannot be read now. */
  after(callId: string, cursor: string | null): Promise<{ news: CallNews[]; cursor: string | null } | null>
}
