import type { CaseCard } from '../../conversation/message.ts'
import type { HelpTold } from './agent-help.ts'
import { call } from './desk-api.ts'

export const FIELDS = ['type', 'subject', 'place', 'time', 'wanted', 'summary'] as const
export type Field = (typeof FIELDS)[number]
export type ContactField = 'phone' | 'name'
export const TYPES = ['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise'] as const

export interface Utterance {
  id: string
  role: 'resident' | 'agent'
  text: string
}

export interface Span {
  utterance: string
  start: number
  end: number
}

export interface Suggested {
  value: string | null
  confidence: number
  evidence: Span[]
}

/** How a field stands; what was accepted, edited or refused stays so. */
export interface Standing {
  value: string | null
  confidence: number
  is: 'shown' | 'accepted' | 'edited' | 'refused'
}

export interface CaseBeside {
  id: string
  number: string
  summary: string
  place: string | null
  stateName: string
  departmentName: string
  dueText: string | null
  isOwn: boolean
}

export interface AgentMatter {
  id: string
  words: string
  fields: Record<Field, Suggested>
  subjects: { id: string; name: string; confidence: number }[]
  danger: {
    kind: string
    service: string
    cue: string
    isSensed?: boolean
    serviceText: string
    advice: string
    evidence: Span[]
  } | null
  question: { about: string; text: string; left: number }
  isConfidential: boolean
  department: {
    id: string
    name: string
    coHandlers: string[]
    isCertain: boolean
    reason: string
    dueText: string
    gradeName: string
    candidates: { id: string; name: string; reason: string; confidence: number }[]
  }
  deciding: string[]
  neighbours: (CaseBeside & { people: number })[]
  answered: CaseBeside[]
  duplicateOf: string | null
  passages: {
    id: string
    title: string
    text: string
    whole: string
    basis: string
    departmentName: string
  }[]
  reply: {
    text: string
    sources: { is: 'knowledge' | 'case'; id: string; title: string; basis: string | null }[]
  } | null
}

export interface AgentSuggestions {
  locale: string
  caller: string | null
  contact: Record<ContactField, Suggested>
  matters: AgentMatter[]
  cases: CaseBeside[]
}

export interface Before {
  contact: Partial<Record<ContactField, Standing>>
  matters: Record<string, Partial<Record<Field, Standing>>>
}

export interface PhoneCall {
  id: string
  caller: string | null
  queue: string | null
  agentId: string | null
  startedAt: string | null
  heardAt: string
  end: object | null
  lastPosition: number
}

export interface FilingMatter extends Record<Field, string | null> {
  words: string
  joins: string | null
  lead: string | null
  service: string | null
  answer: string | null
}

export interface Filed {
  cases: { id: string; version: number; card: CaseCard }[]
}

export async function runningCalls(): Promise<PhoneCall[]> {
  return (await call<{ rows: PhoneCall[] }>('/calls/running')).rows
}

export function suggestions(talk: {
  callId: string | null
  chatId: string | null
  utterances: Utterance[]
  before: Before
}): Promise<AgentSuggestions> {
  return call('/agent/suggestions', { body: talk })
}

/** `key` is that of the talk: sent again after a lost connection it is filed once. */
export function file(
  filing: {
    callId: string | null
    chatId: string | null
    matters: FilingMatter[]
    name: string | null
    phone: string | null
    isWithoutPhone: boolean
    help: HelpTold
  },
  key: string,
): Promise<Filed> {
  return call('/agent/filings', { body: filing, headers: { 'idempotency-key': key } })
}

/** Follows a call from its first word on; the browser goes on by itself after a lost connection. Returns how to stop. */
export function followCall(
  callId: string,
  news: {
    onCall(call: PhoneCall): void
    onFinal(utterance: Heard): void
    onPartial(utterance: Heard): void
  },
): () => void {
  const source = new EventSource(`/api/desk/calls/${encodeURIComponent(callId)}/events`)
  const on = <T>(event: string, hear: (data: T) => void) =>
    source.addEventListener(event, message => hear(JSON.parse((message as MessageEvent<string>).data) as T))
  on('call', news.onCall)
  on('final', news.onFinal)
  on('partial', news.onPartial)
  return () => source.close()
}

export interface Heard {
  utteranceId: string
  role: 'resident' | 'agent'
  text: string
}
