import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { linePhone } from '../shared/city.ts'
import { Refused } from '../shared/http.ts'
import { forget, keep, recall } from '../shared/keep.ts'
import { t } from '../shared/texts.ts'
import { draftOf, emptyForm, type Form, formOf } from './form.ts'
import {
  type Choices,
  loadChoices,
  type RegistrationView,
  type StampedPaper,
  viewDraft,
} from './register-api.ts'

// The number in the key grows with the shape, so that a page never reads what an older one kept.
const KEPT = 'register.1'
const WAIT_MS = 350

const choices = shallowRef<Choices | null>(null)
const form = reactive<Form>({ ...emptyForm(), ...recall<Form>(KEPT) })
const view = shallowRef<RegistrationView | null>(null)
const papers = ref<Record<string, StampedPaper>>({})
/** Fields that the last change gave another value. */
const changed = shallowRef<ReadonlySet<string>>(new Set())
const trouble = ref('')
/** Is what the server said still about what stands in the form? */
const isCurrent = ref(false)
/** Whoever has not begun is not told what is missing. */
const isTold = ref(recall<Form>(KEPT) !== null)
const draft = computed(() => draftOf(form))
let waiting: ReturnType<typeof setTimeout> | undefined
let asked = 0
let typed = ''
const factsOf = ({ signatures: _drawn, ...facts }: Form) => JSON.stringify(facts)

/** Asks the server what is wrong, and for the papers in which something has changed. */
async function refresh(): Promise<void> {
  const turn = ++asked
  try {
    const have = Object.values(papers.value).map(({ stamp }) => stamp)
    const told = await viewDraft(draft.value, have)
    if (turn !== asked) return
    changed.value = changesTo(told)
    for (const paper of told.papers) papers.value[paper.id] = paper
    view.value = told
    trouble.value = ''
    isCurrent.value = true
  } catch (error) {
    if (turn === asked) trouble.value = troubleText(error)
  }
}

function changesTo({ fields }: RegistrationView): ReadonlySet<string> {
  const before = view.value?.fields
  if (!before) return new Set()
  return new Set(Object.keys(fields).filter(key => before[key]?.value !== fields[key]!.value))
}

/** What to say when something could not be done. */
export function troubleText(error: unknown): string {
  return (error instanceof Refused && error.message) || t('web.status.unreachable', { phone: linePhone() })
}

/** Begins: what can be chosen, what was typed before, and from now on every change. */
export async function startRegistration(): Promise<void> {
  watch(form, () => {
    keep(KEPT, form)
    isTold.value = true
    // A signature changes nothing of what others sign: they need not wait.
    const facts = factsOf(form)
    if (facts !== typed) isCurrent.value = false
    typed = facts
    clearTimeout(waiting)
    waiting = setTimeout(() => void refresh(), WAIT_MS)
  })
  try {
    choices.value = await loadChoices()
    if (form.by === '') form.by = lastDay(choices.value)
  } catch (error) {
    trouble.value = troubleText(error)
  }
  await refresh()
}

/** The last day on which all must be paid. */
function lastDay({ today, contributionYears }: Choices): string {
  const day = today.slice(4) === '-02-29' ? '-02-28' : today.slice(4)
  return `${Number(today.slice(0, 4)) + contributionYears}${day}`
}

function replaceForm(by: Form): void {
  papers.value = {}
  view.value = null
  Object.assign(form, by)
}

/** What the page knows; one for the whole page. */
export function useRegistration() {
  const stops = computed(() =>
    (isTold.value ? (view.value?.problems ?? []) : []).filter(({ weight }) => weight === 'stop'),
  )
  const problemsAt = (field: string) =>
    isTold.value ? (view.value?.problems ?? []).filter(problem => problem.field === field) : []
  return {
    choices,
    form,
    draft,
    view,
    papers,
    changed,
    trouble,
    isCurrent,
    stops,
    problemsAt,
    takeDraft: (kept: Parameters<typeof formOf>[0]) => replaceForm(formOf(kept)),
    /** Everything that was typed leaves this device. */
    clear() {
      const by = choices.value ? lastDay(choices.value) : ''
      replaceForm({ ...emptyForm(), by })
      forget(KEPT)
    },
  }
}

/** Id of the element for a path of the draft. */
export const idOf = (path: string) => `f-${path.replace(/\./g, '-')}`

/** Brings a field to where it is seen and typed into. */
export function goTo(path: string): void {
  const exact = document.getElementById(idOf(path))
  const wider = document.getElementById(idOf(path.split('.')[0]!))
  const target = exact ?? wider
  target?.scrollIntoView({ block: 'center' })
  target?.focus()
}
