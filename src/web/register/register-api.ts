import type { Draft } from '../../registration/facts.ts'
import type { RegistrationView, StampedPaper } from '../../registration/told-registration.ts'
import { requestJson } from '../shared/http.ts'
import { currentLocale } from '../shared/texts.ts'

export type { Draft, RegistrationView, StampedPaper }

export interface Entry {
  id: string
  name: string
  permit: 'none' | 'after' | 'before'
  permitName?: string
  industries: string[]
}

export interface Choices {
  region: string
  streets: { id: string; name: string }[]
  scope: Entry[]
  contributionYears: number
  today: string
}

const BASE = '/api/registration'

export const loadChoices = () => requestJson<Choices>(BASE)

export const findScope = async (words: string) =>
  (await requestJson<{ found: Entry[] }>(`${BASE}/scope`, { body: { words } })).found

export const viewDraft = (draft: Draft, have: string[]) =>
  requestJson<RegistrationView>(`${BASE}/view`, { body: { draft, have } })

export const keepDraft = (draft: Draft, code: string | null) =>
  requestJson<{ code: string; until: string }>(`${BASE}/drafts`, { body: { draft, code } })

export const openDraft = async (code: string) =>
  (await requestJson<{ draft: Draft }>(`${BASE}/drafts/open`, { body: { code } })).draft

/** @param key the same for a repeat of the same */
export const handIn = (draft: Draft, code: string | null, key: string) =>
  requestJson<{ number: string; queryCode: string }>(`${BASE}/hand-in`, {
    body: { draft, code },
    headers: { 'idempotency-key': key },
    timeoutMs: 60_000,
  })

/** All papers in one file. @throws Error when the server does not give one */
export async function printPapers(draft: Draft): Promise<Blob> {
  const response = await fetch(`${BASE}/files`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': currentLocale() },
    body: JSON.stringify({ draft }),
  })
  if (!response.ok) throw new Error(`no file: ${response.status}`)
  return response.blob()
}
