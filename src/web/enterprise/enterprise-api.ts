import { requestJson } from '../shared/http.ts'
import { randomId } from '../shared/random-id.ts'

export interface OwnCase {
  number: string
  state: string
  isOpen: boolean
  status: string
  type: { id: string; name: string }
  subject: { id: string; name: string } | null
  words: string
  place: string | null
  department: { id: string; name: string }
  filedAt: string
  dueAt: string | null
  reply: string | null
  actions: ('add-information' | 'urge' | 'withdraw' | 'follow-up')[]
}
export interface WholeCase extends OwnCase {
  history: { at: string; type: string; text: string }[]
}
export type CaseAction =
  | { do: 'add-information'; text: string }
  | { do: 'urge' }
  | { do: 'withdraw' }
  | { do: 'follow-up'; answers: { resolved: boolean; satisfied: string | null; text: string } }

export interface LifeStep {
  id: string
  name: string
  dueAt: string
  isDone: boolean
  item: { id: string; name: string } | null
}
export interface Firm {
  code: string
  name: string
  sectorName: string
  steward: { name: string; phone: string } | null
  life: { stages: { id: string; name: string; state: 'done' | 'now' | 'ahead' }[]; steps: LifeStep[] }
  isQuiet: boolean
  scopes: string[]
}
export interface TalkEntry {
  seq: number
  from: 'resident' | 'line' | 'agent'
  at: string
  text: string
  by: string | null
}
export interface OwnKey {
  id: string
  name: string
  createdAt: string
  lastUsedAt: string | null
  revokedAt: string | null
  previousUntil: string | null
}
export interface Systems {
  keys: OwnKey[]
  webhooks: { id: string; host: string; events: string[] }[]
}
export type Which = 'open' | 'over' | 'all'

const at = (path: string) => `/api/enterprise-page${path}`
const post = <T>(path: string, body: object, once: string = randomId()) =>
  requestJson<T>(at(path), { body, headers: { 'idempotency-key': once } })

export const ways = () => requestJson<{ canProvePhone: boolean; isOpen: boolean }>(at('/ways'))
export const openByKey = (key: string) => post('/session', { key })
export const sendCode = (phone: string) =>
  post<{ againAfterSeconds: number; holdsMinutes: number }>('/phone/code', { phone })
export const openByPhone = (enterprise: string, phone: string, code: string) =>
  post('/phone/session', { enterprise, phone, code })
export const closePage = () => requestJson(at('/session'), { method: 'DELETE' })
export const loadFirm = () => requestJson<Firm>(at('/me'))

export function listCases(
  which: Which,
  cursor: string | null,
): Promise<{ rows: OwnCase[]; nextCursor: string | null }> {
  return requestJson(
    at(`/cases?which=${which}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
  )
}
export const showCase = (number: string) => requestJson<WholeCase>(at(`/cases/${number}`))
/** `once` is that of the tap: sent again after a lost connection, it counts once. */
export const actOnCase = (number: string, action: CaseAction, once: string) =>
  post<WholeCase>(`/cases/${number}/act`, action, once)

export const readTalk = async (after: number) =>
  (await requestJson<{ rows: TalkEntry[] }>(at(`/talk?after=${after}`))).rows
export const writeTalk = (text: string, once: string) => post('/talk', { text }, once)
export const setQuiet = (isQuiet: boolean) => post('/quiet', { isQuiet })

export const loadSystems = () => requestJson<Systems>(at('/systems'))
export const rotateKey = async (id: string, graceHours: number, once: string) =>
  (await post<{ secret: string | null }>(`/keys/${encodeURIComponent(id)}/rotation`, { graceHours }, once))
    .secret
export const revokeKey = (id: string) =>
  requestJson(at(`/keys/${encodeURIComponent(id)}`), { method: 'DELETE' })
