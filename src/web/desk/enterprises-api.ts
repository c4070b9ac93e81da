import { call, type Light } from './desk-api.ts'

export interface EnterpriseRow {
  code: string
  name: string
  sectorName: string
  stageName: string
  stewardName: string | null
  openCases: number
  warnedCases: number
  next: { name: string; dueAt: string; isLate: boolean } | null
  isQuiet: boolean
}
export interface EnterpriseList {
  rows: EnterpriseRow[]
  load: { login: string; name: string; count: number; most: number }[]
  sectors: { id: string; name: string }[]
  mayAssign: boolean
}
export interface EnterpriseView {
  code: string
  name: string
  sectorName: string
  steward: string | null
  stewardName: string | null
  contact: Contact
  life: {
    stages: { id: string; name: string; state: 'done' | 'now' | 'ahead' }[]
    steps: { id: string; name: string; dueAt: string; isDone: boolean }[]
  }
  cases: {
    id: string
    number: string
    title: string
    statusText: string
    departmentName: string
    dueAt: string | null
    light: Light | null
    isWarned: boolean
  }[]
  talk: { seq: number; from: 'resident' | 'line' | 'agent'; at: string; text: string; by: string | null }[]
  mayContact: { may: boolean; because: string; from: string | null }
  isQuiet: boolean
  records: { at: string; what: string; login: string; text: string }[]
}
export interface Contact {
  name: string | null
  phone: string | null
}
export type Deed =
  | { do: 'note'; text: string }
  | { do: 'begin-stage'; stage: string }
  | { do: 'tick-step'; step: string; isDone: boolean }
  | { do: 'set-contact'; contact: Contact }
  | { do: 'assign'; steward: string }

const one = (code: string, rest = '') => `/enterprises/${encodeURIComponent(code)}${rest}`
/** `once` is that of what was filled in: sent again after a lost connection, it is done once. */
const send = (path: string, body: object, once: string) =>
  call(path, { body, headers: { 'idempotency-key': once } })

export const listEnterprises = () => call<EnterpriseList>('/enterprises')
export const showEnterprise = (code: string) => call<EnterpriseView>(one(code))
export const addEnterprise = (
  wanted: { code: string; name: string; sector: string | null; contact: Contact },
  once: string,
) => send('/enterprises', wanted, once)
export const serve = (code: string, deed: Deed, once: string) => send(one(code, '/deeds'), deed, once)
export const writeTo = (code: string, text: string, once: string) =>
  send(one(code, '/messages'), { text }, once)
/** Whole; that somebody looked is recorded. */
export const lookAtContact = (code: string) => call<Contact>(one(code, '/contact'), { body: {} })
