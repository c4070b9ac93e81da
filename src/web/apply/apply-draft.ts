import { reactive, watch } from 'vue'
import { forget, keep, recall } from '../shared/keep.ts'

/** What a person has filled in so far; kept on the device until it is handed in. */
export interface Draft {
  /** Made up here: the same draft sent again is one application. */
  draft: string
  answers: Record<string, string>
  documents: Record<string, { files: { file: string; name: string }[]; isPromised: boolean }>
  amounts: Record<string, string>
  applicant: 'person' | 'enterprise'
  name: string
  phone: string
  identityNumber: string
  organisation: string
  creditCode: string
  place: string
}

const keyOf = (id: string) => `apply.1.${id}`

/** The draft for an item, kept with every change. */
export function keptDraft(id: string): Draft {
  const draft = reactive({ ...emptyDraft(), ...recall<Partial<Draft>>(keyOf(id)) })
  watch(draft, () => keep(keyOf(id), draft), { deep: true })
  return draft
}

export function clearDraft(id: string, draft: Draft): void {
  Object.assign(draft, emptyDraft())
  forget(keyOf(id))
}

/** What is sent of it: documents and amounts that this situation asks for. */
export function handedIn(
  { documents, amounts, ...rest }: Draft,
  form: { documents: { id: string }[]; measures: { id: string }[]; answers: Record<string, string> },
): unknown {
  return {
    ...rest,
    answers: form.answers,
    documents: form.documents.map(({ id }) => ({
      document: id,
      files: documents[id]?.files.map(({ file }) => file) ?? [],
      isPromised: documents[id]?.isPromised ?? false,
    })),
    amounts: Object.fromEntries(
      form.measures.flatMap(({ id }) => {
        const typed = (amounts[id] ?? '').normalize('NFKC').trim()
        return typed === '' ? [] : [[id, Number.isFinite(Number(typed)) ? Number(typed) : 0]]
      }),
    ),
    place: rest.place.trim() || null,
  }
}

function emptyDraft(): Draft {
  return {
    draft: newDraft(),
    answers: {},
    documents: {},
    amounts: {},
    applicant: 'person',
    name: '',
    phone: '',
    identityNumber: '',
    organisation: '',
    creditCode: '',
    place: '',
  }
}

function newDraft(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
