import type { CaseCard } from '../../conversation/message.ts'
import { requestJson } from '../shared/http.ts'

/** What one person is asked for, from `POST /api/apply/<item>/form`. */
export interface ApplicationForm {
  id: string
  name: string
  question: { key: string; ask: string; choices: { id: string; name: string }[] } | null
  answered: { key: string; ask: string; choice: string }[]
  answers: Record<string, string>
  stop: { text: string; see: { id: string; name: string } | null } | null
  advice: string[]
  code: string
  documents: { id: string; name: string; notes: string[]; canPromise: boolean }[]
  spared: string[]
  measures: { id: string; name: string; unit: string }[]
  applicants: ('person' | 'enterprise')[]
  steps: { name: string; notes: string[] }[]
  facts: { name: string; value: string }[]
}

/** Something that is missing or wrong, in words. */
export interface Problem {
  field: string
  because: string
  text: string
}

export const loadForm = (id: string, known: { answers: Record<string, string> } | { code: string }) =>
  requestJson<ApplicationForm>(`/api/apply/${encodeURIComponent(id)}/form`, { body: known })

export async function upload(file: File): Promise<string> {
  const form = new FormData()
  form.append('file', file)
  const kept = await requestJson<{ file: string }>('/api/apply/files', { body: form, timeoutMs: 120_000 })
  return kept.file
}

export const handIn = (id: string, body: unknown) =>
  requestJson<{ card: CaseCard }>(`/api/apply/${encodeURIComponent(id)}`, { body })
