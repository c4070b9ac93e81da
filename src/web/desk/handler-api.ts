import { call, type Standing } from './desk-api.ts'
import type { FilterChoice } from './list-filter.ts'

export interface SavedFilter {
  id: string
  name: string
  filter: FilterChoice
  isShared: boolean
  isOwn: boolean
}

export async function listFilters(): Promise<SavedFilter[]> {
  const { rows } = await call<{ rows: SavedFilter[] }>('/filters')
  return rows
}

export function saveFilter(wanted: {
  name: string
  filter: FilterChoice
  isShared: boolean
}): Promise<SavedFilter> {
  return call('/filters', { body: wanted })
}

export async function removeFilter(id: string): Promise<void> {
  await call(`/filters/${encodeURIComponent(id)}`, { method: 'DELETE', body: {} })
}

/** What to choose from while handling a case. */
export interface HandlingHelp {
  replies: { id: string; text: string }[]
  questions: { id: string; text: string }[]
  extension: { used: number; times: number; dueAt: string; options: { by: string; dueAt: string }[] } | null
  returning: {
    hops: { department: string; clause: string; at: string }[]
    until: string | null
    candidates: { clause: string; department: string; departmentName: string; text: string }[]
  }
}

export function loadHelp(caseId: string): Promise<HandlingHelp> {
  return call(`/cases/${encodeURIComponent(caseId)}/help`)
}

export interface ReplyPreview {
  locale: string
  channelName: string
  chat: { text: string; choices: string[]; asText: string }
  sms: string
  status: { statusText: string; stageName: string; said: string; files: number }
  concerns: { kind: string; text: string }[]
}

export interface ReplyDraft {
  action: string
  input: Record<string, unknown>
  reason: string | null
  as?: Standing | undefined
}

/** A reply as its reader would see it; nothing is sent. */
export function previewReply(caseId: string, draft: ReplyDraft): Promise<ReplyPreview> {
  return call(`/cases/${encodeURIComponent(caseId)}/reply-preview`, { body: draft })
}

/** Puts a file to a case. @returns its name */
export async function addFile(caseId: string, file: File): Promise<string> {
  const { name } = await call<{ name: string }>(`/cases/${encodeURIComponent(caseId)}/files`, {
    // What it is, the server reads from the file itself.
    body: new Blob([file], { type: 'application/octet-stream' }),
    timeoutMs: 120_000,
  })
  return name
}

export function fileAddress(caseId: string, name: string): string {
  return `/api/desk/cases/${encodeURIComponent(caseId)}/files/${encodeURIComponent(name)}`
}
