import type { CaseCard } from '../../conversation/message.ts'
import { requestJson } from '../shared/http.ts'
import { recall } from '../shared/keep.ts'
import type { KeptCase } from '../shared/kept-cases.ts'
import { currentLocale } from '../shared/texts.ts'

/** A case in the list, as `POST /api/my-cases/list` tells of it. */
export interface MyCase {
  card: CaseCard
  filedAt: string
  changedAt: string
  isOver: boolean
  waitsForYou: 'answer' | 'rating' | null
}
export type ListedCase = MyCase & { by: 'code' | 'phone' | 'chat' }

export interface StageEntry {
  stage: string
  name: string
  state: 'done' | 'now' | 'ahead' | 'skipped'
  from: string | null
  to: string | null
}

/** A case with all that its owner may see and do. */
export interface WholeCase extends MyCase {
  course: StageEntry[]
  pauses: { from: string; to: string | null }[]
  history: {
    at: string
    type: string
    text: string
    said: string | null
    files: { name: string; href: string }[]
  }[]
  question: string | null
  reply: string | null
  actions: ('add-information' | 'urge' | 'withdraw' | 'follow-up')[]
  whyNotUrge: 'answered' | 'over' | 'waits-for-you' | null
  urgeCount: number
  joining: { people: number; departmentName: string; dueText: string } | null
}

/** A case by its query code, or by what else the browser has. */
export interface CaseKey {
  number: string
  queryCode: string | null
}

export interface SentFile {
  name: string
  ticket: string
}

/** What one may do with a case. */
export type CaseAction =
  | { do: 'urge' }
  | { do: 'join-neighbours' }
  | { do: 'withdraw'; reason: string | null }
  | { do: 'add-information'; text: string; files: SentFile[] }
  | { do: 'follow-up'; answers: object }

const BASE = '/api/my-cases'
const UPLOAD_MS = 120_000

export async function listCases(
  codes: readonly KeptCase[],
): Promise<{ rows: ListedCase[]; unknown: string[] }> {
  return requestJson(`${BASE}/list`, { body: { codes }, ...(await chatToken()) })
}

/** @throws Refused `query-code-wrong`, `case-not-found` …, Unreachable */
export async function showCase(key: CaseKey): Promise<WholeCase> {
  return requestJson(`${BASE}/show`, { body: key, ...(await chatToken()) })
}

/** The certificate or notice as a file. @throws Error when the server does not give one */
export async function fetchCertificate(key: CaseKey): Promise<Blob> {
  const { token } = await chatToken()
  const response = await fetch(`${BASE}/certificate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': currentLocale(),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(key),
  })
  if (!response.ok) throw new Error(`no file: ${response.status}`)
  return response.blob()
}

/** The same `once` again is the same action. */
export async function actOnCase(key: CaseKey, action: CaseAction, once: string): Promise<void> {
  const headers = { 'idempotency-key': once }
  await requestJson(`${BASE}/act`, { body: { ...key, action }, headers, ...(await chatToken()) })
}

export async function sendFiles({ number, queryCode }: CaseKey, files: readonly File[]): Promise<SentFile[]> {
  const form = new FormData()
  form.append('number', number)
  if (queryCode !== null) form.append('queryCode', queryCode)
  for (const file of files) form.append('file', file, file.name)
  const answer = await requestJson<{ files: SentFile[] }>(`${BASE}/files`, {
    body: form,
    timeoutMs: UPLOAD_MS,
    ...(await chatToken()),
  })
  return answer.files
}

export function waysToFind(): Promise<{ canProvePhone: boolean; isPhoneOpen: boolean }> {
  return requestJson(`${BASE}/ways`)
}

export function sendPhoneCode(phone: string): Promise<{ againAfterSeconds: number; holdsMinutes: number }> {
  return requestJson(`${BASE}/phone/code`, { body: { phone } })
}

export async function openPhone(phone: string, code: string): Promise<void> {
  await requestJson(`${BASE}/phone/session`, { body: { phone, code } })
}

export async function closePhone(): Promise<void> {
  await requestJson(`${BASE}/phone/session`, { method: 'DELETE' })
}

let minted: Promise<{ token: string; expires_in: number }> | null = null

/** The token of the chat on this device, when there is a chat; it opens the cases that were filed there. */
async function chatToken(): Promise<{ token?: string }> {
  const session = recall<{ token: string; expiresAt: number }>('session')
  if (!session) return {}
  if (session.expiresAt > Date.now() + 5_000) return { token: session.token }
  // A cookie that no script can read tells the broker whose browser this is.
  minted ??= requestJson('/api/web-chat/token', { body: {} })
  try {
    return { token: (await minted).token }
  } catch {
    minted = null
    return {}
  }
}
