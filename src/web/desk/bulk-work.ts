import { Refused } from '../shared/http.ts'
import { t } from '../shared/texts.ts'
import { type ActionForm, type FormValues, formOf, inputOf } from './action-forms.ts'
import type { BulkOutcome } from './bulk-run.ts'
import * as api from './desk-api.ts'
import { previewReply } from './handler-api.ts'

/** When and how the owner of one case was spoken to; `at` as the city's clocks show it. */
export interface Evidence {
  how: string
  at: string
}

/** What is done to many cases at once. */
export interface BulkWork {
  action: string
  values: FormValues
  reason: string
  as: api.Standing | undefined
  timeZone: string
}

/** The form of an action with what is the same for all; who was spoken to, how and when is each case's own. */
export function sharedFormOf(action: string): ActionForm {
  const form = formOf(action)
  return { ...form, fields: form.fields.filter(({ name }) => !name.startsWith('contact.')) }
}

export function hasEvidence(action: string): boolean {
  return formOf(action).fields.some(({ name }) => name.startsWith('contact.'))
}

function requestOf({ action, values, reason, timeZone }: BulkWork, own: Evidence | undefined) {
  const all = own ? { ...values, 'contact.how': own.how, 'contact.at': own.at } : values
  return { action, input: inputOf(formOf(action), all, timeZone), reason: reason.trim() || null }
}

/** What the residents should perhaps not read, over all the cases: a name in one's reply is a stranger's in another's. */
export async function concernsOf(
  work: BulkWork,
  cases: readonly api.CaseRow[],
  evidence: Readonly<Record<string, Evidence>>,
): Promise<{ kind: string; text: string }[]> {
  const found = new Map<string, { kind: string; text: string }>()
  for (const { id } of cases) {
    const draft = { ...requestOf(work, evidence[id]), as: work.as }
    // What is refused is refused again when it is sent, and told there.
    const preview = await previewReply(id, draft).catch(() => null)
    for (const concern of preview?.concerns ?? []) found.set(`${concern.kind} ${concern.text}`, concern)
  }
  return [...found.values()]
}

/** Does it to one case. Never throws. */
export async function actOnOne(
  work: BulkWork,
  row: api.CaseRow,
  own: Evidence | undefined,
  key: string,
): Promise<BulkOutcome> {
  const request = { ...requestOf(work, own), expectedVersion: row.version, as: work.as }
  try {
    await api.act(row.id, request, key)
    return { is: 'done' }
  } catch (error) {
    if (error instanceof Refused && !error.isPassing)
      return {
        is: 'refused',
        because: error.code === 'version-conflict' ? t('desk.bulk.overtaken') : error.message,
      }
    return { is: 'unknown', because: t('desk.error.unreachable') }
  }
}
