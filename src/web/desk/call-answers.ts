import {
  type ActionForm,
  type Field,
  type FormValues,
  formOf,
  inputOf,
  missingFields,
} from './action-forms.ts'

/** What is chosen for "nobody knows", which is an answer, other than choosing nothing. */
const ANSWERS: Readonly<Record<string, boolean | null>> = { yes: true, no: false, unknown: null }
const contacted: Field = { name: 'contacted', kind: 'choice', choices: Object.keys(ANSWERS) }

/** What somebody who was reached is asked. Who says that it is not solved cannot be content with it. */
export function questions(values: FormValues): ActionForm {
  const { fields, tone } = formOf(values.resolved === false ? 'rework' : 'follow-up')
  const asked = formOf('follow-up').fields
  return {
    tone,
    fields: asked.map(field => {
      if (field.name === 'contacted') return contacted
      return field.name === 'satisfied' ? fields.find(each => each.name === 'satisfied')! : field
    }),
  }
}

/** Names of the questions without an answer. */
export function unanswered(values: FormValues): string[] {
  return missingFields(questions(values), values, '')
}

/** As the interface takes them. */
export function answersOf(values: FormValues, timeZone: string): Record<string, unknown> {
  return { ...inputOf(questions(values), values, timeZone), contacted: ANSWERS[String(values.contacted)] }
}

/** With another answer. One that does not go with it any more is taken back. */
export function answered(values: FormValues, name: string, value: unknown): FormValues {
  const next = { ...values, [name]: value }
  const { choices = [] } = questions(next).fields.find(field => field.name === 'satisfied')!
  return choices.includes(String(next.satisfied)) ? next : { ...next, satisfied: '' }
}
