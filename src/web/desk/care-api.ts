import { call } from './desk-api.ts'

/** A telephone call to make; the phone is that of the case, where the look is recorded. */
export interface CallToMake {
  id: string
  caseId: string
  number: string
  summary: string
  stateName: string
  purpose: 'tell' | 'ask'
  /** The event of the case that it is about. */
  seq: number
  tries: number
  notBefore: string
  /** Who makes it now. */
  taken: { by: string; isMine: boolean; until: string } | null
}

export const CALL_OUTCOMES = ['reached', 'no-answer', 'unwilling', 'wrong-number'] as const

export async function listCalls(): Promise<CallToMake[]> {
  return (await call<{ rows: CallToMake[] }>('/calls')).rows
}

/** Nobody else makes it for ten minutes. @throws Refused `call-taken` while somebody else does */
export async function takeCall(id: string): Promise<void> {
  await call(`/calls/${encodeURIComponent(id)}/take`, { body: {} })
}

/** Gives back a call that was not made. */
export async function releaseCall(id: string): Promise<void> {
  await call(`/calls/${encodeURIComponent(id)}/release`, { body: {} })
}

/** `key` is that of the filled form: sent again after a lost connection, it is noted once. */
export async function noteCall(
  id: string,
  note: { outcome: (typeof CALL_OUTCOMES)[number]; answers?: Record<string, unknown> },
  key: string,
): Promise<void> {
  await call(`/calls/${encodeURIComponent(id)}/outcome`, { body: note, headers: { 'idempotency-key': key } })
}

/** Something that could not be delivered after all its tries. */
export interface DeadLetter {
  id: string
  name: string
  caseId: string
  event: string
  failedAt: string
  failure: { why: string; answered: string | null }
  /** Whose system it was for. */
  receiver: { kind: 'department' | 'enterprise'; name: string; host: string } | null
}

export async function listDeadLetters(): Promise<DeadLetter[]> {
  return (await call<{ rows: DeadLetter[] }>('/dead-letters')).rows
}

export async function mendDeadLetter(id: string, does: 'replay' | 'discard'): Promise<void> {
  await call(`/dead-letters/${id}/${does}`, { body: {} })
}

/** Somebody saw a confidential case, or the person of a case. */
export interface Look {
  login: string
  displayName: string
  at: string
}

/** Newest first. @throws Refused for all but supervisors and administrators */
export async function loadLooks(caseId: string): Promise<Look[]> {
  return (await call<{ rows: Look[] }>(`/cases/${encodeURIComponent(caseId)}/looks`)).rows
}

/** What speaks against the reply of a case. */
export type Doubt =
  | { because: 'not-contacted'; told: string }
  | { because: 'not-solved' }
  | { because: 'repeat'; number: string; at: string }

export async function loadDoubts(caseId: string): Promise<Doubt[]> {
  return (await call<{ rows: Doubt[] }>(`/cases/${encodeURIComponent(caseId)}/doubts`)).rows
}
