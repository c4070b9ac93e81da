import { cityTime, instantOf } from './city-time.ts'

/** How a field of an action's form is asked for. `name` is its path in the action's input. */
export interface Field {
  name: string
  kind:
    | 'text'
    | 'line'
    | 'department'
    | 'departments'
    | 'clause'
    | 'choice'
    | 'yes-no'
    | 'yes-no-unknown'
    /** Held as the city's clocks show it, `2026-12-08 17:00`. */
    | 'instant'
    | 'limit'
    | 'case-number'
    | 'subject'
    /** A co-handler that still owes its part. */
    | 'part'
    /** Files that were put to the case, each public or not. */
    | 'files'
  isOptional?: boolean
  choices?: readonly string[]
  /** What it shows at first. */
  initial?: (now: Date, timeZone: string) => unknown
  /** Asked for only when this holds. */
  when?: (values: FormValues) => boolean
}

export type FormValues = Record<string, unknown>

export interface ActionForm {
  fields: readonly Field[]
  isReasonNeeded?: boolean
  /** `main`: the way forward. `grave`: ends something or says no. */
  tone: 'main' | 'plain' | 'grave'
}

const text: Field = { name: 'text', kind: 'text' }
const none: readonly Field[] = []
const REQUEST_TYPES = ['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise']
const toDepartment: readonly Field[] = [
  { name: 'lead', kind: 'department' },
  { name: 'coHandlers', kind: 'departments', isOptional: true },
]
const NOT_SOLVED = ['partly', 'not-solved']
const NOT_CONTENT = ['neutral', 'dissatisfied', 'very-dissatisfied']
const contacted: Field = { name: 'contacted', kind: 'yes-no-unknown' }
/** A "no" sends the case back, too. */
const followUp: readonly Field[] = [
  contacted,
  { name: 'resolved', kind: 'yes-no' },
  { name: 'satisfied', kind: 'choice', choices: ['very', 'satisfied', ...NOT_CONTENT], isOptional: true },
  { ...text, isOptional: true },
]
const rework: readonly Field[] = [
  contacted,
  { name: 'resolved', kind: 'yes-no-unknown', initial: () => false },
  { name: 'satisfied', kind: 'choice', choices: NOT_CONTENT, isOptional: true },
  { ...text, isOptional: true },
]
const isOutOfDuty = (values: FormValues) => values.isWithinDuty === false

/**
 * The form of each action that the desk offers, in the order of the buttons. A twin of `src/cases/workflow.ts` and
 * `case-inputs.ts` for the page, which a test holds against them.
 */
export const ACTION_FORMS: Readonly<Record<string, ActionForm>> = {
  accept: { fields: none, tone: 'main' },
  answer: { fields: [text], tone: 'plain' },
  dispatch: { fields: toDepartment, tone: 'main' },
  sign: { fields: none, tone: 'main' },
  reply: {
    fields: [
      text,
      { name: 'solved', kind: 'choice', choices: ['solved', 'partly', 'not-solved'] },
      {
        name: 'whyNot',
        kind: 'line',
        isOptional: true,
        when: values => NOT_SOLVED.includes(String(values.solved)),
      },
      { name: 'contact.how', kind: 'choice', choices: ['phone', 'visit', 'message', 'not-reached'] },
      { name: 'contact.at', kind: 'instant', initial: cityTime },
      { name: 'isTrue', kind: 'yes-no', initial: () => true },
      { name: 'isWithinDuty', kind: 'yes-no', initial: () => true },
      {
        name: 'outOfDuty.because',
        kind: 'choice',
        choices: ['beyond-duty', 'by-law'],
        when: isOutOfDuty,
      },
      { name: 'outOfDuty.text', kind: 'text', when: isOutOfDuty },
      { name: 'attachments', kind: 'files', isOptional: true },
    ],
    tone: 'main',
  },
  'pass-step': { fields: [{ ...text, isOptional: true }], tone: 'main' },
  'decide-application': {
    fields: [{ name: 'outcome', kind: 'choice', choices: ['approved', 'refused'] }, text],
    tone: 'main',
  },
  'finish-part': { fields: [text], tone: 'main' },
  'follow-up': { fields: followUp, tone: 'main' },
  arbitrate: { fields: toDepartment, isReasonNeeded: true, tone: 'main' },
  'resident-answer': { fields: [text], tone: 'main' },
  complete: { fields: [text], tone: 'main' },
  resume: { fields: none, tone: 'main' },
  'answer-supervision': { fields: [text], tone: 'main' },
  'approve-extension': { fields: none, tone: 'main' },
  'ask-more': { fields: [text], tone: 'plain' },
  'ask-resident': { fields: [text], tone: 'plain' },
  'add-co-handler': {
    fields: [
      { name: 'department', kind: 'department' },
      { name: 'task', kind: 'text' },
    ],
    tone: 'plain',
  },
  'remind-part': {
    fields: [
      { name: 'department', kind: 'part' },
      { ...text, isOptional: true },
    ],
    tone: 'plain',
  },
  'request-extension': {
    fields: [{ name: 'by', kind: 'limit', initial: () => '5wd' }],
    isReasonNeeded: true,
    tone: 'plain',
  },
  rework: { fields: rework, tone: 'plain' },
  'approve-out-of-duty': { fields: none, tone: 'plain' },
  'refuse-out-of-duty': { fields: none, isReasonNeeded: true, tone: 'plain' },
  urge: { fields: none, tone: 'plain' },
  'add-information': { fields: [text], tone: 'plain' },
  note: { fields: [text], tone: 'plain' },
  merge: { fields: [{ name: 'into', kind: 'case-number' }], tone: 'plain' },
  split: { fields: [text, { name: 'subject', kind: 'subject', isOptional: true }], tone: 'plain' },
  correct: {
    fields: [
      { name: 'subject', kind: 'subject', isOptional: true },
      { name: 'type', kind: 'choice', choices: REQUEST_TYPES, isOptional: true },
      {
        name: 'grade',
        kind: 'choice',
        choices: ['danger', 'utility', 'normal', 'complex'],
        isOptional: true,
      },
      { name: 'place', kind: 'line', isOptional: true },
    ],
    tone: 'plain',
  },
  'join-neighbours': { fields: [{ name: 'to', kind: 'case-number' }], tone: 'plain' },
  'leave-neighbours': { fields: none, tone: 'plain' },
  supervise: {
    fields: [
      { name: 'level', kind: 'choice', choices: ['remind', 'order', 'notice'] },
      { name: 'cause', kind: 'line' },
    ],
    isReasonNeeded: true,
    tone: 'plain',
  },
  'close-supervision': { fields: none, tone: 'plain' },
  suspend: { fields: [{ name: 'reviewAt', kind: 'instant' }], isReasonNeeded: true, tone: 'plain' },
  'refuse-return': { fields: none, isReasonNeeded: true, tone: 'grave' },
  'refuse-extension': { fields: none, isReasonNeeded: true, tone: 'grave' },
  return: {
    fields: [
      { name: 'clause', kind: 'clause' },
      { name: 'suggested', kind: 'department', isOptional: true },
    ],
    isReasonNeeded: true,
    tone: 'grave',
  },
  refuse: { fields: none, isReasonNeeded: true, tone: 'grave' },
  withdraw: { fields: none, tone: 'grave' },
}

/** What may be done to many cases at once, by role. */
export const BULK_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  handler: ['sign', 'reply', 'ask-resident', 'finish-part', 'note'],
  agent: ['accept', 'urge', 'note'],
  arbiter: ['note'],
  supervisor: ['approve-extension', 'note'],
}

/** The form of an action; one that the page does not know yet has only a reason. */
export function formOf(action: string): ActionForm {
  return ACTION_FORMS[action] ?? { fields: none, tone: 'plain' }
}

/** Actions in the order of the table. */
export function inOrder(actions: readonly string[]): string[] {
  const order = Object.keys(ACTION_FORMS)
  return [...actions].sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

/** What a form shows before anybody has typed. */
export function initialValues(form: ActionForm, now: Date, timeZone: string): FormValues {
  return Object.fromEntries(
    form.fields.map(field => [
      field.name,
      field.initial?.(now, timeZone) ??
        (field.kind === 'departments' || field.kind === 'files'
          ? []
          : field.kind === 'yes-no-unknown'
            ? null
            : ''),
    ]),
  )
}

/** Names of the fields that still must be filled; `reason` among them. */
export function missingFields(form: ActionForm, values: FormValues, reason: string): string[] {
  const missing = form.fields
    .filter(field => !field.isOptional && field.kind !== 'yes-no-unknown')
    .filter(field => field.when?.(values) ?? true)
    .filter(field => values[field.name] === '' || values[field.name] == null)
    .map(field => field.name)
  return form.isReasonNeeded && reason.trim() === '' ? [...missing, 'reason'] : missing
}

/** The action's input from the form's values: `contact.how` becomes `{ contact: { how } }`, nothing is left empty. */
export function inputOf(form: ActionForm, values: FormValues, timeZone: string): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const field of form.fields) {
    if (field.when && !field.when(values)) continue
    const value = wireValue(field, values[field.name], timeZone)
    if (value === undefined) continue
    const [outer, inner] = field.name.split('.') as [string, string?]
    if (inner === undefined) input[outer] = value
    else input[outer] = { ...(input[outer] as object | undefined), [inner]: value }
  }
  return input
}

/** Empty optional fields are left out; where "nobody knows" is an answer it is null. */
function wireValue(field: Field, value: unknown, timeZone: string): unknown {
  if (field.kind === 'instant' && value) return instantOf(String(value), timeZone).toISOString()
  if (field.kind === 'files' && Array.isArray(value) && value.length === 0) return undefined
  if (value !== '' && value != null) return value
  return field.kind === 'yes-no-unknown' || field.name === 'satisfied' ? null : undefined
}
