import type { GuideEntry, GuideIndex, GuideView } from '../../guidance/told-guide.ts'
import { requestJson } from '../shared/http.ts'
import { currentLocale } from '../shared/texts.ts'

export type { GuideEntry, GuideIndex, GuideView }

/** What is known of the person's situation: answers, or the code of a link. */
export type Known = { answers: Record<string, string> } | { code: string }

export const listGuides = () => requestJson<GuideIndex>('/api/guide')

export const searchGuides = async (words: string) =>
  (await requestJson<{ found: GuideEntry[] }>('/api/guide/search', { body: { words } })).found

export const viewGuide = (id: string, known: Known) =>
  requestJson<GuideView>(`/api/guide/${encodeURIComponent(id)}`, { body: known })

/** The checklist as a file. @throws Error when the server does not give one */
export async function printGuide(id: string, answers: Record<string, string>): Promise<Blob> {
  const response = await fetch(`/api/guide/${encodeURIComponent(id)}/print`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': currentLocale() },
    body: JSON.stringify({ answers }),
  })
  if (!response.ok) throw new Error(`no file: ${response.status}`)
  return response.blob()
}
