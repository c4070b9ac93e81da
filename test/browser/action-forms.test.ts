import { describe, expect, it } from 'vitest'
import { type Action, transitionOf, workflow } from '../../src/cases/workflow.ts'
import { MEASURES } from '../../src/followup/three-rates.ts'
import {
  ACTION_FORMS,
  type Field,
  formOf,
  initialValues,
  inputOf,
  missingFields,
} from '../../src/web/desk/action-forms.ts'
import { daysOf, SHOWN_MEASURES } from '../../src/web/desk/evaluation-text.ts'
import { highlight } from '../../src/web/desk/evidence-text.ts'

const SHANGHAI = 'Asia/Shanghai'
const offered = (Object.keys(workflow) as Action[]).filter(action => transitionOf(action).isOffered)

/** Something that a person could have entered. */
function entered(field: Field): unknown {
  if (field.kind === 'choice') return field.choices![0]
  if (field.kind === 'yes-no' || field.kind === 'yes-no-unknown') return false
  if (field.kind === 'instant') return '2026-11-24 16:00'
  if (field.kind === 'limit') return '5wd'
  if (field.kind === 'files') return [{ name: 'photo.png', isPublic: true }]
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
      ...initialValues(form, new Date(), SHANGHAI),
      ...Object.fromEntries(required.map(field => [field.name, entered(field)])),
    }
    for (const values of [all, least]) {
      expect(missingFields(form, values, 'because')).toEqual([])
      const input = inputOf(form, values, SHANGHAI)
      // Reason and candidates of a dispatch by hand, and the new case of a split, are added by the server.
      const added: Record<string, object> = {
        dispatch: { reason: { by: 'ruling', clause: null } },
        arbitrate: { reason: { by: 'ruling', clause: null } },
        split: { into: 'case-2', number: '261124000028' },
        // So are the step that is due and the post that has the authority.
        'pass-step': { step: 0, post: 'clerk' },
        'decide-application': { post: 'approver' },
      }
      const sent = { ...input, ...added[action] }
      expect(row.needs.safeParse(sent).error?.issues ?? []).toEqual([])
    }
  })

  it('what is needed and empty is named', () => {
    const form = formOf('return')
    expect(missingFields(form, initialValues(form, new Date(), SHANGHAI), ' ')).toEqual(['clause', 'reason'])
  })
})

describe("times in forms are the city's, wherever the browser is", () => {
  const reply = formOf('reply')

  it.each([
    ['Asia/Shanghai', '2026-11-24 16:30', '2026-11-24T08:30:00.000Z'],
    ['Europe/Berlin', '2026-11-24 09:30', '2026-11-24T08:30:00.000Z'],
    // The hour after the clocks were put forward, and the one before they are put back.
    ['Europe/Berlin', '2026-03-29 03:30', '2026-03-29T01:30:00.000Z'],
    ['America/New_York', '2026-11-24 03:30', '2026-11-24T08:30:00.000Z'],
  ])('in %s %s is %s', (zone, wall, at) => {
    expect(initialValues(reply, new Date(at), zone)['contact.at']).toBe(wall)
    expect(inputOf(reply, { 'contact.at': wall }, zone)).toMatchObject({ contact: { at } })
  })

  it('days of the evaluation are those of the city', () => {
    // In Shanghai the first of December has begun.
    const now = new Date('2026-11-30T17:00:00Z')
    expect(daysOf('this-month', now, 'Asia/Shanghai')).toEqual({ from: '2026-12-01', to: '2026-12-01' })
    expect(daysOf('last-month', now, 'Asia/Shanghai')).toEqual({ from: '2026-11-01', to: '2026-11-30' })
    expect(daysOf('this-year', now, 'Asia/Shanghai')).toEqual({ from: '2026-01-01', to: '2026-12-01' })
    expect(daysOf('last-month', now, 'America/New_York')).toEqual({ from: '2026-10-01', to: '2026-10-31' })
  })
})

describe('the page of the evaluation', () => {
  it('shows every rate that is worked out', () => {
    expect([...SHOWN_MEASURES].sort()).toEqual(MEASURES.filter(measure => measure !== 'cases').sort())
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
