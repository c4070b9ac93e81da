import { describe, expect, it } from 'vitest'
import { currentStep } from '../../../src/cases/application.ts'
import type { FiledInput } from '../../../src/cases/case-inputs.ts'
import { decide, offeredActions } from '../../../src/cases/decide.ts'
import { actors, Life, noise, policy, said } from './sample-case.ts'

/** A food permit: accepted by a clerk, looked at on site, decided, made. */
const permit: FiledInput = {
  ...noise,
  type: 'application',
  subject: null,
  application: {
    item: 'food-permit',
    itemName: '食品经营许可',
    applicant: 'enterprise',
    answers: { kind: 'drinks' },
    documents: [{ document: 'floor-plan', attachments: ['a.jpg'], exempt: null }],
    amounts: { 'floor-area': 80 },
    steps: [
      {
        act: 'accept',
        name: '受理',
        department: 'urban-management',
        post: 'clerk',
        limit: { amount: 1, unit: 'wd' },
      },
      {
        act: 'visit',
        name: '现场核查',
        department: 'education',
        post: 'inspector',
        limit: { amount: 3, unit: 'wd' },
      },
      {
        act: 'decide',
        name: '决定',
        department: 'urban-management',
        post: 'approver',
        limit: { amount: 1, unit: 'wd' },
      },
      {
        act: 'issue',
        name: '制证',
        department: 'urban-management',
        post: 'clerk',
        limit: { amount: 1, unit: 'wd' },
      },
    ],
    promised: { amount: 6, unit: 'wd' },
  },
}
const toItem = {
  lead: 'urban-management',
  coHandlers: [],
  reason: { by: 'item', item: 'food-permit' },
  candidates: [],
}
const approve = { outcome: 'approved', post: 'approver', text: '符合条件' }
const refuse = { outcome: 'refused', post: 'approver', text: '场所不符合要求' }
const step = (number: number, post: string) => ({ step: number, post })

const signed = () =>
  new Life(permit)
    .does('agent', 'accept')
    .does('line', 'dispatch', { input: toItem })
    .does('lead', 'sign', { at: '2026-11-24 11:00' })
const atDecision = () =>
  signed()
    .does('lead', 'pass-step', { input: step(0, 'clerk') })
    .does('stranger', 'pass-step', { input: step(1, 'inspector') })
const due = (life: Life, clock: 'step' | 'handle') => life.case.clocks[clock]!.dueAt.toISOString()

describe('an application', () => {
  it('is promised what its item promises, each step by its own limit, from the dispatch on', () => {
    const life = signed()
    // Tuesday: one working day is Wednesday evening, six are Wednesday of the next week.
    expect(due(life, 'step')).toBe('2026-11-25T09:00:00.000Z')
    expect(due(life, 'handle')).toBe('2026-12-02T09:00:00.000Z')
    life.does('lead', 'pass-step', { at: '2026-11-25 09:00', input: step(0, 'clerk') })
    expect(due(life, 'step')).toBe('2026-11-30T09:00:00.000Z')
  })

  it('goes through its steps, each by the department whose step it is', () => {
    const life = signed()
    expect(currentStep(life.case)).toMatchObject({ act: 'accept', index: 0 })
    expect(() => life.does('stranger', 'pass-step', { input: step(0, 'inspector') })).toThrow(
      expect.objectContaining({ code: 'action-forbidden' }),
    )
    life.does('lead', 'pass-step', { input: step(0, 'clerk') })
    expect(offeredActions(life.case, actors.stranger)).toContain('pass-step')
    expect(offeredActions(life.case, actors.lead)).not.toContain('pass-step')
  })

  it('passes a step once, whoever is faster', () => {
    const life = signed().does('lead', 'pass-step', { input: step(0, 'clerk') })
    expect(() => life.does('stranger', 'pass-step', { input: step(0, 'clerk') })).toThrow(
      expect.objectContaining({ code: 'action-not-now' }),
    )
  })

  it('is decided where a decision is due, and not before', () => {
    expect(() => signed().does('lead', 'decide-application', { input: approve })).toThrow(
      expect.objectContaining({ code: 'action-not-now' }),
    )
    const life = atDecision()
    expect(() => life.does('lead', 'pass-step', { input: step(2, 'approver') })).toThrow(
      expect.objectContaining({ code: 'action-not-now' }),
    )
    life.does('lead', 'decide-application', { input: approve })
    expect(life.case.decision).toMatchObject({ outcome: 'approved', by: 'handler-1', post: 'approver' })
    expect(currentStep(life.case)).toMatchObject({ act: 'issue' })
    expect(life.case.clocks.step).toMatchObject({ stoppedAt: null })
  })

  it('approved, it ends when its last step is done', () => {
    const life = atDecision().does('lead', 'decide-application', { input: approve })
    const conclusion = {
      outcome: 'approved',
      text: '准予许可',
      certificate: 'SF-1',
      validUntil: '2031-11-24',
    }
    expect(() => life.does('line', 'conclude', { input: conclusion })).toThrow(
      expect.objectContaining({ code: 'action-not-now' }),
    )
    life
      .does('lead', 'pass-step', { input: step(3, 'clerk') })
      .does('line', 'conclude', { input: conclusion })
    expect(life.case).toMatchObject({ state: 'replied', answer: '准予许可', conclusion })
    for (const clock of ['step', 'handle'] as const)
      expect(life.case.clocks[clock]!.stoppedAt, clock).not.toBeNull()
  })

  it('refused, it ends at once; looked at anew after a no, it is decided anew', () => {
    const life = atDecision().does('lead', 'decide-application', { input: refuse })
    expect(life.case.clocks.step!.stoppedAt).not.toBeNull()
    expect(currentStep(life.case)).toBeNull()
    life
      .does('line', 'conclude', { input: { outcome: 'refused', text: '不予许可', certificate: 'SF-2' } })
      .does('resident', 'rework', { input: said.rework })
    expect(life.case).toMatchObject({ state: 'dispatched', decision: null, conclusion: null })
    expect(currentStep(life.case)).toMatchObject({ act: 'decide' })
  })

  it('stands still while the applicant is asked for something, its steps too', () => {
    const life = signed()
      .does('lead', 'ask-resident', { at: '2026-11-24 14:00', input: { text: '请补一张平面图' } })
      .does('resident', 'resident-answer', { at: '2026-11-26 10:00', input: { text: '给您' } })
    expect(due(life, 'step')).toBe('2026-11-26T09:00:00.000Z')
    expect(due(life, 'handle')).toBe('2026-12-03T09:00:00.000Z')
  })

  it('is never answered, merged, split or joined like a request', () => {
    const current = signed().case
    for (const action of ['reply', 'split', 'merge', 'join-neighbours', 'correct'] as const)
      for (const who of ['agent', 'lead', 'line', 'arbiter'] as const)
        expect(() =>
          decide(
            current,
            { action, actor: actors[who], at: current.changedAt, reason: '试', input: said[action] },
            policy,
          ),
        ).toThrow()
    expect(offeredActions(current, actors.lead)).not.toContain('reply')
  })
})
