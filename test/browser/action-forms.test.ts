import { describe, expect, it } from 'vitest'
import { type Action, transitionOf, workflow } from '../../src/cases/workflow.ts'
import {
  ACTION_FORMS,
  type Field,
  formOf,
  initialValues,
  inputOf,
  missingFields,
} from '../../src/web/desk/action-forms.ts'
import { highlight } from '../../src/web/desk/evidence-text.ts'

const offered = (Object.keys(workflow) as Action[]).filter(action => transitionOf(action).isOffered)

/** Something that a person could have entered. */
function entered(field: Field): unknown {
  if (field.kind === 'choice') return field.choices![0]
  if (field.kind === 'yes-no' || field.kind === 'yes-no-unknown') return false
  if (field.kind === 'instant') return new Date('2026-11-24T08:00:00Z')
  if (field.kind === 'limit') return '5wd'
  return field.kind === 'departments' ? ['transport'] : 'transport'
}

describe("the desk's forms", () => {
  it('there is one for each action that the workflow offers, and no other', () => {
    expect(Object.keys(ACTION_FORMS).sort()).toEqual([...offered].sort())
  })

  it.each(offered)('%s asks for what the workflow needs', action => {
    const form = formOf(action)
    const row = transitionOf(action)
    expect(form.isReasonNeeded ?? false).toBe(row.isReasonNeeded ?? false)
    const all = Object.fromEntries(form.fields.map(field => [field.name, entered(field)]))
    const required = form.fields.filter(field => !field.isOptional)
    const least = {
      ...initialValues(form, new Date()),
      ...Object.fromEntries(required.map(field => [field.name, entered(field)])),
    }
    for (const values of [all, least]) {
      expect(missingFields(form, values, 'because')).toEqual([])
      const input = inputOf(form, values)
      // Reason and candidates of a dispatch by hand, and the new case of a split, are added by the server.
      const added: Record<string, object> = {
        dispatch: { reason: { by: 'ruling', clause: null } },
        arbitrate: { reason: { by: 'ruling', clause: null } },
        split: { into: 'case-2', number: '261124000028' },
      }
      const sent = { ...input, ...added[action] }
      expect(row.needs.safeParse(sent).error?.issues ?? []).toEqual([])
    }
  })

  it('what is needed and empty is named', () => {
    const form = formOf('return')
    expect(missingFields(form, initialValues(form, new Date()), ' ')).toEqual(['clause', 'reason'])
  })
})

describe("the caller's words", () => {
  it('are cut where the evidence stands, the strongest strongest', () => {
    const pieces = highlight('半夜施工，半夜', [
      { feature: '施工', weight: 2 },
      { feature: '半夜', weight: 1 },
      { feature: '不在', weight: -1 },
    ])
    expect(pieces).toEqual([
      { text: '半夜', strength: 0.5 },
      { text: '施工', strength: 1 },
      { text: '，', strength: 0 },
      { text: '半夜', strength: 0.5 },
    ])
  })
})
